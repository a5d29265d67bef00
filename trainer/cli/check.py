"""`flask check-deploy`: what is wrong with this installation before people come; and what may not start at all."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext

from trainer import clock
from trainer.backup.archive import list_backups
from trainer.cli.answers import answer
from trainer.database import db, is_demonstration
from trainer.domain.deployment import Place, find_faults, why_not_start
from trainer.queries.deployment import count_audit_guards, get_last_job_at, get_revision, may_change_audit
from trainer.wording import sentence_for


@click.command("check-deploy")
@click.option("--json", "as_json", is_flag=True, help="answer in JSON")
@with_appcontext
def check_deploy(as_json: bool) -> None:
    """Say what is wrong, a line each; exit 1 where something is red."""
    found = find_faults(current_app.config, look_around())
    with current_app.test_request_context():  # the language of a command is the default one
        told = [asdict(finding) | {"sentence": sentence_for(finding.code, finding.values)} for finding in found]
    is_red = any(finding.red for finding in found)
    if as_json:
        answer({"ready": not is_red, "findings": told})
    else:
        for line in told:
            click.echo(f"{'RED    ' if line['red'] else 'warning'} {line['code']}: {line['sentence']}")
        click.echo("not ready" if is_red else "ready")
    raise SystemExit(1 if is_red else 0)


def refuse_to_start(settings: Mapping[str, object]) -> None:
    """Raises SystemExit where a site that claims HTTPS contradicts itself; a laptop over http starts."""
    if code := why_not_start(settings):
        raise SystemExit(
            f"Not started, for HTTPS=yes contradicts BASE_URL or TRUSTED_HOSTS ({code}). See check-deploy."
        )


def look_around() -> Place:
    """The facts that no setting tells; a database that cannot be asked has no schema."""
    settings, folder = current_app.config, Path(current_app.config["INSTANCE_PATH"])
    migrated = (
        get_revision() == ScriptDirectory(str(Path(current_app.extensions["migrate"].directory))).get_current_head()
    )
    sqlite = db.engine.dialect.name == "sqlite"
    path = Path(db.engine.url.database or "") if sqlite else None
    backups = list_backups(Path(settings["BACKUP_FOLDER"]))
    return Place(
        database=db.engine.dialect.name,
        keys_beside_database=not settings["FIELD_KEYS"] and path is not None and path.parent == folder,
        readable=tuple(_readable(folder)),
        newest_backup=datetime.fromtimestamp(backups[-1].stat().st_mtime, UTC) if backups else None,
        last_job=get_last_job_at() if migrated else None,
        is_migrated=migrated,
        is_demonstration=bool(is_demonstration(db.engine)) if migrated else False,
        audit_guards=count_audit_guards(),
        may_change_audit=may_change_audit() if migrated else False,
        debug=current_app.debug,
        now=clock.now(),
    )


def _readable(folder: Path) -> list[str]:
    """What other users can read; a folder that they cannot enter hides everything."""
    if not folder.is_dir() or not folder.stat().st_mode & 0o001:
        return []
    return sorted(path.name for path in folder.iterdir() if path.stat().st_mode & 0o004)

"""`flask backup` and `flask restore`."""

from pathlib import Path

import click
import flask_migrate
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext

from trainer import clock
from trainer.backup import copies, restoring
from trainer.backup.archive import Manifest
from trainer.cli.answers import refusing
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM
from trainer.jobs import back_up
from trainer.services import audit
from trainer.services.region import load_regions


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
@refusing
def backup(folder: Path | None) -> None:
    """Write one file with the database and the stored files into FOLDER (else BACKUP_FOLDER); the site may run on."""
    made = back_up.make(current_app.config, folder or Path(current_app.config["BACKUP_FOLDER"]))
    click.echo(made.path)
    click.echo(f"{made.rows} rows, {made.files} files, {made.size / 2**20:.1f} MiB", err=True)
    if made.missing:
        click.echo(f"{len(made.missing)} stored files are missing: {', '.join(made.missing[:5])}", err=True)
        raise SystemExit(1)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--without-keys", is_flag=True, help="go on where the field keys are lost: what they encrypted stays so")
@with_appcontext
@refusing
def restore(file: Path, without_keys: bool) -> None:
    """Put a backup back into this empty place (INSTANCE_PATH, DATABASE_URL); older releases' are brought up to date."""
    restoring.refuse_unless_empty(db.engine)
    known = {script.revision for script in _migrations().walk_revisions()}
    demonstration = current_app.config["MODE"] == "demo"
    with restoring.unpacked(file, near=Path(current_app.config["INSTANCE_PATH"])) as (manifest, parts):
        restoring.look_over(manifest, db.engine, known=known, demonstration=demonstration)
        lost = restoring.missing_keys(manifest)
        if lost and not without_keys:
            raise restoring.KeysMissing(keys=", ".join(lost))
        if manifest.database == copies.POSTGRESQL:
            _empty_of_tables()
        restoring.put_back(manifest, parts, db.engine, tools=current_app.config["POSTGRESQL_BIN"])
    flask_migrate.upgrade()
    _finish(file.name, manifest)
    _tell(manifest, lost)


def _migrations() -> ScriptDirectory:
    return ScriptDirectory(current_app.extensions["migrate"].directory)


def _empty_of_tables() -> None:
    """A place that was set up and never used has tables without accounts."""
    if db.inspect(db.engine).has_table("alembic_version"):
        flask_migrate.downgrade(revision="base")
        with transaction() as session:
            session.execute(db.text("DROP TABLE alembic_version"))


def _finish(name: str, manifest: Manifest) -> None:
    with transaction():
        load_regions()
        audit.record("backup.restore", "backup", name, by=SYSTEM, at=clock.now(), made_at=manifest.made_at)


def _tell(manifest: Manifest, lost: list[str]) -> None:
    files = sum(name.startswith("files/") for name in manifest.parts)
    click.echo(f"{manifest.rows} rows and {files} files of {manifest.made_at} are back, as many as there were")
    click.echo(f"the field keys are lost: {', '.join(lost)}" if lost else "the field keys fit")
    if manifest.missing:
        click.echo(f"{len(manifest.missing)} files were missing already when the backup was made", err=True)

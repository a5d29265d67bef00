"""`flask keys`: which field keys there are, a new one, moving values to it, an old one away."""

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from trainer import clock, crypto
from trainer.cli.answers import refusing
from trainer.crypto import Keyring, keyring
from trainer.database import transaction
from trainer.domain.actors import SYSTEM
from trainer.errors import Refused
from trainer.services import audit, key_rotation

group = AppGroup("keys", help="The keys of encrypted fields and files: status, rotate, reencrypt, retire.")


class KeyUnknown(Refused):
    code = "key_unknown"


class KeyEncrypts(Refused):
    code = "key_encrypts"


class KeyInUse(Refused):
    code = "key_in_use"


@group.command()
def status() -> None:
    """How many values are encrypted with which key; a key that is needed and not here makes the exit code 1."""
    uses, ours = key_rotation.count_uses(), keyring()
    for key_id in [*ours.keys, *sorted(set(uses) - set(ours.keys))]:
        told = "encrypts" if key_id == ours.newest else "decrypts" if key_id in ours.keys else "MISSING"
        places = ", ".join(f"{where} {count}" for where, count in sorted(uses.get(key_id, {}).items()))
        click.echo(f"{key_id}\t{told}\t{sum(uses.get(key_id, {}).values())}\t{places}")
    if set(uses) - set(ours.keys):
        raise SystemExit(1)


@group.command()
def rotate() -> None:
    """Add a key that encrypts from the next start on; the blind-index key becomes an entry of its own."""
    ring = keyring().with_new_key()
    _keep("keys.rotate", ring.newest, ring)
    click.echo(
        f"{ring.newest} encrypts from the next start on: restart the site and its jobs, then `flask keys reencrypt`"
    )


@group.command()
def reencrypt() -> None:
    """Move every value to the newest key; the site may run, if it was restarted after `rotate`."""
    moved = key_rotation.reencrypt(lambda where, count: click.echo(f"{where}\t{count}", err=True))
    with transaction():
        audit.record("keys.reencrypt", "field_key", keyring().newest, by=SYSTEM, at=clock.now(), moved=moved)
    click.echo(f"{moved} values were moved to {keyring().newest}")


@group.command()
@click.argument("key_id", metavar="ID")
@refusing
def retire(key_id: str) -> None:
    """Take a key away that nothing hangs on any more."""
    if key_id not in keyring().keys:
        raise KeyUnknown(key=key_id)
    if key_id == keyring().newest:
        raise KeyEncrypts(key=key_id)
    if used := sum(key_rotation.count_uses().get(key_id, {}).values()):
        raise KeyInUse(key=key_id, count=used)
    _keep("keys.retire", key_id, keyring().without(key_id))
    click.echo(f"{key_id} is gone from here; keep it as long as backups made with it")


def _keep(action: str, key_id: str, ring: Keyring) -> None:
    """Where the environment holds the keys it must be changed by hand, else the file is."""
    if current_app.config["FIELD_KEYS"]:
        click.echo(f"FIELD_KEYS={ring.spell()}")
        click.echo("Set this in the environment: it holds the keys here.", err=True)
    else:
        _write(Path(current_app.config["INSTANCE_PATH"]) / "field_keys", ring.spell())
        crypto.configure(ring)
    with transaction():
        audit.record(action, "field_key", key_id, by=SYSTEM, at=clock.now())


def _write(path: Path, text: str) -> None:
    """The old keys or the new are there at any moment, readable by their owner alone."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    handle = os.open(path.parent, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)

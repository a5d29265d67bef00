"""Field keys: how many values hang on which, and moving every value to the newest."""

from collections import Counter
from collections.abc import Callable, Iterator

from sqlalchemy import Column, Table, column, func, select, table, update

from trainer import storage
from trainer.crypto import keyring
from trainer.database import db, transaction
from trainer.models.file import StoredFile
from trainer.models.types import EncryptedText

BATCH = 500
# Where in the count the files stand, beside `table.column`.
FILES = "stored_files"


def encrypted_columns() -> list[Column]:
    """Every column of every table that holds ciphertexts, as the models say."""
    return [
        found for each in db.metadata.sorted_tables for found in each.columns if isinstance(found.type, EncryptedText)
    ]


def count_uses() -> dict[str, Counter[str]]:
    """How many values are encrypted with which key, by the key's id, then by where they stand."""
    uses: dict[str, Counter[str]] = {}
    for each in encrypted_columns():
        rows, _key, cipher = _bare(each)
        # A ciphertext begins with its key's id; the longest id is far shorter than forty characters.
        beginnings = select(func.substr(cipher, 1, 40)).select_from(rows).where(cipher.is_not(None))
        for beginning in db.session.scalars(beginnings.execution_options(yield_per=5000)):
            uses.setdefault(beginning.partition(":")[0], Counter())[f"{each.table.name}.{each.name}"] += 1
    for name in db.session.scalars(select(StoredFile.stored_as)):
        if key_id := _key_of_file(name):
            uses.setdefault(key_id, Counter())[FILES] += 1
    return uses


def _bare(of: Column) -> tuple[Table, Column, Column]:
    """Table, primary key and column without the model's types, versions and hooks: ciphertexts as they are stored."""
    [primary] = of.table.primary_key.columns
    rows = table(of.table.name, column(primary.name), column(of.name))
    return rows, rows.c[primary.name], rows.c[of.name]


def _key_of_file(name: str) -> str | None:
    try:
        return storage.beginning(name, 40).partition(b"\n")[0].decode()
    except FileNotFoundError:
        return None


def reencrypt(report: Callable[[str, int], None]) -> int:
    """Move every value to the newest key, while the site runs; returns how many were moved.

    Opens its own transactions, one a batch: killed in the middle it goes on where it was when begun anew.
    `report` is told where, and how many so far.
    """
    moved = 0
    for each in encrypted_columns():
        for count in _reencrypt_column(each):
            moved += count
            report(f"{each.table.name}.{each.name}", moved)
    for count in _reencrypt_files():
        moved += count
        report(FILES, moved)
    return moved


def _reencrypt_column(of: Column) -> Iterator[int]:
    rows, key, cipher = _bare(of)
    old = ~cipher.startswith(f"{keyring().newest}:", autoescape=True)
    last = None
    while True:
        beyond = old if last is None else old & (key > last)
        with transaction() as session:
            found = session.execute(select(key, cipher).where(beyond).order_by(key).limit(BATCH)).all()
            moved = sum(_replace(session, rows, key, cipher, row) for row in found)
        if not found:
            return
        last = found[-1][0]
        yield moved


def _replace(session, rows: Table, key: Column, cipher: Column, row) -> int:
    """1, or 0 where somebody changed the value since it was read: hers stays."""
    fresh = keyring().encrypt(keyring().decrypt(row[1]))
    unchanged = (key == row[0]) & (cipher == row[1])
    return session.execute(update(rows).where(unchanged).values({cipher.name: fresh})).rowcount


def _reencrypt_files() -> Iterator[int]:
    newest = keyring().newest
    for file_id, name in db.session.execute(select(StoredFile.id, StoredFile.stored_as).order_by(StoredFile.id)).all():
        if _key_of_file(name) not in (None, newest):
            with transaction() as session:
                # The row is held, so that a file let go of meanwhile does not come back.
                held = select(StoredFile.id).where(StoredFile.id == file_id).with_for_update()
                if session.scalar(held) is None:
                    continue
                storage.replace(name, keyring().encrypt_bytes(keyring().decrypt_bytes(storage.read(name))))
            yield 1

"""Files: keeping one encrypted, handing its content out, letting it go."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from trainer import storage
from trainer.crypto import keyring
from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.file import FilePurpose
from trainer.errors import NotFound
from trainer.models.file import StoredFile


@dataclass(frozen=True)
class Sealed:
    """A file that lies in the storage, encrypted, and that no row speaks of yet."""

    stored_as: str
    file_name: str
    mime: str
    size: int
    sha256: str


def seal(content: bytes, file_name: str, mime: str) -> Sealed:
    """Put a file into the storage before the transaction that keeps it: a large one takes its time.

    Where no row comes to speak of it, it stays behind, and the nightly sweep removes it.
    """
    digest = hashlib.sha256(content).hexdigest()
    return Sealed(storage.put(keyring().encrypt_bytes(content)), file_name[:200], mime, len(content), digest)


def keep_file(content: bytes, file_name: str, mime: str, **facts) -> StoredFile:
    """Store a small file within the act; `facts` as `keep_sealed` takes them."""
    return keep_sealed(seal(content, file_name, mime), **facts)


def keep_sealed(
    sealed: Sealed,
    *,
    purpose: FilePurpose,
    by: Actor,
    at: datetime,
    person_id: int | None = None,
    expires_at: datetime | None = None,
) -> StoredFile:
    """The row that speaks of a file in the storage."""
    stored = StoredFile(
        **asdict(sealed),
        purpose=purpose,
        person_id=person_id,
        created_by=by.account_id,
        created_at=at,
        expires_at=expires_at,
    )
    db.session.add(stored)
    db.session.flush()
    return stored


def read_file(stored: StoredFile) -> bytes:
    """Its content in the clear. Raises NotFound where the file is gone."""
    return read_stored(stored.stored_as)


def read_stored(name: str) -> bytes:
    """The same by the name it lies under in the storage."""
    try:
        return keyring().decrypt_bytes(storage.read(name))
    except FileNotFoundError:
        raise NotFound() from None


def delete_files(names: Iterable[str]) -> None:
    """Files whose rows are gone; only after the act that took the rows away is committed."""
    for name in names:
        storage.delete(name)

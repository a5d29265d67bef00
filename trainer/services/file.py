"""Files: keeping one encrypted, handing its content out, letting it go."""

import hashlib
from datetime import datetime

from trainer import storage
from trainer.crypto import keyring
from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.file import FilePurpose
from trainer.errors import NotFound
from trainer.models.file import StoredFile


def keep_file(
    content: bytes,
    file_name: str,
    mime: str,
    *,
    purpose: FilePurpose,
    by: Actor,
    at: datetime,
    person_id: int | None = None,
    expires_at: datetime | None = None,
) -> StoredFile:
    """Store `content` encrypted. If the act is rolled back the file stays behind, and the nightly sweep removes it."""
    stored = StoredFile(
        stored_as=storage.put(keyring().encrypt_bytes(content)),
        purpose=purpose,
        file_name=file_name[:200],
        mime=mime,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
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
    try:
        return keyring().decrypt_bytes(storage.read(stored.stored_as))
    except FileNotFoundError:
        raise NotFound() from None

"""Pictures of an application: added with a few words and taken away again, as long as it may be written."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.application import MOST_FILES, WRITABLE
from trainer.domain.file import FilePurpose
from trainer.domain.retention import YEAR
from trainer.errors import NotFound, Refused
from trainer.models.application import Application, ApplicationFile
from trainer.models.enrolment import Enrolment
from trainer.models.file import StoredFile
from trainer.services import audit
from trainer.services.application import LedElsewhere, hold_open, touched
from trainer.services.file import keep_file


class TooManyFiles(Refused):
    code = "application_too_many_files"


def add_file(
    selection_id: int, enrolment_id: int, picture: bytes, words: str, *, keep_years: int, by: Actor, at: datetime
) -> ApplicationFile:
    """A picture that was drawn anew (`services.picture`), beside what she wrote.

    Raises NotFound (she has written nothing yet), ApplyingClosed, LedElsewhere, TooManyFiles.
    """
    application = _writable(selection_id, enrolment_id, at)
    kept = (ApplicationFile.application_id == application.id, ApplicationFile.removed_at.is_(None))
    if db.session.scalar(select(func.count()).where(*kept)) >= MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    last = select(func.max(ApplicationFile.position)).where(ApplicationFile.application_id == application.id)
    position = 1 + (db.session.scalar(last) or 0)
    stored = keep_file(
        picture,
        f"application-{application.id}-{position}.jpg",
        "image/jpeg",
        purpose=FilePurpose.APPLICATION_FILE,
        person_id=application.person_id,
        expires_at=at + timedelta(days=keep_years * YEAR),
        by=by,
        at=at,
    )
    row = ApplicationFile(
        application_id=application.id,
        position=position,
        file_id=stored.id,
        words=words,
        added_at=at,
        added_by=by.account_id,
    )
    db.session.add(row)
    touched(application, by=by, at=at)
    db.session.flush()
    audit.record("application.add_file", "application", application.id, by=by, at=at, position=position)
    return row


def remove_file(selection_id: int, enrolment_id: int, position: int, *, by: Actor, at: datetime) -> None:
    """The picture itself is gone with it. Doing it twice is harmless. Raises NotFound, ApplyingClosed, LedElsewhere."""
    application = _writable(selection_id, enrolment_id, at)
    row = db.session.scalar(
        select(ApplicationFile).where(
            ApplicationFile.application_id == application.id, ApplicationFile.position == position
        )
    )
    if row is None:
        raise NotFound()
    if row.removed_at:
        return
    stored = db.session.get(StoredFile, row.file_id) if row.file_id else None
    row.removed_at, row.file_id, row.words = at, None, ""
    db.session.flush()
    if stored:
        db.session.delete(stored)  # what lies in the storage is swept at night: nothing speaks of it any more
    touched(application, by=by, at=at)
    audit.record("application.remove_file", "application", application.id, by=by, at=at, position=position)


def _writable(selection_id: int, enrolment_id: int, at: datetime) -> Application:
    hold_open(selection_id, at)
    application = db.session.scalar(
        select(Application)
        .join(Enrolment, Enrolment.person_id == Application.person_id)
        .where(Application.selection_id == selection_id, Enrolment.id == enrolment_id)
        .execution_options(populate_existing=True)
    )
    if application is None:
        raise NotFound()
    if application.state not in WRITABLE:
        raise LedElsewhere()
    return application

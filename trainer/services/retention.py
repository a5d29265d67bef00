"""Retention carried out: for each rule what goes, a bounded number at a time; what is held stays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select, update

from trainer import storage
from trainer.database import db
from trainer.domain.actors import SYSTEM
from trainer.domain.background_task import LIVE
from trainer.domain.data_request import RequestState
from trainer.domain.days import china_day
from trainer.domain.file import FilePurpose
from trainer.domain.imports import BatchState, ImportKind, RowAction
from trainer.domain.people import ERASED_NAME
from trainer.domain.retention import Kept
from trainer.domain.sales_upload import HELD, UploadState
from trainer.domain.sign_up import SignUpState
from trainer.models.account import AccessToken, Device, SignInSession
from trainer.models.application import ApplicationFile
from trainer.models.background_task import BackgroundTask
from trainer.models.course_task import HandIn
from trainer.models.data_request import DataRequest
from trainer.models.enrolment import Enrolment
from trainer.models.field_visit import VisitPicture
from trainer.models.file import StoredFile
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.installation import IdempotencyKey
from trainer.models.job import JobRun
from trainer.models.lesson import LessonFile
from trainer.models.message import Delivery, Message
from trainer.models.paper_sheet import PaperSheet
from trainer.models.person import Consent, Person
from trainer.models.programme import Cohort
from trainer.models.sales_entry import SalesEntry
from trainer.models.sales_upload import SalesUpload
from trainer.models.service_hours import ServiceEntry
from trainer.models.sign_up import SignUp
from trainer.models.walk_in import WalkIn
from trainer.queries.data_request import in_undecided_selection
from trainer.queries.person import is_here
from trainer.services import audit
from trainer.services.erasure import erase_person

MOST = 500
# One woman's erasure touches twenty tables.
MOST_PEOPLE = 10


@dataclass(frozen=True)
class Purged:
    """How much went; `files` are to be deleted from the storage once the act is committed."""

    count: int
    files: tuple[str, ...] = ()


def purge(kept: Kept, *, before: datetime, at: datetime) -> Purged:
    """One portion of what a rule lets go; nothing is left to do where its count is 0."""
    return PURGES[kept](before, at)


def record_run(counts: Mapping[str, int], *, at: datetime) -> None:
    """What a night took away, in the trail of acts."""
    audit.record("retention.apply", "job", "apply_retention", by=SYSTEM, at=at, counts=dict(counts))


def _delete_some(model: type, which, key=None) -> Purged:
    key = model.id if key is None else key
    ids = db.session.scalars(select(key).where(which).order_by(key).limit(MOST)).all()
    db.session.execute(delete(model).where(key.in_(ids)).execution_options(synchronize_session=False))
    return Purged(len(ids))


def _sign_ins(before: datetime, _at: datetime) -> Purged:
    return _delete_some(SignInSession, or_(SignInSession.revoked_at < before, SignInSession.expires_at < before))


def _devices(before: datetime, _at: datetime) -> Purged:
    in_use = select(SignInSession.id).where(SignInSession.device_id == Device.id).exists()
    return _delete_some(Device, and_(Device.last_seen_at < before, ~in_use))


def _ways_in(before: datetime, _at: datetime) -> Purged:
    return _delete_some(AccessToken, or_(AccessToken.used_at < before, AccessToken.expires_at < before))


def _double_clicks(before: datetime, _at: datetime) -> Purged:
    return _delete_some(IdempotencyKey, IdempotencyKey.created_at < before, IdempotencyKey.key)


def _staged_rows(before: datetime, at: datetime) -> Purged:
    """A list's rows. Of a platform's file those stay that were taken in: they are the evidence of what was sold, and
    another file may be undone down to them."""
    evidence = and_(
        ImportBatch.kind == ImportKind.SALES,
        ImportBatch.state.in_([BatchState.COMMITTED, BatchState.UNDONE]),
        ImportRow.action.not_in([RowAction.REJECTED, RowAction.DUPLICATE]),
    )
    rows = select(ImportRow.id, ImportRow.batch_id).join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
    found = db.session.execute(
        rows.where(ImportBatch.created_at < before, ~evidence).order_by(ImportRow.id).limit(MOST)
    ).all()
    db.session.execute(
        delete(ImportRow)
        .where(ImportRow.id.in_([row.id for row in found]))
        .execution_options(synchronize_session=False)
    )
    for batch in db.session.scalars(select(ImportBatch).where(ImportBatch.id.in_({row.batch_id for row in found}))):
        batch.summary = batch.summary | {"rows_deleted": china_day(at).isoformat()}
        if batch.state is BatchState.PREVIEWED:
            batch.state = BatchState.DISCARDED
    return Purged(len(found))


def _products(_before: datetime, at: datetime) -> Purged:
    over = and_(StoredFile.purpose == FilePurpose.TASK_PRODUCT, StoredFile.expires_at < at)
    return _delete_files(over)


def _consent_scans(before: datetime, _at: datetime) -> Purged:
    """A paper goes when the last consent it proves ended long ago."""
    proves = select(Consent.id).where(
        Consent.evidence_id == StoredFile.id, or_(Consent.withdrawn_at.is_(None), Consent.withdrawn_at >= before)
    )
    scans = and_(StoredFile.purpose == FilePurpose.CONSENT_SCAN, StoredFile.created_at < before, ~proves.exists())
    return _delete_files(scans)


def _lesson_pictures(before: datetime, _at: datetime) -> Purged:
    """Of classes, of sheets, of help given, of applications and visits: what was read from them stays."""
    pictures = (FilePurpose.CLASS_PHOTO, FilePurpose.SHEET_PHOTO, FilePurpose.HAND_IN, FilePurpose.SERVICE_EVIDENCE)
    pictures += (FilePurpose.SALES_PICTURE, FilePurpose.APPLICATION_FILE, FilePurpose.VISIT_PICTURE)
    return _delete_files(and_(StoredFile.purpose.in_(pictures), StoredFile.created_at < before))


def _walk_ins(before: datetime, _at: datetime) -> Purged:
    """Name and phone of those whom nobody matched; that somebody was there stays."""
    over = and_(WalkIn.at < before, WalkIn.enrolment_id.is_(None), WalkIn.name != ERASED_NAME)
    nothing = {"name": ERASED_NAME, "phone": None, "phone_index": None}
    blank = update(WalkIn).where(over).values(nothing)
    return Purged(db.session.execute(blank.execution_options(synchronize_session=False)).rowcount)


def _sign_ups(before: datetime, _at: datetime) -> Purged:
    """Those that no enrolment speaks for: ended long ago, or unanswered long after the class."""
    over = select(Cohort.id).where(Cohort.id == SignUp.cohort_id, Cohort.ends_on < china_day(before)).exists()
    ended = SignUp.state.in_([SignUpState.TAKEN_BACK, SignUpState.STRUCK_OUT])
    due = or_(and_(ended, func.coalesce(SignUp.settled_at, SignUp.at) < before), and_(~ended, over))
    return _delete_some(SignUp, and_(SignUp.enrolment_id.is_(None), due))


def _delete_files(which) -> Purged:
    found = db.session.execute(select(StoredFile.id, StoredFile.stored_as).where(which).limit(MOST)).all()
    ids = [row.id for row in found]
    quick = {"synchronize_session": False}
    db.session.execute(delete(LessonFile).where(LessonFile.file_id.in_(ids)).execution_options(**quick))
    links = (BackgroundTask.file_id, Consent.evidence_id, PaperSheet.photo_id, HandIn.file_id, ServiceEntry.evidence_id)
    links += (SalesEntry.picture_id, ApplicationFile.file_id, VisitPicture.file_id)
    for model, column in ((column.class_, column) for column in links):
        unlink = update(model).where(column.in_(ids)).values({column.key: None})
        db.session.execute(unlink.execution_options(**quick))
    db.session.execute(delete(StoredFile).where(StoredFile.id.in_(ids)).execution_options(**quick))
    return Purged(len(ids), tuple(row.stored_as for row in found))


def _sales_files(_before: datetime, at: datetime) -> Purged:
    """Files that waited for a person to say something about them."""
    over = and_(StoredFile.purpose == FilePurpose.SALES_FILE, StoredFile.expires_at < at)
    expired = {"state": UploadState.GIVEN_UP, "problem": {"code": "sales_file_expired", "values": {}}, "file_id": None}
    waited = update(SalesUpload).where(SalesUpload.file_id.in_(select(StoredFile.id).where(over))).values(expired)
    db.session.execute(waited.execution_options(synchronize_session=False))
    return _delete_files(over)


def _uploads(before: datetime, _at: datetime) -> Purged:
    return _delete_some(SalesUpload, and_(SalesUpload.uploaded_at < before, SalesUpload.state.not_in(HELD)))


def _tasks(before: datetime, _at: datetime) -> Purged:
    over = and_(
        BackgroundTask.finished_at < before, BackgroundTask.state.not_in(LIVE), BackgroundTask.file_id.is_(None)
    )
    return _delete_some(BackgroundTask, over)


def _messages(before: datetime, _at: datetime) -> Purged:
    ids = db.session.scalars(select(Message.id).where(Message.created_at < before).limit(MOST)).all()
    for model, column in ((Delivery, Delivery.message_id), (Message, Message.id)):
        db.session.execute(delete(model).where(column.in_(ids)).execution_options(synchronize_session=False))
    return Purged(len(ids))


def _job_runs(before: datetime, _at: datetime) -> Purged:
    """A few a day: all at once."""
    over = and_(JobRun.started_at < before, JobRun.finished_at.is_not(None))
    return Purged(db.session.execute(delete(JobRun).where(over)).rowcount)


def _request_words(before: datetime, _at: datetime) -> Purged:
    """What was said goes; that something was asked and answered, and when, stays."""
    said = or_(DataRequest.words.is_not(None), DataRequest.wished.is_not(None), DataRequest.answer != "")
    over = and_(DataRequest.state != RequestState.OPEN, DataRequest.handled_at < before, said)
    nothing = {"words": None, "wished": None, "answer": ""}
    return Purged(db.session.execute(update(DataRequest).where(over).values(nothing)).rowcount)


def _people(before: datetime, at: datetime) -> Purged:
    """Whose last course, or whose record where she was in none, ended before; who asks for something or is a
    candidate is held."""
    last = select(func.max(Cohort.ends_on)).join(Enrolment, Enrolment.cohort_id == Cohort.id)
    last = last.where(Enrolment.person_id == Person.id).scalar_subquery()
    asks = select(DataRequest.id).where(DataRequest.person_id == Person.id, DataRequest.state == RequestState.OPEN)
    due = select(Person.id).where(
        is_here(),
        or_(last < china_day(before), and_(last.is_(None), Person.updated_at < before)),
        ~asks.exists(),
        ~in_undecided_selection(Person.id),
    )
    done = [
        erase_person(person_id, why="retention", by=SYSTEM, at=at)
        for person_id in db.session.scalars(due.order_by(Person.id).limit(MOST_PEOPLE)).all()
    ]
    return Purged(len(done), tuple(name for erased in done for name in erased.files))


def _loose_files(before: datetime, _at: datetime) -> Purged:
    """Files that no row speaks of, photographs of sheets from which nothing was read, and rows of products whose file
    is gone. A missing paper or sealed trail is no rubbish: `missing_files` tells of it."""
    names = set(storage.names())
    known = set(db.session.scalars(select(StoredFile.stored_as)))
    loose = [name for name in sorted(names - known) if storage.age_seconds(name, now=before.timestamp()) > 0]
    gone = and_(StoredFile.purpose == FilePurpose.TASK_PRODUCT, StoredFile.stored_as.in_(sorted(known - names)[:MOST]))
    used = select(PaperSheet.id).where(PaperSheet.photo_id == StoredFile.id)
    not_used = and_(StoredFile.purpose == FilePurpose.SHEET_PHOTO, StoredFile.created_at < before, ~used.exists())
    rows = _delete_files(or_(gone, not_used))
    return Purged(len(loose[:MOST]) + rows.count, (*loose[:MOST], *rows.files))


def missing_files() -> int:
    """Rows whose file is not there: something is broken, and a backup has it."""
    return len(set(db.session.scalars(select(StoredFile.stored_as))) - set(storage.names()))


PURGES: dict[Kept, Callable[[datetime, datetime], Purged]] = {
    Kept.SIGN_INS: _sign_ins,
    Kept.DEVICES: _devices,
    Kept.WAYS_IN: _ways_in,
    Kept.DOUBLE_CLICKS: _double_clicks,
    Kept.STAGED_ROWS: _staged_rows,
    Kept.PRODUCTS: _products,
    Kept.SALES_FILES: _sales_files,
    Kept.UPLOADS: _uploads,
    Kept.TASKS: _tasks,
    Kept.MESSAGES: _messages,
    Kept.JOB_RUNS: _job_runs,
    Kept.REQUEST_WORDS: _request_words,
    Kept.CONSENT_SCANS: _consent_scans,
    Kept.LESSON_PICTURES: _lesson_pictures,
    Kept.WALK_INS: _walk_ins,
    Kept.SIGN_UPS: _sign_ups,
    Kept.PEOPLE: _people,
    Kept.LOOSE_FILES: _loose_files,
}

"""Whether every submitted sheet is as it was submitted: seals reckoned again and laid beside the audit trail's."""

from dataclasses import dataclass

from sqlalchemy import select

from trainer.database import db
from trainer.domain.review import KeptSheet, SheetContent, first_broken
from trainer.models.application import Application
from trainer.models.audit import AuditEvent
from trainer.models.person import Person
from trainer.models.review import Assignment, Review, ReviewVersion
from trainer.models.selection import Round, Selection

VERSION = ReviewVersion.__table__.c
_CONTENT = tuple(SheetContent.__dataclass_fields__)


@dataclass(frozen=True)
class BrokenSheet:
    """Where to look: whose file, which evaluator's assignment, which of its versions."""

    selection: str
    code: str
    assignment_id: int
    number: int


def first_broken_sheet() -> BrokenSheet | None:
    """The first sheet that was changed, put in or taken out behind the site's back; None where all hold."""
    noted = _noted()
    rows = db.session.execute(
        select(
            *(VERSION[name] for name in _CONTENT),
            *(VERSION.id, VERSION.sha256, Review.submitted_version, Person.erased_at),
        )
        .select_from(ReviewVersion.__table__)
        .join(Assignment, Assignment.id == VERSION.assignment_id)
        .join(Application, Application.id == Assignment.application_id)
        .join(Person, Person.id == Application.person_id)
        .join(Review, Review.assignment_id == Assignment.id)
        .order_by(VERSION.assignment_id, VERSION.number)
    )
    kept = [
        KeptSheet(
            row.id,
            SheetContent(*row[: len(_CONTENT)]),
            row.sha256,
            row.submitted_version,
            row.erased_at is not None,
            noted.pop((row.assignment_id, row.number), None),
        )
        for row in rows
    ]
    broken = first_broken(kept) or min(noted, default=None)  # what the trail saw submitted and is not there any more
    return _named(*broken) if broken else None


def _noted() -> dict[tuple[int, int], str]:
    """(assignment, version) → seal, of every submitting that the audit trail still has at hand."""
    rows = db.session.execute(
        select(AuditEvent.object_id, AuditEvent.details).where(AuditEvent.action == "review.submit", AuditEvent.success)
    )
    return {(int(object_id), said["number"]): said["seal"] for object_id, said in rows if "seal" in said}


def _named(assignment_id: int, number: int) -> BrokenSheet:
    row = db.session.execute(
        select(Selection.name, Application.code)
        .select_from(Assignment)
        .join(Application, Application.id == Assignment.application_id)
        .join(Round, Round.id == Assignment.round_id)
        .join(Selection, Selection.id == Round.selection_id)
        .where(Assignment.id == assignment_id)
    ).one_or_none()
    selection, code = row or ("", "")
    return BrokenSheet(selection, code or "", assignment_id, number)

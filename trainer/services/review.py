"""Reviews: a draft that is kept, a sheet that is submitted, a changed sheet as a new, sealed version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, insert, select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.panel import SeatState
from trainer.domain.review import SheetContent
from trainer.domain.round_inputs import RoundCriterion
from trainer.domain.round_reckoning import sheet_score
from trainer.domain.selection import ApplicationState, ReviewState, RoundState, SheetDraft, SheetSource
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.application import Application
from trainer.models.panel import PanelSeat
from trainer.models.review import Assignment, Review, ReviewVersion
from trainer.models.selection import Round
from trainer.queries.calibration import is_uncalibrated
from trainer.queries.conflict import is_held
from trainer.queries.selection import round_criteria
from trainer.services import audit
from trainer.services.round import ReasonMissing, RoundNotOpen


class LevelOutsideRubric(Refused):
    """A criterion or level that the rubric does not have: no page of ours sends it."""

    code = "level_outside_rubric"


class TooLittleAnswered(Refused):
    """Less than 60 % of the judged weight: such a sheet cannot be re-weighted."""

    code = "too_little_answered"


class Unanswered(Refused):
    """She has not said yet why she abstains on these."""

    code = "unanswered"


class NothingChanged(Refused):
    """The same sheet was submitted before."""

    code = "nothing_changed"


class SheetStands(Refused):
    """The round is open again, but for further readers only."""

    code = "sheet_stands"


class CalibrationFirst(Refused):
    """The round's calibration files come before the first real one."""

    code = "calibration_first"


@dataclass(frozen=True)
class _Sheet:
    """What every verb begins with: a sheet that may be written on, what it is judged by, and what was submitted last."""

    assignment_id: int
    application: str
    criteria: tuple[RoundCriterion, ...]
    version: int
    draft: dict | None
    number: int
    submitted: dict | None
    sha256: str | None
    uncalibrated: bool


def save_draft(assignment_id: int, version: int, draft: SheetDraft, *, by: Actor, at: datetime) -> int:
    """Keep what she has filled in; a sheet submitted before goes on counting until she submits again.

    `version` is that of the sheet she had before her (0: none); returns what it is now. Raises Conflict where
    another window was faster.
    """
    sheet = _hers(assignment_id, version, draft, by)
    if sheet.draft == draft.as_json():
        return version
    begun = {} if version else {"state": ReviewState.DRAFT}
    return _keep(sheet, draft=draft.as_json(), updated_at=at, **begun)


def submit_review(
    assignment_id: int, version: int, draft: SheetDraft, *, reason: str = "", by: Actor, at: datetime
) -> None:
    """Keep the draft and submit it as a version that is never changed; from the second on with a reason.

    Raises TooLittleAnswered below 60 % of the judged weight, Unanswered while an open criterion has no reason why she
    abstains, NothingChanged, ReasonMissing; and what `save_draft` raises.
    """
    _submit(_hers(assignment_id, version, draft, by), draft, SheetSource.SCREEN, reason, by=by, at=at)


def submit_paper(assignment_id: int, draft: SheetDraft, *, reason: str = "", by: Actor, at: datetime) -> None:
    """The same for a sheet she filled in on paper, handed in by `by` for her; whoever calls has seen it checked."""
    sheet, _account = _open_sheet(assignment_id, draft)
    _submit(sheet, draft, SheetSource.PAPER, reason, by=by, at=at)


def _submit(sheet: _Sheet, draft: SheetDraft, source: SheetSource, reason: str, *, by: Actor, at: datetime) -> None:
    content, before = draft.as_json(), sheet.submitted
    check_complete(sheet.criteria, draft)
    if before == content:
        raise NothingChanged()
    if before and not reason.strip():
        raise ReasonMissing()
    reason = reason.strip() if before else ""
    row = SheetContent(
        **{**content, "recommendation": draft.recommendation},
        assignment_id=sheet.assignment_id,
        number=sheet.number + 1,
        reason=reason,
        source=source,
        submitted_at=at,
    )
    seal = row.seal(sheet.sha256)
    values = {"state": ReviewState.SUBMITTED, "draft": content, "submitted_version": row.number, "updated_at": at}
    _keep(sheet, **values)
    db.session.execute(insert(ReviewVersion.__table__), {**vars(row), "sha256": seal})
    audit.record(
        "review.submit",
        "assignment",
        sheet.assignment_id,
        by=by,
        at=at,
        application=sheet.application,
        number=row.number,
        source=source,
        reason=reason,
        seal=seal,  # not what she scored: the trail is read while the round is open, and the version is kept
    )


def _hers(assignment_id: int, version: int, draft: SheetDraft, by: Actor) -> _Sheet:
    """Her own sheet as she saw it."""
    sheet, account_id = _open_sheet(assignment_id, draft)
    if account_id != by.account_id:
        raise NotFound()
    if sheet.uncalibrated:
        raise CalibrationFirst()
    if version != sheet.version:
        raise Conflict()
    return sheet


def _open_sheet(assignment_id: int, draft: SheetDraft) -> tuple[_Sheet, int]:
    """A sheet that may be written on now, whose it is, and a draft that the rubric has room for.

    Asked at every save and at submitting, in one statement: still hers, no conflict, seat taken and conflicts
    declared, round open for this reading. The round is held so that it cannot close in between.
    """
    row = db.session.execute(_OPEN, {"assignment": assignment_id}).one_or_none()
    if row is None:
        raise NotFound()
    if row.state is not RoundState.OPEN:
        raise RoundNotOpen()
    if row.wave < row.first_open_wave:
        raise SheetStands()
    criteria = round_criteria(row.round_id)
    _check_draft(criteria, draft)
    submitted = dict(zip(_SAID, row[-len(_SAID) :], strict=True)) if row.number else None
    facts = (row.version or 0, row.draft, row.number or 0, submitted, row.sha256, row.uncalibrated)
    return _Sheet(assignment_id, row.code, criteria, *facts), row.account_id


# Made once, over the tables: every save asks this.
ASSIGNMENT, APPLICATION = Assignment.__table__.c, Application.__table__.c
ROUND, REVIEW, SEAT = Round.__table__.c, Review.__table__.c, PanelSeat.__table__.c
VERSION = ReviewVersion.__table__.c
_SAID = tuple(SheetDraft({}).as_json())
_OPEN = (
    select(
        *(ASSIGNMENT.account_id, ASSIGNMENT.round_id, ASSIGNMENT.wave, APPLICATION.code),
        is_uncalibrated(ASSIGNMENT.round_id, ASSIGNMENT.account_id).label("uncalibrated"),
        *(ROUND.state, ROUND.first_open_wave, REVIEW.draft, REVIEW.version, VERSION.number, VERSION.sha256),
        *(VERSION[name] for name in _SAID),
    )
    .select_from(Assignment.__table__)
    .join(Application.__table__, APPLICATION.id == ASSIGNMENT.application_id)
    .join(Round.__table__, ROUND.id == ASSIGNMENT.round_id)
    .join(PanelSeat.__table__, and_(SEAT.round_id == ROUND.id, SEAT.account_id == ASSIGNMENT.account_id))
    .outerjoin(Review.__table__, REVIEW.assignment_id == ASSIGNMENT.id)
    .outerjoin(
        ReviewVersion.__table__,
        and_(VERSION.assignment_id == ASSIGNMENT.id, VERSION.number == REVIEW.submitted_version),
    )
    .where(
        ASSIGNMENT.id == bindparam("assignment"),
        ASSIGNMENT.withdrawn_at.is_(None),
        APPLICATION.state == ApplicationState.SUBMITTED,
        ROUND.state != RoundState.DRAFT,
        SEAT.state == SeatState.ACCEPTED,
        SEAT.declared_at.is_not(None),
        ~is_held(ASSIGNMENT.application_id, ASSIGNMENT.account_id),
    )
    .with_for_update(read=True, of=Round.__table__)
)


def _keep(sheet: _Sheet, **values) -> int:
    """The sheet's next version. Raises Conflict where another window was faster since it was read."""
    table, version = Review.__table__, sheet.version
    if version == 0:
        db.session.execute(insert(table), {"assignment_id": sheet.assignment_id, "version": 1, **values})
        return 1
    here = and_(table.c.assignment_id == sheet.assignment_id, table.c.version == version)
    if db.session.execute(update(table).where(here), {"version": version + 1, **values}).rowcount != 1:
        raise Conflict()
    return version + 1


def _check_draft(criteria: Sequence[RoundCriterion], draft: SheetDraft) -> None:
    scales = {c.code: range(c.minimum, c.maximum + 1) for c in criteria if c.judged}
    for code, level in draft.levels.items():
        if code not in scales or (level is not None and level not in scales[code]):
            raise LevelOutsideRubric()
    if not draft.abstentions.keys() <= scales.keys() or draft.confidence not in (None, 1, 2, 3):
        raise LevelOutsideRubric()


def check_complete(criteria: Sequence[RoundCriterion], draft: SheetDraft) -> None:
    """Abstaining without saying why is not done yet; abstaining on too much is no sheet."""
    if sheet_score(criteria, draft.levels) is None:
        raise TooLittleAnswered()
    open_ones = [c for c in criteria if c.judged and draft.levels.get(c.code) is None]
    if unsaid := [c.name for c in open_ones if not draft.abstentions.get(c.code, "").strip()]:
        raise Unanswered(criteria="、".join(unsaid))

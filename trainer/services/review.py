"""Reviews: a draft that is kept, a sheet that is submitted, a changed sheet as a new version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, insert, select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.round_inputs import RoundCriterion
from trainer.domain.round_ranking import sheet_score
from trainer.domain.selection import ApplicationState, ReviewState, RoundState, SheetDraft
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.application import Application
from trainer.models.review import Assignment, Review, ReviewVersion
from trainer.models.selection import Round
from trainer.queries.review import get_version
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
    """She has not said yet that she abstains on these."""

    code = "unanswered"


class NothingChanged(Refused):
    """The same sheet was submitted before."""

    code = "nothing_changed"


@dataclass(frozen=True)
class _Sheet:
    """What both verbs begin with: her own sheet in an open round, and what it is judged by."""

    application: str
    criteria: tuple[RoundCriterion, ...]
    draft: dict | None
    submitted_version: int | None


def save_draft(assignment_id: int, version: int, draft: SheetDraft, *, by: Actor, at: datetime) -> int:
    """Keep what she has filled in; a sheet submitted before goes on counting until she submits again.

    `version` is that of the sheet she had before her (0: none); returns what it is now. Raises Conflict where
    another window was faster.
    """
    sheet = _open_sheet(assignment_id, version, draft, by)
    if sheet.draft == draft.as_json():
        return version
    begun = {} if version else {"state": ReviewState.DRAFT}
    return _keep(assignment_id, version, draft=draft.as_json(), updated_at=at, **begun)


def submit_review(
    assignment_id: int,
    version: int,
    draft: SheetDraft,
    *,
    abstaining: bool = False,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Keep the draft and submit it as a version that is never changed; from the second on with a reason.

    Raises TooLittleAnswered below 60 % of the judged weight, Unanswered while open criteria are not declared
    abstentions, NothingChanged, ReasonMissing; and what `save_draft` raises.
    """
    sheet, content = _open_sheet(assignment_id, version, draft, by), draft.as_json()
    _check_complete(sheet.criteria, draft.levels, abstaining)
    last = get_version(assignment_id, sheet.submitted_version) if sheet.submitted_version else None
    if last and _content(last) == content:
        raise NothingChanged()
    if last and not reason.strip():
        raise ReasonMissing()
    number, reason = (last.number + 1, reason.strip()) if last else (1, "")
    values = {"state": ReviewState.SUBMITTED, "draft": content, "submitted_version": number, "updated_at": at}
    _keep(assignment_id, version, **values)
    submitted = {"assignment_id": assignment_id, "number": number, "reason": reason, "submitted_at": at, **content}
    db.session.execute(insert(ReviewVersion.__table__), submitted)
    audit.record(
        "review.submit",
        "assignment",
        assignment_id,
        by=by,
        at=at,
        application=sheet.application,
        number=number,
        reason=reason,
        before=last.levels if last else None,
        after=draft.levels,
    )


def _open_sheet(assignment_id: int, version: int, draft: SheetDraft, by: Actor) -> _Sheet:
    """Her sheet as she saw it, and levels that the rubric has; the round is held so that it cannot close in between."""
    row = db.session.execute(_OPEN, {"assignment": assignment_id}).one_or_none()
    if row is None or row.account_id != by.account_id or row.state is RoundState.DRAFT:
        raise NotFound()
    if row.state is not RoundState.OPEN:
        raise RoundNotOpen()
    criteria = round_criteria(row.round_id)
    _check_levels(criteria, draft)
    if version != (row.version or 0):
        raise Conflict()
    return _Sheet(row.code, criteria, row.draft, row.submitted_version)


ASSIGNMENT, APPLICATION = Assignment.__table__.c, Application.__table__.c
ROUND, REVIEW = Round.__table__.c, Review.__table__.c
_OPEN = (
    select(
        *(ASSIGNMENT.account_id, ASSIGNMENT.round_id, APPLICATION.code, ROUND.state),
        *(REVIEW.draft, REVIEW.submitted_version, REVIEW.version),
    )
    .select_from(Assignment.__table__)
    .join(Application.__table__, APPLICATION.id == ASSIGNMENT.application_id)
    .join(Round.__table__, ROUND.id == ASSIGNMENT.round_id)
    .outerjoin(Review.__table__, REVIEW.assignment_id == ASSIGNMENT.id)
    .where(ASSIGNMENT.id == bindparam("assignment"), APPLICATION.state == ApplicationState.SUBMITTED)
    .with_for_update(read=True, of=Round.__table__)
)


def _keep(assignment_id: int, version: int, **values) -> int:
    """The sheet's next version. Raises Conflict where another window was faster since it was read."""
    table = Review.__table__
    if version == 0:
        db.session.execute(insert(table), {"assignment_id": assignment_id, "version": 1, **values})
        return 1
    here = and_(table.c.assignment_id == assignment_id, table.c.version == version)
    if db.session.execute(update(table).where(here), {"version": version + 1, **values}).rowcount != 1:
        raise Conflict()
    return version + 1


def _check_levels(criteria: Sequence[RoundCriterion], draft: SheetDraft) -> None:
    scales = {c.code: range(c.minimum, c.maximum + 1) for c in criteria if c.judged}
    for code, level in draft.levels.items():
        if code not in scales or (level is not None and level not in scales[code]):
            raise LevelOutsideRubric()


def _check_complete(criteria: Sequence[RoundCriterion], levels: Mapping[str, int | None], abstaining: bool) -> None:
    open_ones = [c.name for c in criteria if c.judged and levels.get(c.code) is None]
    if sheet_score(criteria, levels) is None:
        raise TooLittleAnswered()
    if open_ones and not abstaining:
        raise Unanswered(criteria="、".join(open_ones))


def _content(version: ReviewVersion) -> dict:
    return {"levels": version.levels, "strengths": version.strengths, "risks": version.risks}

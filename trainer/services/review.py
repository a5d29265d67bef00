"""Reviews: a draft that is kept, a sheet that is submitted, a changed sheet as a new version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.round_ranking import RoundCriterion, sheet_score
from trainer.domain.selection import ApplicationState, ReviewState, RoundState, SheetDraft
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.selection import Application, Assignment, Review, ReviewVersion, Round
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

    review: Review | None
    application: str
    criteria: tuple[RoundCriterion, ...]


def save_draft(assignment_id: int, version: int, draft: SheetDraft, *, by: Actor, at: datetime) -> Review:
    """Keep what she has filled in; a sheet submitted before goes on counting until she submits again.

    `version` is that of the sheet she had before her (0: none). Raises Conflict where another window was faster.
    """
    review = _keep(_open_sheet(assignment_id, version, draft, by), assignment_id, draft, at=at)
    db.session.flush()
    return review


def submit_review(
    assignment_id: int,
    version: int,
    draft: SheetDraft,
    *,
    abstaining: bool = False,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> ReviewVersion:
    """Keep the draft and submit it as a version that is never changed; from the second on with a reason.

    Raises TooLittleAnswered below 60 % of the judged weight, Unanswered while open criteria are not declared
    abstentions, NothingChanged, ReasonMissing; and what `save_draft` raises.
    """
    sheet = _open_sheet(assignment_id, version, draft, by)
    _check_complete(sheet.criteria, draft.levels, abstaining)
    number = sheet.review.submitted_version if sheet.review else None
    last = get_version(assignment_id, number) if number else None
    if last and _content(last) == draft.as_json():
        raise NothingChanged()
    if last and not reason.strip():
        raise ReasonMissing()
    submitted = ReviewVersion(
        assignment_id=assignment_id,
        number=(number or 0) + 1,
        reason=reason.strip() if last else "",
        submitted_at=at,
        **draft.as_json(),
    )
    db.session.add(submitted)
    review = _keep(sheet, assignment_id, draft, at=at)
    review.state, review.submitted_version, review.updated_at = ReviewState.SUBMITTED, submitted.number, at
    audit.record(
        "review.submit",
        "assignment",
        assignment_id,
        by=by,
        at=at,
        application=sheet.application,
        number=submitted.number,
        reason=submitted.reason,
        before=last.levels if last else None,
        after=submitted.levels,
    )
    return submitted


def _keep(sheet: _Sheet, assignment_id: int, draft: SheetDraft, *, at: datetime) -> Review:
    review = sheet.review
    if review is None:
        review = Review(assignment_id=assignment_id, state=ReviewState.DRAFT, draft=draft.as_json(), updated_at=at)
        db.session.add(review)
    elif review.draft != draft.as_json():
        review.draft, review.updated_at = draft.as_json(), at
    return review


def _open_sheet(assignment_id: int, version: int, draft: SheetDraft, by: Actor) -> _Sheet:
    """Her sheet as she saw it, and levels that the rubric has; the round is held so that it cannot close in between."""
    row = db.session.execute(_OPEN, {"assignment": assignment_id}).one_or_none()
    if row is None or row.account_id != by.account_id or row.state is RoundState.DRAFT:
        raise NotFound()
    if row.state is not RoundState.OPEN:
        raise RoundNotOpen()
    criteria = round_criteria(row.round_id)
    _check_levels(criteria, draft)
    if version != (row.Review.version if row.Review else 0):
        raise Conflict()
    return _Sheet(row.Review, row.code, criteria)


_OPEN = (
    select(Assignment.account_id, Assignment.round_id, Application.code, Round.state, Review)
    .join(Application, Application.id == Assignment.application_id)
    .join(Round, Round.id == Assignment.round_id)
    .outerjoin(Review, Review.assignment_id == Assignment.id)
    .where(Assignment.id == bindparam("assignment"), Application.state == ApplicationState.SUBMITTED)
    .with_for_update(read=True, of=Round)
)


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

"""Reviews: a draft that is kept, a sheet that is submitted, a changed sheet as a new version."""

from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.round_ranking import sheet_score
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


def save_draft(assignment_id: int, version: int, draft: SheetDraft, *, by: Actor, at: datetime) -> Review:
    """Keep what she has filled in; a sheet submitted before goes on counting until she submits again.

    `version` is that of the sheet she had before her (0: none). Raises Conflict where another window was faster.
    """
    assignment, _ = _open_assignment(assignment_id, by)
    _check_levels(assignment.round_id, draft)
    review = db.session.get(Review, assignment_id)
    if version != (review.version if review else 0):
        raise Conflict()
    if review is None:
        review = Review(assignment_id=assignment_id, state=ReviewState.DRAFT, draft=draft.as_json(), updated_at=at)
        db.session.add(review)
    elif review.draft != draft.as_json():
        review.draft, review.updated_at = draft.as_json(), at
    db.session.flush()
    return review


def submit_review(
    assignment_id: int, version: int, *, abstaining: bool = False, reason: str = "", by: Actor, at: datetime
) -> ReviewVersion:
    """Submit the kept draft as a version that is never changed; from the second on with a reason.

    Raises TooLittleAnswered below 60 % of the judged weight, Unanswered while open criteria are not declared abstentions.
    """
    assignment, application = _open_assignment(assignment_id, by)
    review = db.session.get(Review, assignment_id)
    if review is None:
        raise TooLittleAnswered()
    if review.version != version:
        raise Conflict()
    _check_complete(assignment.round_id, review.draft["levels"], abstaining)
    last = get_version(assignment_id, review.submitted_version) if review.submitted_version else None
    if last and _content(last) == review.draft:
        raise NothingChanged()
    if last and not reason.strip():
        raise ReasonMissing()
    submitted = ReviewVersion(
        assignment_id=assignment_id,
        number=(review.submitted_version or 0) + 1,
        reason=reason.strip() if last else "",
        submitted_at=at,
        **review.draft,
    )
    db.session.add(submitted)
    review.state, review.submitted_version, review.updated_at = ReviewState.SUBMITTED, submitted.number, at
    audit.record(
        "review.submit",
        "assignment",
        assignment_id,
        by=by,
        at=at,
        application=application.code,
        number=submitted.number,
        reason=submitted.reason,
        before=last.levels if last else None,
        after=submitted.levels,
    )
    return submitted


def _open_assignment(assignment_id: int, by: Actor) -> tuple[Assignment, Application]:
    """Her own assignment in an open round; the round is held so that it cannot close in between."""
    row = db.session.execute(
        select(Assignment, Application)
        .join(Application, Application.id == Assignment.application_id)
        .where(Assignment.id == assignment_id, Application.state == ApplicationState.SUBMITTED)
    ).one_or_none()
    if row is None or row[0].account_id != by.account_id:
        raise NotFound()
    assignment, application = row
    round_ = db.session.scalar(select(Round).where(Round.id == assignment.round_id).with_for_update(read=True))
    if round_.state is RoundState.DRAFT:
        raise NotFound()
    if round_.state is not RoundState.OPEN:
        raise RoundNotOpen()
    return assignment, application


def _check_levels(round_id: int, draft: SheetDraft) -> None:
    scales = {c.code: range(c.minimum, c.maximum + 1) for c in round_criteria(round_id) if c.judged}
    for code, level in draft.levels.items():
        if code not in scales or (level is not None and level not in scales[code]):
            raise LevelOutsideRubric()


def _check_complete(round_id: int, levels: dict[str, int | None], abstaining: bool) -> None:
    criteria = round_criteria(round_id)
    open_ones = [c.name for c in criteria if c.judged and levels.get(c.code) is None]
    if sheet_score(criteria, levels) is None:
        raise TooLittleAnswered()
    if open_ones and not abstaining:
        raise Unanswered(criteria="、".join(open_ones))


def _content(version: ReviewVersion) -> dict:
    return {"levels": version.levels, "strengths": version.strengths, "risks": version.risks}

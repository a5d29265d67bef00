"""Phone spot checks: drawing the women of a cohort, and taking down what they say."""

from datetime import datetime

from sqlalchemy import insert, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.spot_check import SpotCheckOutcome, draw
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.programme import Cohort
from trainer.models.spot_check import SpotCheck, SpotCheckDraw
from trainer.queries.spot_check import count_drawn_before, count_untried, list_reported
from trainer.services import audit
from trainer.services.roll import hold_lesson
from trainer.services.roll_check import refresh_checks


class NobodyToDraw(Refused):
    code = "spot_check_nobody"


class CallsLeft(Refused):
    """Whoever draws until she likes the names has drawn nothing."""

    code = "spot_check_calls_left"


def draw_women(cohort_id: int, seed: int, *, by: Actor, at: datetime) -> SpotCheckDraw:
    """The next drawing of a cohort; one after the other. Raises CallsLeft(left=…), NobodyToDraw."""
    db.session.execute(select(Cohort.id).where(Cohort.id == cohort_id).with_for_update(key_share=True))
    if left := count_untried(cohort_id):
        raise CallsLeft(left=left)
    reported = list_reported(cohort_id)
    lessons = {woman: [lesson for lesson, _status in at_lessons] for woman, at_lessons in reported.items()}
    drawn = draw(lessons, count_drawn_before(cohort_id), seed)
    if not drawn:
        raise NobodyToDraw()
    made = SpotCheckDraw(cohort_id=cohort_id, seed=seed, eligible=len(reported), drawn=len(drawn), at=at)
    made.by = by.account_id
    db.session.add(made)
    db.session.flush()
    rows = [
        {"draw_id": made.id, "enrolment_id": woman, "lesson_id": lesson, "reported": dict(reported[woman])[lesson]}
        for woman, lesson in drawn
    ]
    db.session.execute(insert(SpotCheck), rows)
    facts = {"cohort": cohort_id, "seed": seed, "eligible": made.eligible, "drawn": made.drawn}
    audit.record("spot_check.draw", "cohort", cohort_id, by=by, at=at, **facts)
    return made


def record_call(call_id: int, outcome: SpotCheckOutcome, note: str, *, seen: int, by: Actor, at: datetime) -> SpotCheck:
    """What came of one try; a later one takes its place, the trail keeps both.

    Raises NotFound; Conflict where somebody else called her meanwhile.
    """
    lesson_id = db.session.scalar(select(SpotCheck.lesson_id).where(SpotCheck.id == call_id))
    if lesson_id is None:
        raise NotFound()
    hold_lesson(lesson_id)  # its checks follow from what she says
    call = db.session.get(SpotCheck, call_id, populate_existing=True)
    if call.version != seen:
        raise Conflict()
    before, call.outcome, call.note = call.outcome, outcome, note
    call.tries, call.called_at, call.called_by = call.tries + 1, at, by.account_id
    facts = {"lesson": lesson_id, "tries": call.tries, "before": before, "after": outcome}
    audit.record("spot_check.call", "spot_check", call.id, by=by, at=at, **facts)
    refresh_checks(lesson_id, at=at)
    return call

"""Closings of the demonstration: what stands out on a few rolls, calls of a spot check, a picture of a class."""

import io
from datetime import datetime, timedelta
from itertools import product

from PIL import Image, ImageDraw
from sqlalchemy import bindparam, select, update

from trainer.database import db
from trainer.domain.attendance import ATTENDED, LessonState, MarkChannel
from trainer.domain.roll_check import RollCheckAnswer, RollCheckKind
from trainer.domain.spot_check import SpotCheckOutcome
from trainer.models.attendance import Mark
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.models.roll_check import RollCheck
from trainer.models.spot_check import SpotCheck
from trainer.queries.account import get_account, get_actor
from trainer.services.closing import add_class_photo
from trainer.services.demo_place import Place
from trainer.services.roll_check import answer_check, refresh_checks
from trainer.services.spot_check import draw_women, record_call

RUNNING, FINISHED = "140200", "140300"
SEED = 20261122
FAST = timedelta(milliseconds=400)
# So many women on one phone, as where a village cadre brought hers.
ON_ONE_PHONE = 7
_O = SpotCheckOutcome
ANSWERS = (_O.WAS_THERE, _O.WAS_THERE, _O.NOT_REACHED, _O.WAS_THERE, _O.WAS_NOT_THERE, _O.WAS_THERE, _O.UNSURE)
WORDS = "问过讲师和班主任：两位家属旁听，没有登记。"


def add_closings(place: Place) -> None:
    """Of the class that is under way and of one that is finished."""
    running, finished = (_closed_lessons(region) for region in (RUNNING, FINISHED))
    for lessons in (running, finished):
        lessons[0].headcount += 2
    _hurry(finished[3])
    if len(running) > 1:
        _put_on_one_phone(running[1])
    for lesson in (*running, *finished):
        refresh_checks(lesson.id, at=lesson.closed_at)
    _answer(finished[0], place)
    add_class_photo(running[0].id, _picture(), by=get_actor(get_account(place.accounts["datong"])), at=place.at)
    _call(finished[0].cohort_id, place.accounts["yangquan"], ANSWERS, place.at)
    _call(running[0].cohort_id, place.accounts["datong"], (), place.at)


def _closed_lessons(region_code: str) -> list[Lesson]:
    """Of the first class there."""
    first = select(Cohort.id).where(Cohort.region_code == region_code).order_by(Cohort.id).limit(1)
    lessons = select(Lesson).where(Lesson.cohort_id == first.scalar_subquery(), Lesson.state == LessonState.CLOSED)
    return list(db.session.scalars(lessons.order_by(Lesson.starts_at)))


def _hurry(lesson: Lesson) -> None:
    """As if somebody had tapped the whole roll without looking up."""
    ids = db.session.scalars(select(Mark.id).where(Mark.lesson_id == lesson.id).order_by(Mark.id)).all()
    rows = [{"mark": id_, "moment": lesson.starts_at + FAST * number} for number, id_ in enumerate(ids)]
    marks = Mark.__table__
    db.session.execute(update(marks).where(marks.c.id == bindparam("mark")).values(at=bindparam("moment")), rows)


def _put_on_one_phone(lesson: Lesson) -> None:
    came = select(Mark.id).where(Mark.lesson_id == lesson.id, Mark.status.in_(ATTENDED)).order_by(Mark.id)
    ids = db.session.scalars(came.limit(ON_ONE_PHONE)).all()
    values = {"channel": MarkChannel.SCREEN_CODE, "device": "d" * 16, "by": None}
    db.session.execute(update(Mark.__table__).where(Mark.id.in_(ids)).values(values))


def _answer(lesson: Lesson, place: Place) -> None:
    [check] = db.session.scalars(
        select(RollCheck).where(RollCheck.lesson_id == lesson.id, RollCheck.kind == RollCheckKind.HEADCOUNT_DIFFERS)
    )
    manager, seen = get_actor(get_account(place.accounts["manager"])), check.found_at.isoformat()
    answer_check(check.id, RollCheckAnswer.EXPLAINED, WORDS, seen=seen, by=manager, at=place.at)


def _call(cohort_id: int, account_id: int, answers: tuple[SpotCheckOutcome, ...], at: datetime) -> None:
    by = get_actor(get_account(account_id))
    draw = draw_women(cohort_id, SEED, by=by, at=at)
    calls = db.session.scalars(select(SpotCheck).where(SpotCheck.draw_id == draw.id).order_by(SpotCheck.id)).all()
    for call, answer in zip(calls, answers, strict=False):
        record_call(call.id, answer, "", seen=call.version, by=by, at=at)


def _picture() -> bytes:
    """A room with a board and five rows of heads; nobody is on it."""
    picture = Image.new("RGB", (960, 640), "#f3efe9")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((240, 40, 720, 220), fill="#2c6e57")
    for row, seat in product(range(5), range(12)):
        size, x, y = 18 + 4 * row, 90 + 70 * seat, 290 + 70 * row
        pen.ellipse((x - size, y - size, x + size, y + size), fill="#51606e")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()

"""Paper of the demonstration: a signed sheet that waits for a second person, and two who stood at the door."""

import io
from datetime import timedelta

from PIL import Image, ImageDraw
from sqlalchemy import select

from trainer.database import db
from trainer.domain.attendance import IN_THE_ROOM, UNFINISHED
from trainer.domain.demonstration import stream
from trainer.domain.file import FilePurpose
from trainer.domain.paper_sheet import Reading, on_page
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.queries.account import get_account, get_actor
from trainer.queries.roll import RollRow, get_lesson_head, get_roll
from trainer.services.demo_place import Place
from trainer.services.file import keep_file
from trainer.services.paper_sheet import enter_sheet
from trainer.services.walk_in import note

RUNNING = "140200"
INK, PAPER, LINE = "#1c2f6e", "#fdfdfb", "#333333"
# Of the page somebody reads, the last woman's line is a blot.
UNREADABLE = 1


def add_paper(place: Place) -> None:
    """Of the lesson of the running class that nobody has closed yet."""
    lesson = db.session.scalar(
        select(Lesson)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .where(Cohort.region_code == RUNNING, Lesson.state.in_(UNFINISHED), Lesson.starts_at < place.at)
        .order_by(Lesson.starts_at)
        .limit(1)
    )
    by = get_actor(get_account(place.accounts["datong"]))
    moment = min(lesson.starts_at + timedelta(minutes=20), place.at)
    known = db.session.scalar(_elsewhere(lesson.cohort_id))
    note(lesson.id, known.name, known.phone, "demonstration: known", by=by, at=moment)
    note(lesson.id, "薛二女", None, "demonstration: unknown", by=by, at=moment)
    rows = on_page(get_roll(get_lesson_head(lesson.id)).applicable, 1)
    away = frozenset(row.enrolment_id for row in rows[:-UNREADABLE] if row.status not in IN_THE_ROOM)
    unsure = frozenset(row.enrolment_id for row in rows[-UNREADABLE:])
    reading = Reading(1, [row.enrolment_id for row in rows], away, unsure)
    facts = {"purpose": FilePurpose.SHEET_PHOTO, "by": by, "at": place.at}
    photo = keep_file(_photograph(rows, away), "sheet.jpg", "image/jpeg", **facts)
    enter_sheet(lesson.id, reading, len(reading.signed), photo.id, by=by, at=place.at)


def _elsewhere(cohort_id: int):
    """A woman of the city who is in another class."""
    here = select(Enrolment.person_id).where(Enrolment.cohort_id == cohort_id)
    near = Person.region_code.startswith(RUNNING[:4])
    return select(Person).where(near, Person.phone.is_not(None), Person.id.not_in(here)).order_by(Person.id).limit(1)


def _photograph(rows: list[RollRow], away: frozenset[int]) -> bytes:
    """Lines with seats and scribbles, a little askew on a table."""
    picture = Image.new("RGB", (1400, 980), PAPER)
    pen, chance = ImageDraw.Draw(picture), stream("paper", "signatures")
    half = -(-len(rows) // 2)
    for number, row in enumerate(rows):
        x, y = 60 + 660 * (number // half), 120 + 58 * (number % half)
        for left, right in ((0, 70), (70, 210), (210, 480), (480, 620)):
            pen.rectangle((x + left, y, x + right, y + 58), outline=LINE, width=2)
        pen.text((x + 22, y + 14), str(row.seat), fill=LINE, font_size=28)
        if row.enrolment_id not in away:
            scribble = [(x + 230 + 9 * step, y + 29 + chance.randrange(-18, 19)) for step in range(22)]
            pen.line(scribble, fill=INK, width=4, joint="curve")
    out = io.BytesIO()
    picture.rotate(1.2, expand=True, fillcolor="#8a7a66").save(out, "JPEG", quality=80)
    return out.getvalue()

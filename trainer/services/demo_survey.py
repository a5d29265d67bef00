"""Questionnaires of the demonstration: every wave that has come, answered by most, by telephone, on paper, or not at all."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import and_, exists, insert, select

from trainer.database import db
from trainer.domain.actors import SYSTEM
from trainer.domain.days import CHINA
from trainer.domain.demonstration import STAFF, STORY, stream
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.programme import Track
from trainer.domain.survey import (
    QUESTIONS,
    Answer,
    SheetState,
    SurveyMode,
    Wave,
    asked_of,
    check_answer,
    questions_of,
)
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.sales import Shop
from trainer.models.survey import SurveyAnswer, SurveySheet
from trainer.services.demo_place import Place
from trainer.services.message import notify

STATE, MODE = SheetState, SurveyMode
# Of a hundred: by herself, by telephone, on paper, would rather not; the others never answer.
_MODES = ((56, MODE.HERSELF), (74, MODE.PHONE), (83, MODE.PAPER), (87, None))
_EARNED = (0, 0, 0, 0, 200, 300, 500, 600, 800, 1200)
_OBSTACLES = next(one for one in QUESTIONS if one.code == "obstacle").choices
# Whoever got no place is asked too, on the telephone: what changed for her tells what would have changed without a course.
_COMPARED = EnrolmentStatus.REJECTED
_CITIES = {member.region_code: member.username for member in STAFF if member.region_code}


def add_surveys(place: Place) -> None:
    """Sheets and answers in two writes; who is asked today finds it in her inbox."""
    asked = list(_asked(place))
    sheets = [_sheet(woman, wave, span, place) for woman, wave, span in asked]
    # Over the tables: the ORM would write those with other empty columns apart.
    db.session.execute(insert(SurveySheet.__table__), sheets)
    rows = db.session.execute(select(SurveySheet.enrolment_id, SurveySheet.wave, SurveySheet.id))
    ids = {(enrolment_id, wave): sheet_id for enrolment_id, wave, sheet_id in rows}
    answers = []
    for (woman, wave, _span), sheet in zip(asked, sheets, strict=True):
        if sheet["state"] in (STATE.ANSWERED, STATE.ENTERED):
            answers += _rows(woman, wave, sheet | {"id": ids[woman.id, wave]})
    db.session.execute(insert(SurveyAnswer.__table__), answers)
    _tell(place)


def _asked(place: Place) -> Iterator[tuple]:
    """(woman, wave, its first and last day) of every wave that has begun."""
    has_shop = exists().where(Shop.person_id == Person.id)
    facts = (Enrolment.id, Enrolment.status, Person.name, has_shop.label("has_shop"), Cohort.region_code)
    rows = db.session.execute(
        select(*facts, Cohort.starts_on, Cohort.ends_on)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, and_(Cohort.id == Enrolment.cohort_id, Cohort.track != Track.CADRE))
        .where(
            Enrolment.status.in_({*asked_of(Wave.BASELINE), _COMPARED}),
            Cohort.starts_on <= place.today + timedelta(days=10),
        )
        .order_by(Enrolment.id)
    )
    for woman in rows:
        for wave in Wave:
            span = wave.span(woman.starts_on, woman.ends_on)
            if woman.status in {*asked_of(wave), _COMPARED} and span[0] <= place.today:
                yield woman, wave, span


def _sheet(woman, wave: Wave, span: tuple[date, date], place: Place) -> dict[str, object]:
    chance = stream("survey", woman.id, wave)
    luck, day = chance.randrange(100), span[0] + timedelta(days=chance.randrange(12))
    mode = next((mode for most, mode in _MODES if luck < most), None)
    if mode and woman.status == _COMPARED:
        mode = MODE.PHONE
    day += timedelta(days=4 if mode is MODE.PHONE else 0)
    keeps_quiet = luck >= _MODES[-1][0] or min(day, span[1]) >= place.today or woman.name == STORY.name
    state = STATE.OPEN if keeps_quiet else STATE.ANSWERED if mode else STATE.DECLINED
    if mode is MODE.PAPER and state is STATE.ANSWERED and day > place.today - timedelta(days=25):
        state = STATE.ENTERED
    sheet = {
        "enrolment_id": woman.id,
        "wave": wave,
        "state": state,
        "due_on": _due(woman, wave),
        "entry": 1,
        "version": 1,
    }
    sheet |= {"opened_at": _at(span[0]), "reminders": 2 if state is STATE.OPEN and span[0] < place.today else 0}
    return sheet | _ending(woman, state, mode, min(day, span[1]), place)


def _ending(woman, state: SheetState, mode: SurveyMode | None, day: date, place: Place) -> dict[str, object]:
    """How it came to be answered; nothing of one that is open."""
    ended = state is not STATE.OPEN
    staff = place.accounts[_CITIES.get(woman.region_code, "manager")] if ended and mode is not MODE.HERSELF else None
    checked = place.accounts["manager"] if state is STATE.ANSWERED and mode is MODE.PAPER else None
    return {
        "mode": (mode or MODE.PHONE) if ended else None,
        "answered_on": day if mode and ended else None,
        "answered_at": place.past(_at(day)) if ended else None,
        "entered_by": staff,
        "checked_by": checked if checked != staff else None,
    }


def _due(woman, wave: Wave) -> date:
    return wave.due_on(woman.starts_on, woman.ends_on)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), CHINA)


def _rows(woman, wave: Wave, sheet: dict[str, object]) -> Iterator[dict[str, object]]:
    for code, said in _answers(woman, wave, stream("answers", woman.id, wave)).items():
        yield {
            **{"sheet_id": sheet["id"], "question": code, "entry": 1, "number": said.number, "declined": said.declined},
            **{"choices": ",".join(said.choices) or None, "at": sheet["answered_at"], "by": sheet["entered_by"]},
        }


def _answers(woman, wave: Wave, chance: Random) -> dict[str, Answer]:
    """Whoever has a shop mostly sells, and more with every month; a few lose money, some keep their profit to themselves."""
    months = (wave.days or 0) / 30
    sells = chance.random() < (0.85 if woman.has_shop and months else 0.3)
    usual = stream("earned", woman.id).choice(_EARNED)
    profit = round(usual * (1 + 0.08 * min(months, 6)) + (sells and months and chance.randrange(0, 1500, 50)), -1)
    given = {
        "sells_now": "yes" if sells else "no",
        "sells_on": ["kuaishou", "wechat"] if chance.random() < 0.5 else ["douyin"],
        "broadcasts_30": str(chance.randrange(2, 15)) if sells and chance.random() < 0.8 else "0",
        "profit": "declined" if chance.random() < 0.08 else "-200" if chance.random() < 0.04 else str(int(profit)),
        "helpers": str(chance.choice((0, 0, 0, 1, 2))) if sells else "0",
        "obstacle": [chance.choice(_OBSTACLES)],
        "wants_call": "yes" if chance.random() < 0.2 else "no",
    }
    said: dict[str, Answer] = {}
    for question in questions_of(wave):
        if question.applies(said):
            said[question.code] = check_answer(question, given[question.code], sure=True)
    return said


def _tell(place: Place) -> None:
    """The woman of the story, whose class is asked now, as the job of every morning does."""
    asked = (
        select(Enrolment.person_id)
        .join(SurveySheet, SurveySheet.enrolment_id == Enrolment.id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(SurveySheet.state == STATE.OPEN, Person.name == STORY.name)
    )
    people = db.session.scalars(asked).all()
    notify("survey_asked", to_people=people, link="/me/surveys", by=SYSTEM, at=place.past(_at(place.today)))

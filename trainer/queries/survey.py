"""Follow-up questionnaires: a woman's own sheets, what was answered, who is still to be reminded."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from trainer.database import db
from trainer.domain.days import day_begins
from trainer.domain.survey import OPEN_FOR, Answer, SheetState, Wave, asked_of
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.survey import SurveyAnswer, SurveySheet
from trainer.queries.person import is_here


@dataclass(frozen=True)
class Sheet:
    """One woman's questionnaire."""

    id: int
    wave: Wave
    state: SheetState
    answered_on: date | None
    version: int
    seat: int | None
    name: str
    cohort: str
    starts_on: date
    ends_on: date

    @property
    def last_on(self) -> date:
        """The last day on which she may answer."""
        return self.wave.span(self.starts_on, self.ends_on)[1]

    def takes_answers(self, today: date) -> bool:
        return self.state is SheetState.OPEN and today <= self.last_on


_SHEETS = (
    select(
        *(SurveySheet.id, SurveySheet.wave, SurveySheet.state, SurveySheet.answered_on, SurveySheet.version),
        *(Enrolment.seat_number, Person.name, Cohort.name, Cohort.starts_on, Cohort.ends_on),
    )
    .join(Enrolment, Enrolment.id == SurveySheet.enrolment_id)
    .join(Person, Person.id == Enrolment.person_id)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
)
# She is asked by the site as long as she belongs to those whom the wave is for; others are called.
_ASKED = or_(*(and_(SurveySheet.wave == wave, Enrolment.status.in_(asked_of(wave))) for wave in Wave))


def list_own_sheets(person_id: int) -> list[Sheet]:
    """Hers, the newest first; those that she had no chance to answer by herself left out."""
    hers = _SHEETS.where(Enrolment.person_id == person_id, or_(_ASKED, SurveySheet.state != SheetState.OPEN))
    return [Sheet(*row) for row in db.session.execute(hers.order_by(SurveySheet.due_on.desc(), SurveySheet.id.desc()))]


def get_own_sheet(person_id: int, sheet_id: int) -> Sheet | None:
    return next((sheet for sheet in list_own_sheets(person_id) if sheet.id == sheet_id), None)


def list_open_sheets(cohort_id: int, wave: Wave) -> list[Sheet]:
    """Of the class, without an answer, by seat; women outside it are called."""
    still = (Cohort.id == cohort_id, SurveySheet.wave == wave, SurveySheet.state == SheetState.OPEN, _ASKED, is_here())
    order = (Enrolment.seat_number.is_(None), Enrolment.seat_number, SurveySheet.id)
    return [Sheet(*row) for row in db.session.execute(_SHEETS.where(*still).order_by(*order))]


def answers_of(sheet_ids: Collection[int]) -> dict[int, dict[str, Answer]]:
    """By sheet and question, of the entry that counts (of a sheet still open: the draft): one statement."""
    counts = and_(SurveyAnswer.sheet_id == SurveySheet.id, SurveyAnswer.entry == SurveySheet.entry)
    rows = db.session.execute(_answers().join(SurveySheet, counts).where(SurveySheet.id.in_(sheet_ids)))
    found: dict[int, dict[str, Answer]] = {}
    for sheet_id, question, _entry, *said in rows:
        found.setdefault(sheet_id, {})[question] = _answer(*said)
    return found


@dataclass(frozen=True)
class Entry:
    """All answers as they were entered once."""

    number: int
    at: datetime
    by: int | None
    answers: Mapping[str, Answer]


def list_entries(sheet_id: int) -> list[Entry]:
    """Every entry of a sheet, the first first: what was corrected stays to be read. One statement."""
    rows = db.session.execute(
        _answers(SurveyAnswer.at, SurveyAnswer.by)
        .where(SurveyAnswer.sheet_id == sheet_id)
        .order_by(SurveyAnswer.entry, SurveyAnswer.at)
    ).all()
    numbers = sorted({row.entry for row in rows})
    return [_entry(number, [row for row in rows if row.entry == number]) for number in numbers]


def _entry(number: int, rows: Sequence) -> Entry:
    answers = {row.question: _answer(row.number, row.choices, row.declined) for row in rows}
    return Entry(number, rows[-1].at, rows[-1].by, answers)


def differences_of(sheet_id: int, entry: int) -> dict[str, tuple[Answer | None, Answer | None]]:
    """By question, where the second copy of a paper (the entry after `entry`) says something else than the first."""
    said = {one.number: one.answers for one in list_entries(sheet_id)}
    first, second = said[entry], said.get(entry + 1)
    if second is None:
        return {}
    codes = sorted(first.keys() | second.keys())
    return {code: (first.get(code), second.get(code)) for code in codes if first.get(code) != second.get(code)}


def _answers(*more):
    facts = (SurveyAnswer.number, SurveyAnswer.choices, SurveyAnswer.declined)
    return select(SurveyAnswer.sheet_id, SurveyAnswer.question, SurveyAnswer.entry, *facts, *more)


def _answer(number: int | None, choices: str | None, declined: bool) -> Answer:
    return Answer(number, tuple(choices.split(",")) if choices else (), declined)


def in_time(today: date) -> ColumnElement[bool]:
    """Sheets that may be answered on that day; over `SurveySheet` joined with `Cohort`."""
    return _in_time(today, {wave: today - open_for for wave, open_for in OPEN_FOR.items()})


def _in_time(today, since: Mapping[Wave, object]) -> ColumnElement[bool]:
    """A follow-up from its day on until the next one, the baseline until the course ends."""
    follow_ups = or_(*(and_(SurveySheet.wave == wave, SurveySheet.due_on > day) for wave, day in since.items()))
    baseline = and_(SurveySheet.wave == Wave.BASELINE, Cohort.ends_on >= today)
    # Asked too early where the course was put off: it comes again.
    return or_(baseline, and_(follow_ups, SurveySheet.due_on <= today))


def days_asked(today: date) -> dict[str, date]:
    """What `ASKED_NOW` is to be given."""
    return {"survey_today": today} | {f"survey_{wave}": today - open_for for wave, open_for in OPEN_FOR.items()}


# What a woman is asked by the site itself and has not answered; over `SurveySheet`, `Enrolment` and `Cohort`, made once.
ASKED_NOW = and_(
    SurveySheet.state == SheetState.OPEN,
    _ASKED,
    _in_time(bindparam("survey_today"), {wave: bindparam(f"survey_{wave}") for wave in OPEN_FOR}),
)


def list_unreminded(today: date, *, reminders: int, days: timedelta) -> list[tuple[int, int, Wave, int]]:
    """(sheet, cohort, wave, person) of those asked so many days ago, reminded so often, and without an answer."""
    before = day_begins(today - days + timedelta(days=1))
    rested = or_(SurveySheet.reminded_at.is_(None), SurveySheet.reminded_at < day_begins(today - timedelta(days=1)))
    rows = db.session.execute(
        select(SurveySheet.id, Enrolment.cohort_id, SurveySheet.wave, Enrolment.person_id)
        .join(Enrolment, Enrolment.id == SurveySheet.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            ASKED_NOW,
            SurveySheet.reminders == reminders,
            SurveySheet.opened_at < before,
            rested,
        )
        .order_by(SurveySheet.id),
        days_asked(today),
    )
    return [tuple(row) for row in rows]

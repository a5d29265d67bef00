"""Asking: sheets opened on the day they are due, their women told and reminded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select, update

from trainer.database import db
from trainer.domain.actors import SYSTEM
from trainer.domain.days import china_day
from trainer.domain.programme import Track
from trainer.domain.survey import (
    BASELINE_AHEAD,
    LAST_DAY,
    REMINDED_AFTER,
    SheetState,
    Wave,
    asked_of,
    wave_on,
)
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.survey import SurveySheet
from trainer.queries.person import is_here
from trainer.queries.survey import list_unreminded
from trainer.services import audit
from trainer.services.idempotency import dialect_insert
from trainer.services.message import notify
from trainer.services.outcomes import touch_cohort


@dataclass(frozen=True)
class Opened:
    """Sheets of one cohort and wave that are new."""

    cohort_id: int
    wave: Wave
    people: Sequence[int]


def open_due_sheets(*, at: datetime) -> list[Opened]:
    """Of every cohort the wave that is asked today, for whoever has no sheet of it yet; again it opens nothing."""
    today = china_day(at)
    due: dict[Wave, dict[int, date]] = {}
    for cohort_id, starts_on, ends_on in _cohorts(today):
        if wave := wave_on(today, starts_on, ends_on):
            due.setdefault(wave, {})[cohort_id] = wave.due_on(starts_on, ends_on)
    opened = []
    for wave, days in due.items():
        for cohort_id, people in _open(wave, days, at=at).items():
            opened.append(Opened(cohort_id, wave, people))
    for one in sorted(opened, key=lambda one: one.cohort_id):
        touch_cohort(one.cohort_id, at=at)
    for one in opened:
        facts = {"wave": one.wave, "sheets": len(one.people)}
        audit.record("survey.open", "cohort", one.cohort_id, by=SYSTEM, at=at, **facts)
    return opened


def _cohorts(today: date) -> Iterable[tuple[int, date, date]]:
    """Those of which something could be asked today. Cadres do not learn to sell for themselves."""
    near = (Cohort.starts_on <= today + BASELINE_AHEAD, Cohort.ends_on >= today - LAST_DAY)
    of_sellers = select(Cohort.id, Cohort.starts_on, Cohort.ends_on).where(Cohort.track != Track.CADRE)
    return db.session.execute(of_sellers.where(*near)).all()


def _open(wave: Wave, days: Mapping[int, date], *, at: datetime) -> dict[int, list[int]]:
    """People by cohort for whom a sheet was made; `days`: when the wave is due in each cohort."""
    has_one = exists().where(SurveySheet.enrolment_id == Enrolment.id, SurveySheet.wave == wave)
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.cohort_id, Enrolment.person_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id.in_(days), Enrolment.status.in_(asked_of(wave)), is_here(), ~has_one)
        .order_by(Enrolment.id)
    ).all()
    if not rows:
        return {}
    same = {"wave": wave, "state": SheetState.OPEN, "opened_at": at, "entry": 1, "reminders": 0, "version": 1}
    sheets = [{**same, "enrolment_id": row.id, "due_on": days[row.cohort_id]} for row in rows]
    db.session.execute(dialect_insert()(SurveySheet).on_conflict_do_nothing(), sheets)
    people: dict[int, list[int]] = {}
    for row in rows:
        people.setdefault(row.cohort_id, []).append(row.person_id)
    return people


def follow_dates(cohort: Cohort) -> None:
    """The course was put off, or ended sooner: what was asked already is due when it would be asked now."""
    women = select(Enrolment.id).where(Enrolment.cohort_id == cohort.id)
    for wave in Wave:
        sheets = update(SurveySheet).where(SurveySheet.enrolment_id.in_(women), SurveySheet.wave == wave)
        due_on = wave.due_on(cohort.starts_on, cohort.ends_on)
        db.session.execute(sheets.values(due_on=due_on).execution_options(synchronize_session=False))


def ask_surveys(*, at: datetime) -> tuple[int, int]:
    """(women asked, women reminded): told on the first day, reminded twice at most, never after an answer."""
    opened = open_due_sheets(at=at)
    for one in opened:
        _tell("survey_asked", one, at=at)
    # The later one first: nobody is reminded twice on a day on which the job caught up.
    reminded = sum(_remind(times, at=at) for times in reversed(range(len(REMINDED_AFTER))))
    return sum(len(one.people) for one in opened), reminded


def _remind(times: int, *, at: datetime) -> int:
    """Those who were reminded so often."""
    found = list_unreminded(china_day(at), reminders=times, days=REMINDED_AFTER[times])
    people: dict[tuple[int, Wave], list[int]] = {}
    for _sheet, cohort_id, wave, person_id in found:
        people.setdefault((cohort_id, wave), []).append(person_id)
    for (cohort_id, wave), some in people.items():
        _tell("survey_reminded", Opened(cohort_id, wave, some), at=at)
    ids = [sheet_id for sheet_id, *_rest in found]
    # Not the version: she may be at the last page this very moment.
    told = {"reminders": times + 1, "reminded_at": at}
    db.session.execute(
        update(SurveySheet).where(SurveySheet.id.in_(ids)).values(told).execution_options(synchronize_session=False)
    )
    return len(found)


def _tell(code: str, one: Opened, *, at: datetime) -> None:
    key = f"{code}:{one.cohort_id}:{one.wave}:{china_day(at)}"
    notify(code, to_people=one.people, link="/me/surveys", once_key=key, by=SYSTEM, at=at)

"""The phone round of the questionnaires: how far each wave is, who has not answered, who calls her, who may be compared."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor, Grant, Scope
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus
from trainer.domain.follow_up import FollowUpOutcome
from trainer.domain.people import mask_phone
from trainer.domain.survey import COMPARED, SheetState, SurveyMode, Wave
from trainer.models.account import Account, RoleGrant
from trainer.models.enrolment import Enrolment
from trainer.models.follow_up import FollowUp
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.survey import SurveySheet
from trainer.permissions import ROLE_PERMISSIONS, Permission, covers
from trainer.queries.person import is_here
from trainer.queries.scoping import Page, fetch_page
from trainer.queries.survey import in_time
from trainer.queries.survey_sheet import about_sheet, reach

_caller = aliased(Account)


@dataclass(frozen=True)
class WaveCount:
    """One wave of a cohort: its sheets, each in one of the columns; `compared` of them are of women outside it, `late` is
    who has not answered and may not any more."""

    wave: Wave
    due_on: date
    last_on: date
    asked: int
    herself: int
    phone: int
    paper: int
    declined: int
    open: int
    late: int
    entered: int
    compared: int

    @property
    def answered(self) -> int:
        return self.herself + self.phone + self.paper


@dataclass(frozen=True)
class CallRow:
    """A woman who has not answered: `tries` are the calls about a questionnaire since this one was opened."""

    id: int
    wave: Wave
    due_on: date
    reminders: int
    version: int
    person_id: int
    name: str
    phone: str
    village: str | None
    seat: int | None
    status: EnrolmentStatus
    cohort_id: int
    cohort: str
    caller_id: int | None
    caller: str | None
    tries: int
    called_on: date | None
    outcome: FollowUpOutcome | None

    @property
    def is_compared(self) -> bool:
        """She stands outside the class, and is asked so that the class can be compared."""
        return self.status not in ON_THE_ROLL


def is_nobodys() -> ColumnElement[bool]:
    """Nobody calls about the sheet, or a colleague who cannot sign in any more."""
    return ~exists().where(Account.id == SurveySheet.caller_id, Account.active)


def list_waves(cohort: Cohort, *, today: date) -> list[WaveCount]:
    """Every wave that was opened for the cohort: one statement."""

    def count(*which) -> ColumnElement[int]:
        return func.sum(case((and_(*which), 1), else_=0))

    answered = SurveySheet.state == SheetState.ANSWERED
    rows = db.session.execute(
        select(
            *(SurveySheet.wave, func.count().label("asked")),
            *(count(answered, SurveySheet.mode == mode).label(mode) for mode in SurveyMode),
            *(count(SurveySheet.state == state).label(state) for state in SheetState),
            count(Enrolment.status.not_in(ON_THE_ROLL)).label("compared"),
        )
        .join(Enrolment, Enrolment.id == SurveySheet.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort.id, is_here())
        .group_by(SurveySheet.wave)
    )
    return sorted((_wave_count(row, cohort, today) for row in rows), key=lambda count: list(Wave).index(count.wave))


def _wave_count(row, cohort: Cohort, today: date) -> WaveCount:
    last_on = row.wave.span(cohort.starts_on, cohort.ends_on)[1]
    is_over = today > last_on
    return WaveCount(
        *(row.wave, row.wave.due_on(cohort.starts_on, cohort.ends_on), last_on),
        *(row.asked, row.herself, row.phone, row.paper, row.declined),
        *(0 if is_over else row.open, row.open if is_over else 0, row.entered, row.compared),
    )


def _unanswered(actor: Actor, permission: Permission, today: date) -> Select:
    """Open, and still to be answered."""
    call = aliased(FollowUp)
    tries = select(func.count()).where(about_sheet(call)).correlate(SurveySheet).scalar_subquery()
    newest = select(func.max(call.id)).where(about_sheet(call)).correlate(SurveySheet).scalar_subquery()
    return (
        select(
            *(SurveySheet.id, SurveySheet.wave, SurveySheet.due_on, SurveySheet.reminders, SurveySheet.version),
            *(Person.id.label("person_id"), Person.name, Person.phone, Person.village),
            *(Enrolment.seat_number, Enrolment.status, Cohort.id.label("cohort_id"), Cohort.name.label("cohort")),
            *(SurveySheet.caller_id, _caller.name.label("caller"), tries.label("tries")),
            *(FollowUp.day, FollowUp.outcome),
        )
        .join(Enrolment, Enrolment.id == SurveySheet.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(_caller, _caller.id == SurveySheet.caller_id)
        .outerjoin(FollowUp, FollowUp.id == newest)
        .where(SurveySheet.state == SheetState.OPEN, in_time(today), reach(actor, permission))
        .order_by(SurveySheet.due_on, SurveySheet.id)
    )


def _call_row(row) -> CallRow:
    return CallRow(*row[:7], mask_phone(row[7]), *row[8:])


def _within(statement: Select, cohort_id: int | None, wave: Wave | None) -> Select:
    if cohort_id:
        statement = statement.where(Cohort.id == cohort_id)
    return statement.where(SurveySheet.wave == wave) if wave else statement


def unanswered_page(
    actor: Actor, cohort_id: int, *, today: date, wave: Wave | None = None, page: int = 1, per_page: int = 20
) -> Page[CallRow]:
    """Who of a cohort has not answered, longest due first: two statements."""
    statement = _within(_unanswered(actor, Permission.VIEW_OUTCOMES, today), cohort_id, wave)
    return fetch_page(statement, _call_row, page=page, per_page=per_page)


def list_unanswered(actor: Actor, cohort_id: int, *, today: date, wave: Wave | None = None) -> list[CallRow]:
    """All of them, for the list that leaves the house."""
    statement = _within(_unanswered(actor, Permission.VIEW_OUTCOMES, today), cohort_id, wave)
    return [_call_row(row) for row in db.session.execute(statement)]


def calls_page(
    actor: Actor,
    *,
    today: date,
    is_mine: bool | None = None,
    wave: Wave | None = None,
    page: int = 1,
    per_page: int = 20,
) -> Page[CallRow]:
    """Open sheets that somebody is to call about: hers and nobody's, longest due first; two statements."""
    mine, nobodys = SurveySheet.caller_id == actor.account_id, is_nobodys()
    which = {True: mine, False: nobodys, None: or_(mine, nobodys)}[is_mine]
    statement = _within(_unanswered(actor, Permission.CONDUCT_SURVEYS, today), None, wave).where(which)
    return fetch_page(statement, _call_row, page=page, per_page=per_page)


def list_callers(region_code: str, cohort_id: int) -> list[tuple[int, str]]:
    """(account, name) of whoever may call the women of a class."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if Permission.CONDUCT_SURVEYS in held]
    rows = db.session.execute(
        select(Account.id, Account.name, RoleGrant.role, RoleGrant.region_code, RoleGrant.cohort_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role.in_(roles), RoleGrant.revoked_at.is_(None), Account.active)
        .order_by(Account.name, Account.id)
    )
    there = Scope(region_code, cohort_id)
    near = {id_: name for id_, name, *grant in rows if covers(Grant(*grant), there, Actor(id_, ""))}
    return list(near.items())


def list_to_compare(cohort_id: int, wave: Wave) -> Select:
    """Enrolments of women who wanted a place, have none, and were not asked yet at this wave."""
    asked = exists().where(SurveySheet.enrolment_id == Enrolment.id, SurveySheet.wave == wave)
    return (
        select(Enrolment.id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(COMPARED), ~asked, is_here())
        .order_by(Enrolment.id)
    )


def count_to_compare(cohort_id: int, wave: Wave) -> int:
    return db.session.scalar(select(func.count()).select_from(list_to_compare(cohort_id, wave).subquery()))

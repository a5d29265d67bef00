"""The database that is measured on: the small demonstration, a cohort of 100 and one of 1,000, two large rounds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import flask_migrate
from flask import Flask

from trainer import clock
from trainer.app import create_app
from trainer.database import db, transaction
from trainer.domain.actors import Actor, Role
from trainer.domain.demo_people import Maker
from trainer.domain.demo_selection import FINISHED, Jury
from trainer.domain.demonstration import PROVINCE, CohortPlan, Size, stream
from trainer.domain.panel import SeatState
from trainer.domain.programme import Track
from trainer.domain.selection import ReviewState, RoundKind, SelectionKind
from trainer.models import (
    Account,
    Assignment,
    Cohort,
    Enrolment,
    Lesson,
    Person,
    Programme,
    Review,
    ReviewVersion,
    Round,
)
from trainer.models.panel import PanelSeat
from trainer.queries.demo import list_demo_accounts
from trainer.queries.selection import round_criteria
from trainer.services import dealing, demonstration, rubric, selection
from trainer.services import round as rounds
from trainer.services import session as sessions
from trainer.services.demo_cohorts import add_cohort
from trainer.services.demo_people import add_women
from trainer.services.demo_place import Place
from trainer.services.demo_rows import Rows
from trainer.services.demo_sales import add_shops
from trainer.services.region import load_regions
from trainer.services.trainee_access import account_of


@dataclass(frozen=True)
class Roll:
    """Today's lesson of a cohort."""

    cohort_id: int
    lesson_id: int


@dataclass(frozen=True)
class Stage:
    """The application and what the cases look at."""

    app: Flask
    database: str
    hundred: Roll
    thousand: Roll
    ranked_selection: int
    open_round: int
    # One of the hundred, by her account; the role's accounts are the demonstration's.
    learner: int
    learner_token: str
    tokens: dict[Role, str]
    accounts: dict[Role, int]


def build(folder: Path) -> Stage:
    """A fresh database in `folder`, with everything the cases need."""
    database = f"sqlite:///{folder / 'benchmark.sqlite3'}"
    app = create_app({"MODE": "testing", "INSTANCE_PATH": folder, "SQLALCHEMY_DATABASE_URI": database})
    with app.app_context():
        flask_migrate.upgrade()
        with transaction():
            load_regions()
            demonstration.fill(Size.SMALL, at=clock.now())
        with transaction():
            place = _place()
            hundred = _add_cohort("BENCH-100", 100, 31, timedelta(days=15), place)
            thousand = _add_cohort("BENCH-1000", 1000, 1, timedelta(0), place)
        with transaction():
            ranked, _ = _add_round("1000 × 3, closed", thousand.cohort_id, place, submitted=True)
            _, reading = _add_round("1000 × 3, open", thousand.cohort_id, place, submitted=False)
            learner = _open_to_a_learner(hundred, place)
        shown = {account.role: account.id for account in list_demo_accounts()}
        return Stage(
            app=app,
            database=database,
            hundred=hundred,
            thousand=thousand,
            ranked_selection=ranked,
            open_round=reading,
            learner=learner,
            learner_token=_sign_in(learner),
            tokens={role: _sign_in(account_id) for role, account_id in shown.items()},
            accounts=shown,
        )


def _place() -> Place:
    staff = db.session.execute(db.select(Account.username, Account.id).where(Account.username.is_not(None)))
    return Place(db.session.scalars(db.select(Programme.id)).one(), dict(staff.all()), clock.now())


def _add_cohort(code: str, women: int, lessons: int, ago: timedelta, place: Place) -> Roll:
    """All lessons but today's are closed; of today's roll half is taken."""
    plan = CohortPlan(
        code=code,
        name=code,
        track=Track.FOUNDATION,
        region_code="140200",
        place="大同市云州区巾帼培训基地",
        starts_on=place.today - ago,
        lessons=lessons,
        women=women,
        teacher="李慧敏",
        counties=("140215",),
        shops=0.1,
    )
    rows = Rows(db.session())
    members = add_women(rows, Maker(), plan, place)
    add_cohort(rows, plan, [(member.person_id, None) for member in members], place)
    add_shops(rows, plan, members, place)
    rows.release()
    last = db.select(Lesson.cohort_id, Lesson.id).join(Cohort).where(Cohort.code == code).order_by(Lesson.id.desc())
    return Roll(*db.session.execute(last.limit(1)).one())


def _open_to_a_learner(roll: Roll, place: Place) -> int:
    """The account of a woman of that cohort: the demonstration's own have few lessons."""
    women = db.select(Person).join(Enrolment).where(Enrolment.cohort_id == roll.cohort_id).order_by(Person.id)
    person = db.session.scalars(women.limit(1)).one()
    return account_of(person, by=Actor(place.accounts["manager"], "manager"), at=place.at).id


def _add_round(name: str, cohort_id: int, place: Place, *, submitted: bool) -> tuple[int, int]:
    """(selection, round) with everybody of the cohort read by three of twelve.

    `submitted`: all sheets are in, and the ranking is frozen.
    """
    by, at = Actor(place.accounts["manager"], "manager"), place.at
    data = selection.NewSelection(
        place.programme_id, name, SelectionKind.ADVANCED_TRAINING, PROVINCE, 20, RoundKind.SCREENING
    )
    selection_id = selection.create_selection(data, by=by, at=at).id
    round_ = db.session.scalars(db.select(Round).where(Round.selection_id == selection_id)).one()
    evaluators = [id_ for username, id_ in place.accounts.items() if username.startswith("pingwei")]
    rubric.set_rubric(round_.id, _version(round_), FINISHED.rubric, by=by, at=at)
    selection.add_candidates(round_.id, _version(round_), cohort_id, None, by=by, at=at)
    _seat(round_.id, evaluators, at)
    dealing.deal_applications(round_.id, _version(round_), evaluators, 3, by=by, at=at)
    rounds.open_round(round_.id, _version(round_), by=by, at=at)
    if submitted:
        _submit_all(round_.id, place)
        rounds.close_round(round_.id, _version(round_), by=by, at=at)
    return selection_id, round_.id


def _seat(round_id: int, evaluators: list[int], at: datetime) -> None:
    """They have accepted and know none of the candidates."""
    answered = {"state": SeatState.ACCEPTED, "invited_at": at, "answered_at": at, "declared_at": at}
    db.session.add_all(PanelSeat(round_id=round_id, account_id=id_, **answered) for id_ in evaluators)
    db.session.flush()


def _version(round_: Round) -> int:
    db.session.flush()
    db.session.refresh(round_)
    return round_.version


def _submit_all(round_id: int, place: Place) -> None:
    jury, sheets, versions = Jury(stream("benchmark")), [], []
    codes = {c.code: c.maximum for c in round_criteria(round_id) if c.judged}
    for assignment in db.session.scalars(db.select(Assignment).where(Assignment.round_id == round_id)):
        draft = jury.sheet(assignment.account_id, assignment.application_id, codes).as_json()
        moment = {"assignment_id": assignment.id}
        sheets.append(
            {**moment, "state": ReviewState.SUBMITTED, "draft": draft, "updated_at": place.at, "submitted_version": 1}
        )
        versions.append({**moment, "number": 1, "reason": "", "submitted_at": place.at, **draft})
    db.session.execute(db.insert(Review.__table__), sheets)
    db.session.execute(db.insert(ReviewVersion.__table__), versions)


def _sign_in(account_id: int) -> str:
    with transaction():
        account = db.session.get(Account, account_id)
        return sessions.open_session(account, at=clock.now(), life=timedelta(hours=12))

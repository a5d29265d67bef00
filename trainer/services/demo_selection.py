"""The demonstration's selections, made by the same services as real ones, at the moments of the story."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.demo_selection import READERS, Jury, SelectionPlan, between_sheets, plan_text
from trainer.domain.demonstration import PROVINCE, STAFF, stream
from trainer.models import Application, Assignment, Person, RankingRow, RankingRun, Round
from trainer.queries.selection import round_criteria
from trainer.services import dealing, review, rubric, selection
from trainer.services import round as rounds
from trainer.services.demo_place import Place

EVALUATORS = [member for member in STAFF if member.username.startswith("pingwei")]
MANAGER = next(member for member in STAFF if member.username == "manager")


def add_selection(plan: SelectionPlan, cohorts: Mapping[int, Sequence[int]], place: Place) -> RankingRun | None:
    """A selection whose round is opened, read as far as the plan says, and closed if it is: then its ranking.

    `cohorts`: the enrolments of each cohort, the likeliest candidates first.
    """
    manager = Actor(place.accounts[MANAGER.username], MANAGER.name)
    chance = stream(plan.name)
    round_id = _prepare(plan, cohorts, chance, manager, place)
    opened = place.at - timedelta(days=plan.opened)
    evaluators = [place.accounts[member.username] for member in EVALUATORS]
    dealt = opened - timedelta(hours=5)
    dealing.deal_applications(round_id, _version(round_id), evaluators, READERS, by=manager, at=dealt)
    rounds.open_round(round_id, _version(round_id), by=manager, at=opened)
    _fill_sheets(round_id, plan, chance, place)
    if plan.closed is None:
        return None
    return rounds.close_round(round_id, _version(round_id), by=manager, at=place.at - timedelta(days=plan.closed))


def _prepare(
    plan: SelectionPlan, cohorts: Mapping[int, Sequence[int]], chance: Random, manager: Actor, place: Place
) -> int:
    """The selection with rubric, candidates and their plans; returns its round."""
    created = place.at - timedelta(days=plan.created)
    data = selection.NewSelection(place.programme_id, plan.name, plan.kind, PROVINCE, plan.seats, plan.round_kind)
    selection_id = selection.create_selection(data, by=manager, at=created).id
    round_id = db.session.scalars(select(Round.id).where(Round.selection_id == selection_id)).one()
    written = created + timedelta(hours=1)
    rubric.set_rubric(round_id, _version(round_id), plan.rubric, by=manager, at=written)
    for cohort_id, enrolments in cohorts.items():
        wanted = list(enrolments)[: plan.candidates_per_cohort]
        applied = created + timedelta(days=1)
        selection.add_candidates(round_id, _version(round_id), cohort_id, wanted, by=manager, at=applied)
    _write_plans(selection_id, chance, manager, created + timedelta(days=2))
    return round_id


def _version(round_id: int) -> int:
    db.session.flush()
    return db.session.scalar(select(Round.version).where(Round.id == round_id))


def _write_plans(selection_id: int, chance: Random, manager: Actor, begun: datetime) -> None:
    rows = db.session.execute(
        select(Application.id, Application.version, Person.business)
        .join(Person, Person.id == Application.person_id)
        .where(Application.selection_id == selection_id)
        .order_by(Application.code)
    ).all()
    for number, (application_id, version, business) in enumerate(rows):
        moment = begun + timedelta(minutes=7 * number)
        selection.set_plan(application_id, version, plan_text(chance, business), by=manager, at=moment)


def _fill_sheets(round_id: int, plan: SelectionPlan, chance: Random, place: Place) -> None:
    """Everybody in her own reading order: submitted as far as she has come, the next one begun."""
    codes = {c.code: c.maximum for c in round_criteria(round_id) if c.judged}
    names = {place.accounts[member.username]: member.name for member in EVALUATORS}
    jury, moment = Jury(chance), place.at - timedelta(days=plan.opened)
    work = _work(round_id, plan)
    for assignment, complete in work:
        moment += between_sheets(plan, len(work))
        by = Actor(assignment.account_id, names[assignment.account_id])
        sheet = jury.sheet(assignment.account_id, assignment.application_id, codes, complete=complete)
        if complete:
            review.submit_review(assignment.id, 0, sheet, by=by, at=moment)
        else:
            review.save_draft(assignment.id, 0, sheet, by=by, at=moment)


def _work(round_id: int, plan: SelectionPlan) -> list[tuple[Assignment, bool]]:
    """The sheets that were begun, in the order of time, and whether each was submitted."""
    assignments = db.session.scalars(
        select(Assignment).where(Assignment.round_id == round_id).order_by(Assignment.position, Assignment.account_id)
    ).all()
    loads = Counter(assignment.account_id for assignment in assignments)
    far = {account: round(loads[account] * plan.done[n % len(plan.done)]) for n, account in enumerate(sorted(loads))}
    return [(a, a.position <= far[a.account_id]) for a in assignments if a.position <= far[a.account_id] + 1]


def list_chosen(run: RankingRun, seats: int) -> list[int]:
    """The people on the first places of a ranking."""
    return list(
        db.session.scalars(
            select(Application.person_id)
            .join(RankingRow, RankingRow.application_id == Application.id)
            .where(RankingRow.run_id == run.id, RankingRow.rank.is_not(None))
            .order_by(RankingRow.rank, Application.code)
            .limit(seats)
        )
    )

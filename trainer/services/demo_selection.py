"""The demonstration's selections, made by the same services as real ones, at the moments of the story."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.application import Use
from trainer.domain.blinding import mask
from trainer.domain.demo_selection import (
    BEGUN,
    BUYS_FROM_HER,
    DECLINED,
    HANDED_IN,
    NEIGHBOUR,
    OPEN,
    READERS,
    USES,
    Jury,
    SelectionPlan,
    between_sheets,
    plan_text,
    title_of,
)
from trainer.domain.demonstration import PROVINCE, STAFF, stream
from trainer.domain.eligibility import Eligibility
from trainer.domain.panel import ConflictKind, SeatState
from trainer.domain.selection import Aggregate, RankedBy
from trainer.models import (
    Application,
    Assignment,
    Candidacy,
    Enrolment,
    PanelSeat,
    Person,
    RankingRow,
    RankingRun,
    Round,
    Selection,
)
from trainer.queries.blinding import get_blind_view
from trainer.queries.candidate import list_eligible
from trainer.queries.selection import round_criteria
from trainer.services import application, conflict, dealing, panel, review, rubric, selection
from trainer.services import round as rounds
from trainer.services.blinding import BlindText, confirm_blind
from trainer.services.demo_place import Place
from trainer.services.round_rules import RoundRules, set_round_rules

CLOSES_IN = 10  # days
EVALUATORS = [member for member in STAFF if member.username.startswith("pingwei")]
MANAGER = next(member for member in STAFF if member.username == "manager")


def add_selection(plan: SelectionPlan, cohorts: Mapping[int, Sequence[int]], place: Place) -> RankingRun | None:
    """A selection whose round is opened, read as far as the plan says, and closed and frozen if it is: then its ranking.

    `cohorts`: the enrolments of each cohort, the likeliest candidates first.
    """
    chance = stream(plan.name)
    round_id = _prepare(plan, cohorts, chance, place)
    opened = place.at - timedelta(days=plan.opened)
    _seat(round_id, opened - timedelta(hours=30), place)
    evaluators = _accepted(round_id)
    dealt = opened - timedelta(hours=5)
    dealing.deal_applications(round_id, _version(round_id), evaluators, READERS, by=_manager(place), at=dealt)
    rounds.open_round(round_id, _version(round_id), by=_manager(place), at=opened)
    _fill_sheets(round_id, plan, chance, place)
    if plan.closed is None:
        _suspect(round_id, place)
        return None
    closed = place.at - timedelta(days=plan.closed)
    run = rounds.close_round(round_id, _version(round_id), by=_manager(place), at=closed)
    rounds.freeze_round(round_id, _version(round_id), run.id, by=_manager(place), at=closed + timedelta(hours=20))
    return run


def add_open_selection(cohorts: Mapping[int, Sequence[int]], place: Place) -> None:
    """A selection that women apply for now: some have handed in, some have begun."""
    chance = stream(OPEN.name)
    selection_id, _round_id = _create(OPEN, Eligibility(attendance_bp=8000), place)
    chosen = _choose(selection_id, cohorts, OPEN.candidates_per_cohort)
    women = [enrolment for enrolments in chosen.values() for enrolment in enrolments]
    _apply(selection_id, women[: HANDED_IN + BEGUN], HANDED_IN, chance, place.at - timedelta(days=6), place)


def _manager(place: Place) -> Actor:
    return Actor(place.accounts[MANAGER.username], MANAGER.name)


def _create(plan: SelectionPlan, eligibility: Eligibility, place: Place) -> tuple[int, int]:
    """(selection, its round), with its rules, until when one may apply, and how it is ranked."""
    created, manager = place.at - timedelta(days=plan.created), _manager(place)
    data = selection.NewSelection(place.programme_id, plan.name, plan.kind, PROVINCE, plan.seats, plan.round_kind)
    selection_id = selection.create_selection(data, by=manager, at=created).id
    round_id = db.session.scalars(select(Round.id).where(Round.selection_id == selection_id)).one()
    written = created + timedelta(hours=1)
    rubric.set_rubric(round_id, _version(round_id), plan.rubric, by=manager, at=written)
    closes = place.at + timedelta(days=CLOSES_IN) if plan.closed is None else None
    rules = RoundRules(plan.seats, RankedBy.ADJUSTED, Aggregate.MEAN, True, 1, closes)
    set_round_rules(round_id, _version(round_id), rules, by=manager, at=written)
    if plan.introduction:
        until = place.at + timedelta(days=CLOSES_IN) if plan.opened is None else place.at - timedelta(days=plan.opened)
        highest = plan.highest_yuan and 100 * plan.highest_yuan
        data = application.Applying(plan.introduction, created, until, highest, eligibility)
        application.set_applying(round_id, _version(round_id), data, "", by=manager, at=created)
    return selection_id, round_id


def _prepare(plan: SelectionPlan, cohorts: Mapping[int, Sequence[int]], chance: Random, place: Place) -> int:
    """The selection with rubric, candidates and what evaluators read of them; returns its round."""
    selection_id, round_id = _create(plan, Eligibility(), place)
    applied, manager = place.at - timedelta(days=plan.created - 1), _manager(place)
    chosen = _choose(selection_id, cohorts, plan.candidates_per_cohort)
    if plan.highest_yuan:
        women = [enrolment for enrolments in chosen.values() for enrolment in enrolments]
        _apply(selection_id, women, len(women), chance, applied, place)
        _blind(round_id, selection_id, applied + timedelta(days=1), manager)
        return round_id
    for cohort_id, wanted in chosen.items():
        selection.add_candidates(round_id, _version(round_id), cohort_id, wanted, by=manager, at=applied)
    _write_plans(selection_id, chance, manager, applied + timedelta(days=1))
    return round_id


def _choose(selection_id: int, cohorts: Mapping[int, Sequence[int]], count: int) -> dict[int, list[int]]:
    """Of each cohort the likeliest who may apply."""
    chosen = {}
    for cohort, enrolments in cohorts.items():
        may = {row.enrolment_id for row in list_eligible(selection_id, cohort)}
        chosen[cohort] = [enrolment for enrolment in enrolments if enrolment in may][:count]
    return chosen


def _apply(
    selection_id: int, enrolments: Sequence[int], handed_in: int, chance: Random, begun: datetime, place: Place
) -> None:
    """Written by staff for her, and handed in by as many."""
    highest = db.session.scalar(select(Selection.highest_amount_fen).where(Selection.id == selection_id))
    businesses = dict(
        db.session.execute(
            select(Enrolment.id, Person.business)
            .join(Person, Person.id == Enrolment.person_id)
            .where(Enrolment.id.in_(enrolments))
        ).all()
    )
    by = Actor(place.accounts["datong"], "李慧敏")
    for number, enrolment in enumerate(enrolments):
        moment = begun + timedelta(minutes=11 * number)
        content = {"title": title_of(businesses[enrolment]), "plan": plan_text(chance, businesses[enrolment])}
        if highest:
            uses = tuple(Use(item, 100 * yuan) for item, yuan in chance.choice(USES))
            content |= {"amount_fen": sum(use.amount_fen for use in uses), "uses": uses}
        written = application.write(selection_id, enrolment, 0, content, by=by, at=moment)
        with suppress(application.NotEligible):  # then it stays begun, and her page says what is missing
            if number < handed_in:
                application.hand_in(selection_id, enrolment, written.version, by=by, at=moment + timedelta(minutes=5))


def _blind(round_id: int, selection_id: int, begun: datetime, manager: Actor) -> None:
    """What the machine masks is enough here: whatever else it asks about is looked through and ticked off."""
    ids = db.session.scalars(
        select(Application.id).where(Application.selection_id == selection_id).order_by(Application.code)
    ).all()
    for number, application_id in enumerate(ids):
        view = get_blind_view(round_id, application_id)
        masked = [mask(part, view.known) for part in (view.title, view.plan, *view.uses)]
        text = BlindText(masked[0], masked[1], tuple(masked[2:]))
        ticked = replace(text, ticked=frozenset(doubt.found for doubt in text.doubts(view)))
        moment = begun + timedelta(minutes=4 * number)
        confirm_blind(round_id, application_id, view.version, ticked, by=manager, at=moment)


def _seat(round_id: int, asked: datetime, place: Place) -> None:
    """Everybody is asked; all but the last accept; one of them knows a candidate."""
    neighbour = db.session.scalars(
        select(Candidacy.application_id).where(Candidacy.round_id == round_id).order_by(Candidacy.application_id)
    ).first()
    for number, member in enumerate(EVALUATORS):
        account = place.accounts[member.username]
        _seat_row, token = panel.invite_evaluator(round_id, account, by=_manager(place), at=asked)
        answered = asked + timedelta(hours=2, minutes=7 * number)
        accepts = number < len(EVALUATORS) - 1
        panel.answer_invitation(token, accepts, "" if accepts else DECLINED, at=answered)
        if accepts:
            known = ((neighbour, ConflictKind.SAME_VILLAGE, NEIGHBOUR),) if number == 2 else ()
            panel.declare(round_id, known, by=Actor(account, member.name), at=answered + timedelta(minutes=20))


def _accepted(round_id: int) -> list[int]:
    return list(
        db.session.scalars(
            select(PanelSeat.account_id)
            .where(PanelSeat.round_id == round_id, PanelSeat.state == SeatState.ACCEPTED)
            .order_by(PanelSeat.account_id)
        )
    )


def _suspect(round_id: int, place: Place) -> None:
    """A candidate has heard that a judge buys from her: staff have to find out who is meant."""
    last = db.session.scalar(select(func.max(Candidacy.application_id)).where(Candidacy.round_id == round_id))
    by = Actor(place.accounts["datong"], "李慧敏")
    conflict.raise_by_applicant(
        last, ConflictKind.SUPPLIER_BUYER, BUYS_FROM_HER, by=by, at=place.at - timedelta(days=1)
    )


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

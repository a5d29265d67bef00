"""Visits: prepared, found out by two who do not see each other's words, signed, settled, and carried into the ranking."""

from datetime import date

import pytest

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.field_visit import (
    MOST_PICTURES,
    MOST_QUESTIONS,
    STANDARD,
    FactKind,
    Place,
    Saying,
    SayingOutcome,
    UnfitFact,
    UnreadableSaying,
)
from trainer.domain.panel import ConflictKind
from trainer.domain.selection import AssignmentOrigin
from trainer.errors import Conflict, NotFound
from trainer.models import FieldVisit, StoredFile, VisitFact, VisitPicture, VisitQuestion, VisitStay
from trainer.queries.account import get_actor
from trainer.queries.field_visit import (
    contradictions,
    count_underseated,
    list_findings,
    list_pictures,
    list_questions,
    list_vetoes,
    list_visits,
)
from trainer.queries.own_visit import get_own_visit
from trainer.queries.ranking import get_run_inputs
from trainer.services import conflict as conflicts
from trainer.services import dealing, picture, visit_fact
from trainer.services import field_visit as visits
from trainer.services import round as rounds
from trainer.services.file import seal
from trainer.services.round import ReasonMissing, RoundNotDraft, RoundNotOpen, RunOutdated, TooFewVisitors

pytestmark = pytest.mark.sqlite_is_enough


class Visiting:
    """One round of visits, and the two who go to its first candidate."""

    def __init__(self, **values) -> None:
        self.made = selections.visiting(**values)
        self.judges = [get_actor(judge) for judge in self.made.evaluators]
        self.count = 0

    @property
    def visit_id(self) -> int:
        return list_visits(self.made.round_id)[0].id

    @property
    def questions(self) -> list[int]:
        return [question.id for question in list_questions(self.made.round_id)]

    def say(self, who: int, *values: str, nonce: str | None = None):
        """Her words on the questions in their order."""
        sayings = []
        for question, value in zip(self.questions, values, strict=False):
            self.count += 1
            sayings.append(Saying(nonce or f"n{self.count}", None, question, value))
        return self.take(who, *sayings)

    def take(self, who: int, *sayings: Saying, at=AT):
        with transaction():
            return visit_fact.take_sayings(self.visit_id, sayings, by=self.judges[who], at=at)

    def sign(self, who: int, *values: str) -> None:
        self.take(who, Saying(f"arrive {who}".replace(" ", "-"), None))
        self.say(who, *values)
        with transaction():
            visit_fact.sign(self.visit_id, by=self.judges[who], at=AT)

    def settle(self, place: int, value: str, reason: str = "看了执照", *, by=None, version: int | None = None) -> None:
        seen = list_visits(self.made.round_id)[0].version if version is None else version
        with transaction():
            visits.settle(self.visit_id, seen, self.questions[place], value, reason, by=by or self.made.by, at=AT)

    def findings(self, *, while_open: bool = True):
        return list_findings(self.made.round_id, while_open=while_open).get(self.visit_id, [])

    def judge(self) -> None:
        """Their sheets, so that the round can be closed."""
        for woman in range(len(self.made.enrolments)):
            for evaluator in range(len(self.judges)):
                self.made.submit(woman, evaluator, 1, 2)


@pytest.fixture
def round_(app) -> Visiting:
    return Visiting()


def test_the_ready_list_is_taken_in_once_ordered_and_thinned(app):
    made = selections.visiting(facts=(), opened=False)
    for _ in range(2):
        made.act(visits.add_standard)
    questions = list_questions(made.round_id)
    assert [question.words for question in questions] == [words for words, *_ in STANDARD]
    made.act(visits.move_question, questions[1].id, up=True)
    made.act(visits.move_question, questions[1].id, up=True)  # at the top already
    made.act(visits.remove_question, questions[2].id)
    moved = list_questions(made.round_id)
    assert [q.id for q in moved[:2]] == [questions[1].id, questions[0].id]
    assert questions[2].id not in {q.id for q in moved}
    with pytest.raises(visits.QuestionThere):
        made.act(visits.add_question, STANDARD[0][0], FactKind.WORDS, False)
    with pytest.raises(NotFound):
        made.act(visits.remove_question, questions[2].id)
    for n in range(len(moved), MOST_QUESTIONS):
        made.act(visits.add_question, f"第{n}", FactKind.NUMBER, True)
    assert not list_questions(made.round_id)[-1].is_veto  # only “no” can be one
    with pytest.raises(visits.TooManyQuestions):
        made.act(visits.add_question, "还有", FactKind.WORDS, False)


def test_the_plan_is_changed_while_prepared_or_open_and_by_one_at_a_time(round_):
    made, application = round_.made, round_.made.applications()[0]
    plan = {application.id: visits.Plan(date(2026, 3, 9), "村委会找老王"), 99999: visits.Plan(None, "谁")}
    assert made.act(visits.plan_visits, plan) == 1
    assert made.act(visits.plan_visits, plan) == 0
    row = list_visits(made.round_id)[0]
    assert (row.planned_on, row.words) == (date(2026, 3, 9), "村委会找老王")
    with pytest.raises(Conflict), transaction():
        visits.plan_visits(made.round_id, made.version - 1, plan, by=made.by, at=AT)
    round_.judge()
    made.act(rounds.close_round)
    with pytest.raises(RoundNotOpen):
        made.act(visits.plan_visits, plan)
    with pytest.raises(RoundNotDraft):
        made.act(visits.add_standard)


def test_a_round_of_visits_opens_only_where_two_go_to_each_and_makes_every_visit(app):
    made = selections.visiting(women=2, opened=False)
    planned = {made.applications()[0].id: visits.Plan(None, "村口")}
    made.act(visits.plan_visits, planned)
    made.act(dealing.deal_applications, [judge.id for judge in made.evaluators], 1)
    assert count_underseated(made.round_id) == 2
    with pytest.raises(TooFewVisitors) as refused:
        made.act(rounds.open_round)
    assert refused.value.values == {"count": 2}
    made.act(dealing.deal_applications, [judge.id for judge in made.evaluators], None)
    made.act(rounds.open_round)
    assert [row.words for row in list_visits(made.round_id) if row.id] == ["村口", ""]


def test_a_fact_sent_twice_is_kept_once_and_her_last_word_counts(round_):
    first = round_.say(0, "yes", nonce="same")
    assert [one.outcome for one in (*first, *round_.say(0, "yes", nonce="same"))] == ["saved", "already"]
    [other] = round_.say(0, "no", nonce="same")
    assert other.outcome is SayingOutcome.REFUSED
    assert isinstance(other.refused, Conflict)
    [theirs] = round_.say(1, "yes", nonce="same")
    assert theirs.outcome is SayingOutcome.REFUSED
    round_.say(0, "no")
    assert db.session.scalars(db.select(VisitFact.value).order_by(VisitFact.id)).all() == ["yes", "no"]
    round_.sign(0, "no", "35.0", "门面")
    assert [finding.said[0].value for finding in round_.findings()] == ["no", "35", "门面"]
    # After the answer to a sending was lost she has signed: what is known already is no new fact.
    assert round_.say(0, "yes", nonce="same")[0].outcome is SayingOutcome.ALREADY


def test_one_that_is_refused_does_not_stop_the_others(round_):
    question, number, _words = round_.questions
    sayings = (
        Saying("a", None, question, "yes"),
        Saying("b", None, number, "很多"),
        Saying("c", None, 99999, "yes"),
        Saying("d", None, number, "3"),
    )
    taken = round_.take(0, *sayings)
    assert [one.outcome for one in taken] == ["saved", "refused", "refused", "saved"]
    assert [type(one.refused) for one in taken[1:3]] == [UnfitFact, UnreadableSaying]


def test_she_arrives_once_and_her_place_is_noted_once(round_):
    here, elsewhere = Place(40.0, 113.0, 10), Place(39.0, 112.0, 10)
    told = [
        round_.take(0, Saying(nonce, None, place=place))[0].outcome
        for nonce, place in (("a", None), ("b", None), ("c", here), ("d", elsewhere))
    ]
    assert told == ["saved", "already", "saved", "already"]
    stay = db.session.scalars(db.select(VisitStay)).one()
    assert (stay.nonce, stay.latitude, stay.arrived_at) == ("a", 40.0, AT)


def test_she_signs_what_is_whole_and_then_it_stands_still(round_):
    def sign():
        with transaction():
            visit_fact.sign(round_.visit_id, by=round_.judges[0], at=AT)

    with pytest.raises(visit_fact.NotArrived):
        sign()
    round_.take(0, Saying("a", None))
    round_.say(0, "yes")
    with pytest.raises(visit_fact.FactsMissing) as refused:
        sign()
    assert refused.value.values == {"count": 2}
    round_.say(0, "yes", "", "")  # not found out is an answer
    sign()
    sign()
    [told] = round_.say(0, "no")
    assert isinstance(told.refused, visit_fact.VisitSigned)
    assert get_own_visit(round_.visit_id, round_.judges[0].account_id).signed_at == AT


def test_what_is_not_signed_is_hers_alone_while_the_round_is_open(round_):
    round_.say(0, "no", "3")
    assert round_.findings() == []
    after = round_.findings(while_open=False)
    assert [(finding.said[0].value, finding.said[0].is_signed) for finding in after[:2]] == [
        ("no", False),
        ("3", False),
    ]


def test_a_contradiction_is_settled_by_somebody_else_with_a_reason_and_both_words_stay(round_):
    round_.sign(0, "yes", "30", "门面")
    with pytest.raises(visits.NothingToSettle):  # nobody contradicts her yet
        round_.settle(0, "yes")
    round_.sign(1, "no", "30", "")
    assert contradictions(round_.findings()) == 1
    assert list_vetoes(round_.made.round_id) == {"A-001": ("在经营",)}
    for refusal, act in (
        (visits.NothingToSettle, lambda: round_.settle(0, "maybe")),
        (visits.NothingToSettle, lambda: round_.settle(1, "30")),
        (ReasonMissing, lambda: round_.settle(0, "yes", " ")),
        (visits.OwnFindings, lambda: round_.settle(0, "yes", by=round_.judges[0])),
        (Conflict, lambda: round_.settle(0, "yes", version=99)),
    ):
        with pytest.raises(refusal):
            act()
    round_.settle(0, "yes")
    finding = round_.findings()[0]
    assert (finding.standing.value, finding.settled.reason, len(finding.said)) == ("yes", "看了执照", 2)
    assert list_vetoes(round_.made.round_id) == {}
    round_.settle(0, "")  # looked at again: it stays open
    assert round_.findings()[0].standing.value is None
    assert list_vetoes(round_.made.round_id) == {"A-001": ("在经营",)}


def test_a_veto_is_a_fact_of_the_ranking_and_later_facts_change_no_frozen_run(app):
    round_ = Visiting(women=2)
    made = round_.made
    round_.sign(0, "no", "30", "门面")
    round_.sign(1, "yes", "30", "")
    round_.judge()
    run = made.act(rounds.close_round)
    assert get_run_inputs(run.id)["facts"] == {"A-001": ["在经营"]}
    [late] = round_.say(1, "no")
    assert isinstance(late.refused, RoundNotOpen)
    round_.settle(0, "yes")
    with pytest.raises(RunOutdated):  # what stands is another thing than what was ranked
        made.freeze()
    again = made.act(rounds.rank_again)
    assert get_run_inputs(again.id)["facts"] == {}
    made.freeze()
    with pytest.raises(visits.FindingsFrozen):
        round_.settle(0, "no")
    assert get_run_inputs(run.id)["facts"] == {"A-001": ["在经营"]}


def test_further_readers_find_out_and_the_first_stand_still(app):
    round_ = Visiting(evaluators=3)
    made = round_.made
    third = made.assignment(0, 2)
    with transaction() as session:
        session.delete(session.get(type(third), third.id))
    made.submit(0, 0, 1, 2)
    made.act(rounds.close_round)
    pair = (made.applications()[0].id, made.evaluators[2].id, AssignmentOrigin.REPLACEMENT, "")
    made.act(rounds.open_wave, [pair])
    assert round_.say(2, "yes")[0].outcome is SayingOutcome.SAVED
    assert round_.say(0, "yes")[0].refused.code == "sheet_stands"


def test_whom_a_conflict_keeps_away_finds_no_visit_and_counts_no_more(round_):
    add_picture(round_, 0)
    round_.sign(0, "no", "1", "门面")
    round_.sign(1, "yes", "2", "门面")
    application = round_.made.applications()[0].id
    with transaction():
        conflicts.raise_conflict(
            application, round_.judges[0].account_id, ConflictKind.FAMILY, by=round_.made.by, at=AT
        )
    assert get_own_visit(round_.visit_id, round_.judges[0].account_id) is None
    for act in (
        lambda: visit_fact.take_sayings(round_.visit_id, [Saying("x", None)], by=round_.judges[0], at=AT),
        lambda: visit_fact.sign(round_.visit_id, by=round_.judges[0], at=AT),
        lambda: visit_fact.remove_picture(round_.visit_id, 1, by=round_.judges[0], at=AT),
    ):
        with pytest.raises(NotFound), transaction():
            act()
    assert list_pictures(round_.visit_id) == []
    assert [finding.standing.value for finding in round_.findings()] == ["yes", "2", "门面"]
    assert count_underseated(round_.made.round_id) == 1
    assert list_vetoes(round_.made.round_id) == {}


def test_somebody_else_finds_no_visit(round_):
    stranger = get_actor(factories.account(Role.EVALUATOR))
    with pytest.raises(NotFound), transaction():
        visit_fact.take_sayings(round_.visit_id, [Saying("x", None)], by=stranger, at=AT)
    with pytest.raises(NotFound), transaction():
        visit_fact.take_sayings(9999, [Saying("x", None)], by=round_.judges[0], at=AT)


def add_picture(round_: Visiting, who: int, nonce: str = "p") -> None:
    drawn = seal(picture.redraw(factories.picture()), "visit.jpg", "image/jpeg")
    with transaction():
        visit_fact.add_picture(round_.visit_id, drawn, "门面", nonce, keep_years=3, by=round_.judges[who], at=AT)


def test_pictures_are_hers_and_few_and_may_go_before_she_signs(round_):
    for n in range(MOST_PICTURES):
        add_picture(round_, 0, f"p{n}")
    add_picture(round_, 0, "p0")  # tapped twice
    with pytest.raises(visit_fact.TooManyVisitPictures):
        add_picture(round_, 0, "one more")
    first = db.session.scalars(db.select(VisitPicture.id).order_by(VisitPicture.id)).first()
    with pytest.raises(NotFound), transaction():
        visit_fact.remove_picture(round_.visit_id, first, by=round_.judges[1], at=AT)
    for _ in range(2):
        with transaction():
            visit_fact.remove_picture(round_.visit_id, first, by=round_.judges[0], at=AT)
    stored = db.session.scalars(db.select(StoredFile).where(StoredFile.purpose == "visit_picture")).all()
    assert len(stored) == MOST_PICTURES - 1
    assert {file.person_id for file in stored} == {round_.made.enrolments[0].person_id}
    assert list_pictures(round_.visit_id, while_open=True) == []  # not signed yet
    round_.sign(0, "yes", "1", "门面")
    assert len(list_pictures(round_.visit_id, while_open=True)) == MOST_PICTURES - 1
    with pytest.raises(visit_fact.VisitSigned):
        add_picture(round_, 0, "late")


def test_questions_that_were_answered_stay_and_each_act_is_in_the_trail(round_):
    round_.sign(0, "yes", "1", "门面")
    round_.sign(1, "no", "1", "")
    round_.settle(0, "yes")
    with transaction():
        visits.record_places(round_.visit_id, by=round_.made.by, at=AT)
    with transaction() as session:  # as if it had been taken back into preparation
        session.get(VisitQuestion, round_.questions[0]).words = "改过"
        db.session.execute(db.text("UPDATE rounds SET state = 'draft'"))
    with pytest.raises(visits.QuestionAnswered):
        round_.made.act(visits.remove_question, round_.questions[0])
    actions = set(db.session.scalars(db.text("SELECT action FROM audit_events")))
    assert {"field_visit.find", "field_visit.sign", "field_visit.settle", "field_visit.show_places"} <= actions
    details = " ".join(str(value) for value in db.session.scalars(db.text("SELECT details FROM audit_events")))
    assert "门面" not in details
    assert db.session.scalar(db.select(db.func.count(FieldVisit.id))) == 1

"""Score sheets on paper: two people type one, and it is submitted where they say the same."""

import pytest

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.selection import Recommendation, SheetDraft, SheetSource
from trainer.errors import Conflict, NotFound
from trainer.models import Assignment, AuditEvent, PaperEntry, Review, ReviewVersion
from trainer.queries.account import get_actor
from trainer.queries.paper_review import get_paper, list_papers, list_readers, list_waiting
from trainer.services import paper_review
from trainer.services import review as reviews
from trainer.services import round as rounds

pytestmark = pytest.mark.sqlite_is_enough

ONE = SheetDraft({"c1": 2, "c2": 3}, "有想法", "缺钱", {}, 2, Recommendation.SUPPORT)


class Desk:
    """An open round with two who type."""

    def __init__(self):
        self.made = selections.opened(women=1)
        self.sheet = self.made.assignment(0, 0).id
        self.first = self.made.by
        self.second = get_actor(factories.account(Role.MANAGER, region=factories.DATONG))

    def type(self, step, draft=ONE, *more, by=None, sheet=None):
        by = by or (self.first if step is paper_review.enter_first else self.second)
        with transaction():
            return step(self.made.round_id, sheet or self.sheet, draft, *more, by=by, at=AT)

    def version(self) -> ReviewVersion | None:
        last = db.select(ReviewVersion).where(ReviewVersion.assignment_id == self.sheet)
        return db.session.scalar(last.order_by(ReviewVersion.number.desc()).limit(1))


@pytest.fixture
def desk(app):
    return Desk()


def different(**changes) -> SheetDraft:
    return SheetDraft(**{**vars(ONE), **changes})


def entries() -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(PaperEntry))


def test_two_who_type_the_same_submit_it_as_hers_from_paper(desk):
    desk.type(paper_review.enter_first)
    assert desk.version() is None
    assert desk.type(paper_review.enter_second, different(strengths="", risks="")) == ()
    version = desk.version()
    assert (version.source, version.levels, version.confidence) == (SheetSource.PAPER, {"c1": 2, "c2": 3}, 2)
    assert (version.strengths, version.recommendation) == ("有想法", Recommendation.SUPPORT)
    assert entries() == 0
    actions = db.select(AuditEvent.action, AuditEvent.account_id).where(AuditEvent.action.startswith("paper_review"))
    assert db.session.execute(actions.order_by(AuditEvent.seq)).all() == [
        ("paper_review.enter", desk.first.account_id),
        ("paper_review.check", desk.second.account_id),
    ]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"levels": {"c1": 1, "c2": 3}}, ("c1",)),
        ({"levels": {"c1": 2, "c2": None}}, ("c2",)),
        ({"levels": {"c1": 2}}, ("c2",)),
        ({"confidence": 3}, ("confidence",)),
        ({"recommendation": None}, ("recommendation",)),
    ],
)
def test_where_the_copies_differ_nothing_counts_until_the_paper_settles_it(desk, changes, codes):
    desk.type(paper_review.enter_first)
    assert desk.type(paper_review.enter_second, different(**changes)) == codes
    assert (desk.version(), entries()) == (None, 2)
    with pytest.raises(rounds.ReasonMissing):
        desk.type(paper_review.settle, ONE, " ")
    with pytest.raises(paper_review.CopiedHerself):
        desk.type(paper_review.settle, ONE, "看错", by=desk.first)
    desk.type(paper_review.settle, ONE, "看错了一行")
    assert (desk.version().levels, entries()) == ({"c1": 2, "c2": 3}, 0)


def test_settling_changes_only_what_differed(desk):
    desk.type(paper_review.enter_first)
    desk.type(paper_review.enter_second, different(levels={"c1": 1, "c2": 3}))
    desk.type(paper_review.settle, different(levels={"c1": 1, "c2": 1}, confidence=1, strengths="别的"), "第一遍看错")
    version = desk.version()
    assert (version.levels, version.confidence, version.strengths) == ({"c1": 1, "c2": 3}, 2, "有想法")


def test_two_people_none_of_them_a_judge(desk):
    with pytest.raises(paper_review.TypistJudges):
        desk.type(paper_review.enter_first, by=get_actor(desk.made.evaluators[0]))
    with pytest.raises(paper_review.TypistJudges):
        desk.type(paper_review.enter_first, by=get_actor(desk.made.evaluators[1]))
    desk.type(paper_review.enter_first)
    with pytest.raises(paper_review.CopiedHerself):
        desk.type(paper_review.enter_second, by=desk.first)
    with pytest.raises(Conflict):
        desk.type(paper_review.enter_first, by=desk.second)


def test_the_first_copy_may_be_typed_anew_until_the_second_is_there(desk):
    with pytest.raises(Conflict):
        desk.type(paper_review.enter_second)
    desk.type(paper_review.enter_first, different(levels={"c1": 1, "c2": 1}))
    desk.type(paper_review.enter_first)
    assert desk.type(paper_review.enter_second, different(confidence=1)) == ("confidence",)
    for step, by in ((paper_review.enter_first, desk.first), (paper_review.enter_second, desk.second)):
        with pytest.raises(Conflict):
            desk.type(step, by=by)


def test_a_sheet_that_could_not_be_submitted_is_not_typed(desk):
    with pytest.raises(reviews.Unanswered):
        desk.type(paper_review.enter_first, different(levels={"c1": 2, "c2": None}))
    with pytest.raises(reviews.TooLittleAnswered):
        desk.type(paper_review.enter_first, different(levels={"c1": None, "c2": 3}, abstentions={"c1": "不懂"}))
    desk.type(paper_review.enter_first, different(levels={"c1": 2, "c2": None}, abstentions={"c2": "不懂"}))
    assert desk.type(paper_review.enter_second, different(levels={"c1": 2, "c2": None})) == ()
    assert desk.version().abstentions == {"c2": "不懂"}


def test_a_corrected_paper_is_a_new_version_with_a_reason_and_her_own_screen_wins(desk):
    desk.type(paper_review.enter_first)
    desk.type(paper_review.enter_second)
    desk.type(paper_review.enter_first, different(confidence=3))
    with pytest.raises(rounds.ReasonMissing):
        desk.type(paper_review.enter_second, different(confidence=3))
    desk.type(paper_review.enter_second, different(confidence=3), "评委更正")
    assert (desk.version().number, desk.version().reason) == (2, "评委更正")
    desk.made.submit(0, 0, 1, 1, version=db.session.get(Review, desk.sheet).version, reason="我自己改", confidence=1)
    with pytest.raises(paper_review.SheetOnScreen):
        desk.type(paper_review.enter_first)


def test_only_while_the_round_is_open_and_she_may_judge(desk):
    other = selections.opened(women=1)
    with pytest.raises(NotFound):
        desk.type(paper_review.enter_first, sheet=other.assignment(0, 0).id)
    desk.type(paper_review.enter_first)
    with transaction() as session:
        session.get(Assignment, desk.sheet).withdrawn_at = AT
    assert get_paper(desk.made.round_id, desk.sheet) is None
    with pytest.raises(NotFound):
        desk.type(paper_review.enter_second)
    desk.made.submit(0, 1, 2, 2)
    desk.made.act(rounds.close_round)
    with pytest.raises(rounds.RoundNotOpen):
        desk.type(paper_review.enter_first, sheet=desk.made.assignment(0, 1).id)


def test_lists_say_who_typed_and_never_what(desk):
    desk.type(paper_review.enter_first)
    (waiting,) = list_waiting(desk.made.round_id)
    assert (waiting.id, waiting.first_by, waiting.second_by) == (desk.sheet, desk.first.account_id, None)
    assert waiting.waits_for(desk.second.account_id)
    assert not waiting.waits_for(desk.first.account_id)
    assert [(reader.assigned, reader.submitted) for reader in list_readers(desk.made.round_id)] == [(1, 0), (1, 0)]
    papers = list_papers(desk.made.round_id, desk.made.evaluators[0].id)
    assert [paper.code for paper in papers] == [desk.made.applications()[0].code]
    assert not {"levels", "content"} & set(vars(waiting))

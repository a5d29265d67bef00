"""Rubrics in versions, tables brought along, the rules of a round: each verb, and each refusal."""

import pytest

from tests import selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.rubric import BadSelectionInput
from trainer.domain.selection import Aggregate, CriterionDraft, CriterionKind, RankedBy
from trainer.errors import Conflict, NotFound
from trainer.models import AuditEvent, Rubric
from trainer.models.selection import RoundTable
from trainer.platforms.round_table import TableRead, read_round_table
from trainer.queries.figures import list_figures
from trainer.queries.rubric import get_rubric, list_rubric_versions
from trainer.queries.selection import round_criteria
from trainer.services import round as rounds
from trainer.services import round_table as tables
from trainer.services import rubric as services
from trainer.services import selection as selecting
from trainer.services.round_rules import RoundRules, set_round_rules

pytestmark = pytest.mark.sqlite_is_enough


def test_each_change_is_a_version_and_the_earlier_stay(app):
    made = selections.make()
    made.act(services.set_rubric, selections.RUBRIC)
    made.act(services.set_rubric, selections.RUBRIC[:2], bonus=({"field": "county", "equals": "x", "points": 1},))
    assert [(c.code, c.weight_bp, c.maximum) for c in round_criteria(made.round_id)] == [
        ("c1", 5000, 3),
        ("c2", 3000, 3),
    ]
    assert [len(version.content.lines) for version in list_rubric_versions(made.round_id)] == [2, 3, 0]
    events = db.session.scalars(db.select(AuditEvent).where(AuditEvent.action == "rubric.set")).all()
    assert [event.details["number"] for event in events] == [2, 3]


def test_codes_stay_with_their_lines(app):
    made = selections.make()
    made.act(services.set_rubric, selections.RUBRIC)
    _first, second, third = get_rubric(made.round_id).content.lines
    new = CriterionDraft("新", CriterionKind.JUDGED, 100, selections.LEVELS)
    made.act(services.set_rubric, [third, new, second])
    assert [(c.code, c.name) for c in round_criteria(made.round_id)] == [
        ("c3", "出勤率"),
        ("c1", "新"),
        ("c2", "带动作用"),
    ]


def test_somebody_faster_makes_the_second_refuse(app):
    made = selections.make()
    seen = made.version
    made.act(services.set_rubric, selections.RUBRIC)
    with pytest.raises(Conflict), transaction():
        services.set_rubric(made.round_id, seen, (), by=made.by, at=AT)
    assert len(round_criteria(made.round_id)) == 3


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (CriterionDraft("甲", CriterionKind.RANK_STEP, 100, rule={"field": "livestreams"}), "missing_setting"),
        (CriterionDraft("甲", CriterionKind.MIN_MAX, 100, rule={"field": "likes"}), "unknown_figure"),
        (CriterionDraft("甲", CriterionKind.MIN_MAX, 100, rule={"field": "judged.c1"}), "unknown_figure"),
        (
            CriterionDraft("甲", CriterionKind.WEIGHTED, 100, rule={"field": "livestreams", "of": 9}),
            "weighted_unbounded",
        ),
    ],
)
def test_a_rule_that_cannot_be_reckoned_is_refused(app, line, code):
    made = selections.make()
    with pytest.raises(BadSelectionInput) as refused:
        made.act(services.set_rubric, [line])
    assert refused.value.code == code
    assert round_criteria(made.round_id) == ()


def test_two_of_one_name_and_too_many_are_refused(app):
    made = selections.make()
    with pytest.raises(services.SameNameTwice):
        made.act(services.set_rubric, [selections.RUBRIC[0]] * 2)
    many = [CriterionDraft(f"第{n}项", CriterionKind.JUDGED, 100, selections.LEVELS) for n in range(31)]
    with pytest.raises(services.TooManyCriteria):
        made.act(services.set_rubric, many)


def test_an_earlier_version_is_taken_up_as_a_new_one(app):
    made = selections.make()
    made.act(services.set_rubric, selections.RUBRIC)
    made.act(services.set_rubric, selections.RUBRIC[:1])
    made.act(services.take_up_again, 2)
    assert len(round_criteria(made.round_id)) == 3
    with pytest.raises(NotFound):
        made.act(services.take_up_again, 9)
    with pytest.raises(Conflict):
        made.act(services.take_up_again, 4)


def test_nothing_of_the_rules_moves_once_the_round_is_open(app):
    made = selections.ready()
    table = selections.round_table(made, in_force=False)
    made.act(rounds.open_round)
    rules = RoundRules(5, RankedBy.RAW, Aggregate.MEAN, True, 1, None)
    reading = tables.Reading("x.csv", "0" * 64, TableRead(("点赞",), (), True, ()))
    for verb, value in (
        (services.set_rubric, ()),
        (services.take_up_again, 1),
        (set_round_rules, rules),
        (tables.send, reading),
        (tables.put_in_force, table),
    ):
        with pytest.raises(rounds.RoundNotDraft):
            made.act(verb, value)
    with pytest.raises(rounds.RoundNotDraft):
        made.act(tables.take_back)
    locked = db.session.scalar(db.select(Rubric).where(Rubric.superseded_at.is_(None)))
    assert locked.locked_at == AT
    assert len(locked.sha256) == 64


def test_a_round_without_anything_judged_needs_no_evaluators(app):
    made = selections.make(3)
    made.act(selecting.add_candidates, made.cohort.id, None)
    made.act(
        services.set_rubric, [CriterionDraft("点赞", CriterionKind.MIN_MAX, 10_000, rule={"field": "table.点赞数"})]
    )
    selections.round_table(made)
    made.act(rounds.open_round)
    run = made.act(rounds.close_round)
    made.act(rounds.freeze_round, run.id)
    assert made.state == "frozen"


def test_one_table_counts_at_a_time(app):
    made = selections.ready()
    codes = [application.code for application in made.applications()]
    reading = lambda likes: tables.Reading(  # noqa: E731
        "13800001111.csv", "0" * 64, TableRead(("点赞数",), ((2, codes[0], {"点赞数": likes}),), True, ())
    )
    first, second = made.act(tables.send, reading("5")).id, made.act(tables.send, reading("6")).id
    likes = lambda: list_figures(made.round_id, ["table.点赞数"], at=AT)[codes[0]].get("table.点赞数")  # noqa: E731
    assert likes() is None
    for table, value in ((first, "5"), (second, "6"), (first, "5")):
        made.act(tables.put_in_force, table)
        assert likes().value == value
    with pytest.raises(Conflict):
        made.act(tables.put_in_force, first)
    made.act(tables.take_back)
    assert likes() is None
    with pytest.raises(NotFound):
        made.act(tables.take_back)
    assert "13800001111" not in db.session.scalar(db.select(RoundTable.file_name))
    with pytest.raises(NotFound):
        made.act(tables.put_in_force, selections.round_table(selections.make(), {"A-1": {"x": "1"}}))


def test_namesakes_need_codes(app):
    table = TableRead(("点赞",), ((2, "王芳", {"点赞": "1"}),), False, ())
    with pytest.raises(BadSelectionInput) as refused:
        tables.match_rows(table, [("A-1", "王芳"), ("A-2", "王芳")])
    assert (refused.value.code, refused.value.values["row"]) == ("table_row_namesakes", 2)


def test_numbers_are_read_as_typed_and_what_tells_who_she_is_is_left_out():
    text = '说明,,,\n序号,编号,身份证号,销售额,占比\n1,A-001,140000199001011234,"412,300.50",０.5\n'
    table = read_round_table(text.encode())
    assert table.columns == ("销售额", "占比")
    assert table.rows == ((3, "A-001", {"销售额": "412300.50", "占比": "0.5"}),)
    assert table.left_out == ("序号", "身份证号")


def test_the_rules_of_a_round_are_audited_by_what_changed(app):
    made = selections.make()
    made.act(set_round_rules, RoundRules(5, RankedBy.ADJUSTED, Aggregate.MEDIAN, True, 1, None))
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "round.set_rules"))
    assert set(event.details["after"]) == {"advances", "ranked_by", "aggregate"}


def test_a_chain_of_rounds_carries_the_total_on(app):
    made = selections.opened(3, 1, seats=2)
    for woman, level in enumerate((3, 2, 1)):
        made.submit(woman, 0, level, level)
    run = made.act(rounds.close_round)
    made.act(rounds.freeze_round, run.id)
    from_next = selections.next_round(made)
    figures = list_figures(from_next, ["round.1", "round.2"], at=AT)
    codes = [application.code for application in made.applications()]
    assert {code: list(of) for code, of in figures.items()} == {codes[0]: ["round.1"], codes[1]: ["round.1"]}
    assert figures[codes[0]]["round.1"].value == "100"

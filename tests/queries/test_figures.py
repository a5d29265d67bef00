"""Figures that rules ask for: each from where it is written; what is not known is not there."""

from datetime import timedelta

import pytest

from tests import completions, factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.attendance import LessonState
from trainer.domain.figures import RECORDED, describe
from trainer.domain.round_inputs import Figure
from trainer.domain.survey import Wave
from trainer.models import Livestream, Person, ShopDay
from trainer.models.assessment import AssessmentScore
from trainer.models.outcomes import EnrolmentOutcome
from trainer.models.survey import SurveyAnswer, SurveySheet
from trainer.queries.figures import list_figures
from trainer.queries.rubric import list_offered
from trainer.queries.selection import get_stage
from trainer.services import selection as services

EVERY = [field.code for field in RECORDED]


def candidates(women: int = 2):
    made = selections.make(women)
    made.act(services.add_candidates, made.cohort.id, None)
    return made, [application.code for application in made.applications()]


def save(*rows) -> None:
    with transaction() as session:
        session.add_all(rows)


def test_what_nobody_knows_is_not_there(app):
    made, codes = candidates()
    found = list_figures(made.round_id, [*EVERY, "table.x", "round.1", "survey.baseline.profit", "magic"], at=AT)
    assert {code: set(of) for code, of in found.items()} == {key: {"county", "cohort", "certificate"} for key in codes}
    assert found[codes[0]]["certificate"] == Figure("0")


def test_attendance_in_percent_and_hours(app):
    made, codes = candidates()
    for day, status in enumerate(("present", "absent", "present")):
        lesson = factories.lesson(made.cohort, day=day, state=LessonState.CLOSED)
        selections.attended(lesson, made.enrolments[0], status)
    found = list_figures(made.round_id, ["attendance_rate", "attended_hours"], at=AT)[codes[0]]
    assert found["attendance_rate"].value == "66.666667"
    assert found["attended_hours"].value == "6"


def test_orders_count_before_refunds_and_say_how_many_could_be_used(app):
    made, codes = candidates()
    shop = factories.shop(db.session.get(Person, made.enrolments[0].person_id))
    selections.order(shop, 10_000, refunded=4_000)
    selections.order(shop, 7_000, days_ago=3)  # too young
    found = list_figures(made.round_id, ["gross_sales_fen", "paid_orders", "net_sales_fen"], at=AT)
    assert found[codes[0]]["gross_sales_fen"] == Figure("10000", 1, 2)
    assert found[codes[0]]["paid_orders"] == Figure("1", 1, 2)
    assert found[codes[0]]["net_sales_fen"].value == "6000"
    assert found[codes[1]] == {}


def test_broadcasts_since_the_course_began_by_trust(app):
    made, codes = candidates()
    shop = factories.shop(db.session.get(Person, made.enrolments[0].person_id))
    began = made.cohort.starts_on
    moment = AT.replace(year=began.year, month=began.month, day=began.day, hour=4)
    for started, trust, viewers in ((moment, 2, 50), (moment, 1, None), (moment, 0, 999)):
        row = factories.livestream(shop)
        with transaction():
            kept = db.session.get(Livestream, row.id)
            kept.started_at, kept.trust, kept.viewers = started, trust, viewers
    before = factories.livestream(shop)
    with transaction():
        db.session.get(Livestream, before.id).started_at = moment - timedelta(days=2)
    found = list_figures(made.round_id, ["livestreams", "live_viewers"], at=moment + timedelta(days=1))
    assert found[codes[0]] == {"livestreams": Figure("2", 2, 3), "live_viewers": Figure("50", 1, 3)}
    assert found[codes[1]] == {}


@pytest.mark.parametrize(
    ("opened", "earlier_day", "growth"), [("late", None, "9000"), ("early", 10, "8000"), ("early", None, None)]
)
def test_what_follows_the_course(app, opened, earlier_day, growth):
    made, codes = candidates()
    starts, ends = made.cohort.starts_on, made.cohort.ends_on
    shop = factories.shop(db.session.get(Person, made.enrolments[0].person_id))
    with transaction():
        db.session.get(type(shop), shop.id).opened_on = starts + timedelta(days=1 if opened == "late" else -300)
    days = [ShopDay(shop_id=shop.id, day=ends + timedelta(days=5), firm_paid_fen=10_000, firm_refunded_fen=1_000)]
    if earlier_day:
        days.append(ShopDay(shop_id=shop.id, day=starts - timedelta(days=earlier_day), firm_paid_fen=1_000))
    outcome = EnrolmentOutcome(
        enrolment_id=made.enrolments[0].id,
        cohort_id=made.cohort.id,
        completed_on=ends,
        reach_on=ends + timedelta(days=21),
        stages={},
        activity={"90": "active"},
        sources={},
        paid_90_fen=10_000,
        refunded_90_fen=1_000,
        net_90_fen=9_000,
    )
    save(*days, outcome)
    found = list_figures(made.round_id, ["weekly_net_fen", "net_growth_fen", "still_selling"], at=AT)[codes[0]]
    assert found["weekly_net_fen"].value == "3000"
    assert found["weekly_net_fen"].counted == 3
    assert found["still_selling"] == Figure("1")
    assert (found["net_growth_fen"].value if "net_growth_fen" in found else None) == growth


def test_the_last_score_counts_and_one_taken_away_does_not(app):
    made, codes = candidates()
    test = completions.assessment(made.cohort)
    name = f"assessment.{test.id}"
    first, second = (enrolment.id for enrolment in made.enrolments)
    for enrolment, score in ((first, 5000), (first, 8550), (second, 9000), (second, None)):
        save(AssessmentScore(assessment_id=test.id, enrolment_id=enrolment, score=score, at=AT))
    assert list_figures(made.round_id, [name], at=AT) == {codes[0]: {name: Figure("85.5")}, codes[1]: {}}
    offered = list_offered(get_stage(made.selection_id))
    assert name in offered.codes
    assert offered.names[name]


def test_numbers_she_gave_in_a_questionnaire(app):
    made, codes = candidates()
    sheet = factories.survey_sheet(made.enrolments[0], Wave.BASELINE)
    with transaction() as session:
        kept = session.get(SurveySheet, sheet.id)
        kept.state, kept.answered_on, kept.entry = "answered", AT.date(), 2
        for entry, number in ((1, 5), (2, 120_000)):
            session.add(SurveyAnswer(sheet_id=sheet.id, question="profit", entry=entry, number=number, at=AT))
        session.add(SurveyAnswer(sheet_id=sheet.id, question="helpers", entry=2, declined=True, at=AT))
    names = ["survey.baseline.profit", "survey.baseline.helpers"]
    assert list_figures(made.round_id, names, at=AT)[codes[0]] == {names[0]: Figure("120000")}


def test_service_hours_that_were_approved_and_a_certificate(app):
    made, codes = candidates()
    person = made.enrolments[0].person_id
    factories.service_entry(person, minutes=90, state="approved", points=1, day=AT.date())
    factories.service_entry(person, minutes=60, day=AT.date())
    factories.certificate(made.enrolments[0])
    found = list_figures(made.round_id, ["service_hours", "certificate"], at=AT)
    assert found[codes[0]] == {"service_hours": Figure("1.5"), "certificate": Figure("1")}
    assert found[codes[1]] == {"certificate": Figure("0")}


@pytest.mark.parametrize("women", [1, 3])
def test_all_of_them_take_as_many_statements(app, count_statements, women):
    made, _codes = candidates(women)
    fields = [*EVERY, "assessment.1", "survey.baseline.profit", "table.x", "round.1"]
    with count_statements() as seen:
        list_figures(made.round_id, fields, at=AT)
    assert len(seen) == 18


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("net_sales_fen", True),
        ("table.点赞", True),
        ("table.", False),
        ("round.2", True),
        ("round.x", False),
        ("round.²", False),
        ("assessment.12", True),
        ("survey.baseline.profit", True),
        ("survey.baseline.obstacle", False),
        ("survey.never.profit", False),
        ("judged.c1", True),
        ("likes", False),
    ],
)
def test_which_names_mean_something(code, known):
    assert (describe(code) is not None) == known

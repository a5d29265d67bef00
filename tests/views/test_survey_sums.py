"""Answers in sums: the page and its workbook, what an outsider is told, and who asked for a call until somebody called."""

import io
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest

from tests import factories
from tests.factories import AT, DATONG, LINFEN
from trainer import clock
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.follow_up import FollowUpOutcome, FollowUpPurpose
from trainer.domain.need import NeedKind
from trainer.domain.survey import SheetState, Wave
from trainer.models import AuditEvent, SurveyAnswer
from trainer.queries.need import count_needs, needs_page
from trainer.queries.survey_sums import list_wishes

TODAY = date(2026, 4, 20)


@pytest.fixture(autouse=True)
def _a_week_after_the_thirtieth_day(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 4, 20, 1, tzinfo=UTC))


def answered(woman, wave=Wave.DAY_30, *, entry=1, **said):
    """What she said: figures, the code of a choice, or None where she would rather not."""
    sheet = factories.survey_sheet(woman, wave, SheetState.ANSWERED, entry=entry)
    given = {"sells_now": 1, "broadcasts_30": 4, "profit": 100_000, "obstacle": "time", "wants_call": 0}
    rows = [
        SurveyAnswer(
            **{"sheet_id": sheet.id, "question": code, "entry": entry, "at": AT, "declined": value is None},
            **({"choices": value} if isinstance(value, str) else {"number": value}),
        )
        for code, value in (given | said).items()
    ]
    factories._save(*rows)
    return sheet


def graduate(cohort, name="王秀芳", status=EnrolmentStatus.COMPLETED):
    return factories.enrolment(cohort, factories.person(name), status=status)


@pytest.mark.parametrize("count", [1, 3])
def test_each_question_in_sums_in_so_many_statements(cohort, staff, count_statements, count):
    for number in range(count):
        woman = graduate(cohort)
        answered(woman, Wave.BASELINE, profit=50_000)
        sheet = answered(woman, profit=90_000 + 10_000 * number, entry=2)
        # The first entry was corrected.
        factories._save(SurveyAnswer(sheet_id=sheet.id, question="profit", entry=1, number=9, at=AT))
    answered(graduate(cohort, status=EnrolmentStatus.WAITLISTED), profit=7_700)
    factories.survey_sheet(graduate(cohort))
    url = f"/cohorts/{cohort.id}/surveys/day_30/answers"
    staff.get(f"{url}?lang=en")
    with count_statements() as seen:
        page = staff.get(f"{url}?lang=en").text
    assert len(seen) == 4, seen
    assert "As of 2026-04-20; answers until 2026-05-11." in page
    assert f"{count} / {count}" in page
    assert f"Compared are the {count} women who answered this question both times." in page
    assert ("¥1,000.00" if count == 3 else "¥900.00") in page
    assert "¥500.00" in page
    assert "¥77.00" not in page
    assert f"/cohorts/{cohort.id}/surveys/baseline/answers" in page


def test_an_outsider_reads_what_is_of_five_and_more(cohort, signed_in):
    partner = signed_in(factories.account(Role.PARTNER, region=DATONG))
    for number in range(12):
        answered(
            graduate(cohort), wants_call=int(number < 6), obstacle="time" if number < 10 else "money", profit=123_400
        )
    url = f"/cohorts/{cohort.id}/surveys/day_30/answers"
    page = partner.get(f"{url}?lang=en").text
    for told in ("6 / 12", "12 / 12", "¥1,234.00", "Numbers of fewer than 5 women"):
        assert told in page
    # Who lacks money are two; those who lack time are the rest.
    assert "10 / 12" not in page
    assert ">2 / 12" not in page
    assert page.count("not shown") >= 4
    assert "/people/" not in page
    rows = list(openpyxl.load_workbook(io.BytesIO(partner.get(f"{url}.xlsx?lang=en").data)).active.values)
    cells = {(row[0], row[1]): row[3:6] for row in rows if row[1]}
    asked = "Last month, how many yuan did you earn by selling, after all costs?"
    assert cells[asked, "Half stand at or below (median)"][0] == 1234
    assert cells["Shall your teacher call you?", "No need"] == (6, 12, 0.5)
    assert cells["What is hardest for you now?", "I lack money"][0].startswith("not shown")
    assert (
        db.session.scalars(db.select(AuditEvent.action).order_by(AuditEvent.seq.desc())).first() == "survey.export_sums"
    )


@pytest.mark.sqlite_is_enough
def test_a_questionnaire_that_nobody_was_asked_or_that_there_is_not(cohort, staff):
    page = staff.get(f"/cohorts/{cohort.id}/surveys/day_60/answers?lang=en")
    assert "Nobody of this class was asked this questionnaire yet." in page.text
    assert staff.get(f"/cohorts/{cohort.id}/surveys/day_31/answers").status_code == 404


def test_who_asked_for_a_call_waits_until_somebody_spoke_with_her(cohort):
    women = {name: graduate(cohort, name) for name in ("甲", "乙", "丙", "丁", "戊", "己")}
    for woman in women.values():
        answered(woman, wants_call=1, obstacle="shipping")
    day = cohort.ends_on + timedelta(days=30)
    factories.follow_up(women["乙"], day=day)
    factories.follow_up(women["丙"], day=day - timedelta(days=1))
    factories.follow_up(women["丙"], day=day, purpose=FollowUpPurpose.SURVEY)
    factories.follow_up(women["丙"], day=day, outcome=FollowUpOutcome.NOT_REACHED)
    factories.follow_up(women["丙"], day=day, taken_back_at=AT)
    answered(women["丁"], Wave.DAY_60, wants_call=0)
    answered(women["戊"], Wave.DAY_60, wants_call=1, obstacle=None)
    answered(women["己"], Wave.DAY_60, wants_call=None, obstacle="goods")
    answered(graduate(cohort, "庚"), wants_call=0)
    waiting = list_wishes(cohort.id)
    assert [(wish.name, wish.since, wish.wave, wish.obstacle) for wish in waiting] == [
        ("甲", day, Wave.DAY_30, "shipping"),
        ("丙", day, Wave.DAY_30, "shipping"),
        ("戊", day, Wave.DAY_60, None),
        ("己", day, Wave.DAY_30, "shipping"),
    ]
    staff = factories.actor(Role.COHORT_STAFF, region=DATONG)
    now = datetime(2026, 4, 20, 1, tzinfo=UTC)
    assert count_needs(staff, at=now, only={NeedKind.CALL_WANTED}) == {NeedKind.CALL_WANTED: 4}
    rows = needs_page(staff, NeedKind.CALL_WANTED, at=now).items
    assert [(row.id, row.title, row.moment) for row in rows] == [(cohort.id, name, day) for name in "甲丙戊己"]
    far = factories.actor(Role.COHORT_STAFF, region=LINFEN)
    assert count_needs(far, at=now, only={NeedKind.CALL_WANTED}) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_leads_to_the_call_in_so_many_statements(cohort, staff, count_statements, count):
    women = [graduate(cohort) for _ in range(count)]
    for woman in women:
        answered(woman, wants_call=1, obstacle="family")
    url = f"/cohorts/{cohort.id}/surveys"
    with count_statements() as seen:
        page = staff.get(f"{url}?lang=en").text
    assert len(seen) == 8, seen
    assert f"Who asked for a call ({count})" in page
    assert page.count("My family does not support it") == count
    assert f"/cohorts/{cohort.id}/follow-ups/new?woman={women[0].id}" in page
    assert f"{url}/day_30/answers" in page

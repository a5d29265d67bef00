"""The phone round: counts of a wave, who has not answered, hers and nobody's, papers, and what waits on the home page."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests import factories
from tests.factories import AT, DATONG, LINFEN, SHANXI
from trainer.domain.actors import Role
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.follow_up import FollowUpKind, FollowUpOutcome, FollowUpPurpose
from trainer.domain.need import NeedKind
from trainer.domain.survey import SheetState, Wave
from trainer.models import FollowUp
from trainer.permissions import Permission
from trainer.queries.need import count_needs
from trainer.queries.survey_calls import (
    calls_page,
    count_to_compare,
    list_callers,
    list_unanswered,
    list_waves,
    unanswered_page,
)
from trainer.queries.survey_paper import papers_page
from trainer.queries.survey_sheet import get_sheet_for, list_calls_about

pytestmark = pytest.mark.sqlite_is_enough

TODAY = date(2026, 4, 20)  # a week after the thirtieth day


@pytest.fixture
def staff(app):
    return factories.actor(Role.COHORT_STAFF, region=DATONG, name="李慧敏")


def called(sheet, outcome=FollowUpOutcome.NOT_REACHED, *, number=1, by=None, **values):
    facts = {"kind": FollowUpKind.CALL, "purpose": FollowUpPurpose.SURVEY, "at": AT, "day": AT.date(), "minutes": 3}
    facts |= {"nonce": f"call {sheet.id} {number}", "by": by.account_id if by else None, "outcome": outcome}
    return factories._save(FollowUp(enrolment_id=sheet.enrolment_id, **facts | values))


@pytest.mark.parametrize("count", [1, 3])
def test_counts_of_a_wave_and_the_list_in_so_many_statements(cohort, staff, count_statements, count):
    for _ in range(count):
        woman = factories.enrolment(cohort)
        factories.survey_sheet(woman, Wave.BASELINE, SheetState.ANSWERED)
        factories.survey_sheet(woman)
        factories.survey_sheet(woman, Wave.DAY_60, SheetState.DECLINED)
    outsider = factories.enrolment(cohort, status=EnrolmentStatus.WAITLISTED)
    factories.survey_sheet(outsider, Wave.BASELINE, SheetState.ANSWERED, mode="paper")
    factories.survey_sheet(outsider, Wave.DAY_30, SheetState.ENTERED, mode="paper")
    factories.survey_sheet(factories.enrolment(cohort, factories.person(erased_at=AT)))
    factories.survey_sheet(factories.enrolment(cohort), Wave.BASELINE)  # its time is over
    cohort_id = cohort.id  # read before statements are counted
    with count_statements() as seen:
        waves = list_waves(cohort, today=TODAY)
    assert len(seen) == 1
    figures = [
        (w.wave, w.asked, w.herself, w.phone, w.paper, w.declined, w.open, w.late, w.entered, w.compared) for w in waves
    ]
    assert figures == [
        (Wave.BASELINE, count + 2, count, 0, 1, 0, 0, 1, 0, 1),
        (Wave.DAY_30, count + 1, 0, 0, 0, 0, count, 0, 1, 1),
        (Wave.DAY_60, count, 0, 0, 0, count, 0, 0, 0, 0),
    ]
    with count_statements() as seen:
        page = unanswered_page(staff, cohort_id, today=TODAY)
    assert (len(seen), page.total) == (2, count)
    with count_statements() as seen:
        assert calls_page(staff, today=TODAY).total == count
    assert len(seen) == 2


def test_the_last_call_and_the_tries_are_those_about_this_sheet(cohort, staff):
    sheet = factories.survey_sheet(factories.enrolment(cohort), caller_id=staff.account_id, reminders=2)
    called(sheet, number=1, at=AT - timedelta(days=9))  # before it was opened
    called(sheet, number=2, by=staff)
    called(sheet, FollowUpOutcome.CALL_AGAIN, number=3)
    called(sheet, FollowUpOutcome.WRONG_NUMBER, number=4, taken_back_at=AT)
    called(sheet, FollowUpOutcome.SPOKEN, number=5, purpose=FollowUpPurpose.ADVICE)
    row = unanswered_page(staff, cohort.id, today=TODAY, wave=Wave.DAY_30).items[0]
    assert (row.tries, row.outcome, row.caller, row.reminders) == (2, FollowUpOutcome.CALL_AGAIN, "李慧敏", 2)
    assert row.phone.startswith("140****")
    assert [(c.outcome, c.by) for c in list_calls_about(sheet.id)] == [
        (FollowUpOutcome.CALL_AGAIN, None),
        (FollowUpOutcome.NOT_REACHED, "李慧敏"),
    ]
    assert unanswered_page(staff, cohort.id, today=TODAY, wave=Wave.DAY_60).items == []


def test_hers_and_nobodys_within_her_reach(cohort, staff):
    other = factories.actor(Role.MANAGER, region=SHANXI)
    mine, nobodys, others = (
        factories.survey_sheet(factories.enrolment(cohort), caller_id=caller)
        for caller in (staff.account_id, None, other.account_id)
    )
    elsewhere = factories.cohort(region=LINFEN)
    foreign = factories.survey_sheet(factories.enrolment(elsewhere), caller_id=staff.account_id)
    shut = factories.account(Role.COHORT_STAFF, region=DATONG, active=False)
    leavers = factories.survey_sheet(factories.enrolment(cohort), caller_id=shut.id)
    assert [row.id for row in calls_page(staff, today=TODAY).items] == [mine.id, nobodys.id, leavers.id]
    assert [row.id for row in calls_page(staff, today=TODAY, is_mine=True).items] == [mine.id]
    assert [row.id for row in calls_page(staff, today=TODAY, is_mine=False).items] == [nobodys.id, leavers.id]
    assert [row.id for row in list_unanswered(staff, cohort.id, today=TODAY)] == [
        mine.id,
        nobodys.id,
        others.id,
        leavers.id,
    ]
    from_far = factories.actor(Role.COHORT_STAFF, region=LINFEN)
    assert list_unanswered(from_far, cohort.id, today=TODAY) == []
    assert get_sheet_for(staff, Permission.CONDUCT_SURVEYS, foreign.id) is None
    assert get_sheet_for(staff, Permission.CONDUCT_SURVEYS, mine.id).caller == "李慧敏"
    auditor = factories.actor(Role.AUDITOR)
    assert get_sheet_for(auditor, Permission.CONDUCT_SURVEYS, mine.id) is None
    assert get_sheet_for(auditor, Permission.VIEW_OUTCOMES, mine.id).name == "王秀芳"


def test_who_may_call(cohort, staff):
    manager = factories.actor(Role.MANAGER, region=SHANXI, name="陈主任")
    factories.actor(Role.COHORT_STAFF, region=LINFEN)
    factories.actor(Role.AUDITOR)
    factories.actor(Role.COHORT_STAFF, region=DATONG, active=False)
    assert dict(list_callers(DATONG, cohort.id)) == {staff.account_id: "李慧敏", manager.account_id: "陈主任"}


def test_papers_wait_for_another_person_and_the_home_page_counts_what_is_hers(cohort, staff):
    other = factories.actor(Role.COHORT_STAFF, region=DATONG)
    women = [factories.enrolment(cohort) for _ in range(4)]
    for woman, by in zip(women, (staff, other), strict=False):
        factories.survey_sheet(woman, Wave.BASELINE, SheetState.ENTERED, mode="paper", entered_by=by.account_id)
    factories.survey_sheet(women[0])  # due on 12 April
    factories.survey_sheet(women[1], caller_id=staff.account_id)
    factories.survey_sheet(women[2], caller_id=other.account_id)
    assert [row.is_own for row in papers_page(staff).items] == [True, False]
    kinds = (NeedKind.SURVEY_CALL, NeedKind.SURVEY_PAPER)
    tenth, ninth = (datetime(2026, 4, day, 1, tzinfo=UTC) for day in (22, 21))
    assert count_needs(staff, at=ninth, only=kinds) == {NeedKind.SURVEY_CALL: 1, NeedKind.SURVEY_PAPER: 1}
    assert count_needs(staff, at=tenth, only=kinds) == {NeedKind.SURVEY_CALL: 2, NeedKind.SURVEY_PAPER: 1}
    assert count_needs(factories.actor(Role.COHORT_STAFF, region=LINFEN), at=tenth, only=kinds) == {}


def test_women_without_a_place_who_were_not_asked_yet(cohort):
    asked, _waiting, _refused = (
        factories.enrolment(cohort, status=EnrolmentStatus(status))
        for status in ("waitlisted", "waitlisted", "rejected")
    )
    for status in (EnrolmentStatus.APPLIED, EnrolmentStatus.ACTIVE, EnrolmentStatus.WITHDRAWN):
        factories.enrolment(cohort, status=status)
    factories.survey_sheet(asked, Wave.BASELINE)
    assert (count_to_compare(cohort.id, Wave.BASELINE), count_to_compare(cohort.id, Wave.DAY_30)) == (2, 3)

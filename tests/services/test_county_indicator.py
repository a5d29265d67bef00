"""Readings of counties and postings of mentors: written down once, taken back with a reason, and each refusal."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests import factories
from tests.factories import AT, DATONG, LINFEN, SHANXI, YUNZHOU
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.county_indicator import IndicatorKind, ReadingDraft, compare
from trainer.domain.days import china_day
from trainer.domain.mentor import PostingDraft, VisitDraft
from trainer.errors import Conflict, NotFound
from trainer.models import AuditEvent, IndicatorReading, MentorVisit
from trainer.queries.county_indicator import list_readings
from trainer.queries.mentor import get_posting
from trainer.services import county_indicator as indicators
from trainer.services import mentor as mentors
from trainer.services.taken_down import NoReasonToTakeBack, TakenBackBefore

pytestmark = pytest.mark.sqlite_is_enough

TODAY = china_day(AT)
PRICE = ReadingDraft(YUNZHOU, IndicatorKind.PURCHASE_PRICE, "黄花菜", "元/斤", 900, TODAY, "收购合同")
POINTS = replace(PRICE, kind=IndicatorKind.LOGISTICS_POINTS, subject="多写的", unit="元/吨", value_hundredths=4000)


@pytest.fixture
def by(app):
    return factories.actor_of(factories.account(Role.MANAGER, region=SHANXI))


@pytest.fixture
def programme(app) -> int:
    return factories.programme(region=DATONG).id


def enter(programme, draft, by, nonce=None) -> int:
    with transaction():
        return indicators.record_reading(programme, draft, nonce=nonce or f"{draft}", by=by, at=AT).id


def take_back(reading, by, reason="记错了"):
    with transaction():
        indicators.take_back(reading, reason, by=by, at=AT)


def test_a_form_sent_twice_stands_once_and_a_counted_kind_has_its_own_unit(programme, by):
    first = enter(programme, POINTS, by, "one")
    assert enter(programme, POINTS, by, "one") == first
    [row] = db.session.scalars(db.select(IndicatorReading))
    assert (row.subject, row.unit, row.value_hundredths) == ("", "个", 4000)
    with pytest.raises(Conflict):
        enter(programme, POINTS, replace(by, account_id=None), "one")
    [event] = db.session.scalars(db.select(AuditEvent))
    assert event.action == "county_indicator.record"


REFUSED = [
    ({"measured_on": TODAY + timedelta(days=1)}, indicators.ReadingToCome),
    ({"region_code": DATONG}, indicators.ReadingNotOfCounty),
    ({"region_code": LINFEN}, indicators.ReadingNotOfCounty),
    ({"region_code": "999999"}, indicators.ReadingNotOfCounty),
    ({"subject": ""}, indicators.ReadingWithoutSubject),
    ({"unit": ""}, indicators.ReadingWithoutSubject),
    ({"value_hundredths": -1}, indicators.ReadingValueUnfit),
    ({"kind": IndicatorKind.HOUSEHOLDS, "value_hundredths": 50}, indicators.ReadingValueUnfit),
    ({"unit": "元/公斤"}, indicators.ReadingOtherUnit),
    ({"measured_on": TODAY - timedelta(days=30)}, indicators.ReadingSameDay),
    ({"value_hundredths": 90_001}, indicators.ReadingLeaps),
]


def test_what_does_not_fit_is_refused(programme, by):
    enter(programme, replace(PRICE, measured_on=TODAY - timedelta(days=30)), by)
    for number, (changes, refusal) in enumerate(REFUSED):
        with pytest.raises(refusal):
            enter(programme, replace(PRICE, **changes), by, f"n{number}")
    with pytest.raises(NotFound):
        enter(9999, PRICE, by)
    enter(programme, replace(PRICE, value_hundredths=90_001, is_sure=True), by)


def test_what_is_taken_back_counts_no_more_and_its_day_is_free(programme, by):
    wrong = enter(programme, PRICE, by)
    with pytest.raises(NoReasonToTakeBack):
        take_back(wrong, by, " ")
    take_back(wrong, by)
    with pytest.raises(TakenBackBefore):
        take_back(wrong, by)
    enter(programme, replace(PRICE, unit="元/公斤"), by, "other unit")
    [pair] = compare(list_readings(by, programme), TODAY)
    assert (pair.before.unit, pair.began_before) == ("元/公斤", True)


POSTED = PostingDraft(YUNZHOU, "任老师", "农大", TODAY - timedelta(days=100), TODAY + timedelta(days=100), "教直播", 6)
VISIT = VisitDraft(TODAY - timedelta(days=70), 180, "瓜园乡", 12, "教了打光")


def post(programme, by, draft=POSTED) -> int:
    with transaction():
        return mentors.post_mentor(programme, draft, by=by, at=AT)


def act(verb, posting, *facts, by, seen: int | None = None):
    with transaction():
        verb(posting, *facts, seen=get_posting(posting).version if seen is None else seen, by=by, at=AT)


def visit(posting, by, draft=VISIT, nonce=None) -> int:
    with transaction():
        return mentors.record_visit(posting, draft, nonce=nonce or f"{draft}", by=by, at=AT).id


def test_a_posting_tells_how_far_it_is(programme, by):
    posting = post(programme, by)
    first = visit(posting, by)
    assert visit(posting, by) == first
    visit(posting, by, replace(VISIT, day=TODAY - timedelta(days=90), minutes=60))
    row = get_posting(posting)
    assert (row.visits, row.minutes, row.last_visit) == (2, 240, VISIT.day)
    with transaction():
        mentors.take_visit_back(first, "记重了", by=by, at=AT)
    row = get_posting(posting)
    assert (row.visits, row.minutes, row.state(TODAY).value) == (1, 60, "quiet")
    assert db.session.scalar(db.select(db.func.count()).select_from(MentorVisit)) == 2


def test_what_a_posting_refuses(programme, by):
    with pytest.raises(mentors.PostingEndsBeforeItBegins):
        post(programme, by, replace(POSTED, ends_on=date(2020, 1, 1)))
    with pytest.raises(indicators.ReadingNotOfCounty):
        post(programme, by, replace(POSTED, region_code=DATONG))
    posting = post(programme, by)
    with pytest.raises(mentors.PostingStandsAlready):
        post(programme, by, replace(POSTED, starts_on=TODAY))
    for number, (changes, refusal) in enumerate(
        [
            ({"day": TODAY + timedelta(days=1)}, mentors.VisitToCome),
            ({"day": TODAY - timedelta(days=101)}, mentors.VisitOutsidePosting),
            ({"minutes": 0}, mentors.VisitUnfit),
            ({"women": -1}, mentors.VisitUnfit),
        ]
    ):
        with pytest.raises(refusal):
            visit(posting, by, replace(VISIT, **changes), f"n{number}")
    visit(posting, by)
    with pytest.raises(mentors.VisitsOutsidePosting):
        act(mentors.change_posting, posting, replace(POSTED, starts_on=TODAY), by=by)
    with pytest.raises(Conflict):
        act(mentors.change_posting, posting, POSTED, by=by, seen=99)
    act(mentors.change_posting, posting, replace(POSTED, region_code=LINFEN, planned_visits=9), by=by)
    assert (get_posting(posting).region_code, get_posting(posting).planned_visits) == (YUNZHOU, 9)


def test_a_posting_ends_early_and_opens_again(programme, by):
    posting = post(programme, by)
    visit(posting, by)
    with pytest.raises(mentors.EndReasonMissing):
        act(mentors.end_posting, posting, TODAY, "", by=by)
    for day in (TODAY + timedelta(days=1), POSTED.ends_on):
        with pytest.raises(mentors.PostingNotToBeEnded):
            act(mentors.end_posting, posting, day, "调走", by=by)
    with pytest.raises(mentors.VisitsOutsidePosting):
        act(mentors.end_posting, posting, VISIT.day - timedelta(days=1), "调走", by=by)
    act(mentors.end_posting, posting, VISIT.day, "调走", by=by)
    with pytest.raises(mentors.VisitOutsidePosting):
        visit(posting, by, replace(VISIT, day=TODAY))
    assert get_posting(posting).state(TODAY).value == "ended_early"
    act(mentors.reopen_posting, posting, by=by)
    with pytest.raises(mentors.PostingNotEnded):
        act(mentors.reopen_posting, posting, by=by)

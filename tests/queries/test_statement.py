"""A woman's year: what stands in it, what does not, and the picture of it."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from PIL import Image

from tests import factories
from tests.factories import AT
from trainer.database import transaction
from trainer.documents.statement import statement_picture
from trainer.domain.actors import SYSTEM
from trainer.domain.attendance import ATTENDED, AttendanceStatus, LessonState, NewMark
from trainer.domain.certificate import CertificateState
from trainer.domain.service_hours import ServiceState
from trainer.domain.statement import MilestoneKind
from trainer.models import Certificate, Livestream
from trainer.queries.statement import get_newest_year, get_statement
from trainer.services.closing import close_lesson
from trainer.services.roll import record_marks

TODAY = date(2026, 11, 22)


def attended(cohort, enrolment, day: int, status=AttendanceStatus.PRESENT, state=LessonState.CLOSED) -> None:
    lesson = factories.lesson(cohort, day=day, state=LessonState.OPEN)
    with transaction():
        record_marks(lesson.id, [NewMark(enrolment.id, status, f"day {day}")], by=SYSTEM, at=AT + timedelta(days=day))
        if state is LessonState.CLOSED:
            close_lesson(lesson.id, int(status in ATTENDED), by=SYSTEM, at=AT + timedelta(days=day, hours=9))


def broadcast(shop, at: datetime, gmv: int, key: str) -> None:
    facts = {"platform": shop.platform, "natural_key": key, "title": "", "gmv_fen": gmv, "trust": 2}
    with transaction() as session:
        session.add(Livestream(shop_id=shop.id, started_at=at, duration_s=3600, viewers_exact=True, **facts))


def certificate(enrolment, number: str, day: date, state=CertificateState.VALID, **more) -> int:
    with transaction() as session:
        row = Certificate(
            **{"number": number, "enrolment_id": enrolment.id, "state": state, "name": "王秀芳", "content": "{}"},
            **{"issued_on": day, "issued_at": AT, **more},
        )
        session.add(row)
        session.flush()
        return row.id


@pytest.fixture
def enrolment(app, cohort):
    return factories.enrolment(cohort)


def test_a_year_tells_what_is_settled_and_nothing_else(cohort, enrolment):
    attended(cohort, enrolment, 0)
    attended(cohort, enrolment, 1, AttendanceStatus.LATE)
    attended(cohort, enrolment, 2, AttendanceStatus.ABSENT)
    attended(cohort, enrolment, 3, state=LessonState.OPEN)
    her = enrolment.person_id
    factories.service_entry(her, state=ServiceState.APPROVED, points=2)
    factories.service_entry(her, 600)
    factories.service_entry(her, state=ServiceState.APPROVED, points=2, day=date(2025, 12, 31))
    factories.honour(her)
    factories.honour(her, "没有公布", published_at=None)
    year = get_statement(her, 2026, today=TODAY)
    assert (year.lessons, year.lesson_minutes) == (2, 360)
    assert (year.service.minutes, year.service.points) == (90, 2)
    assert [(one.kind, one.words) for one in year.milestones] == [
        (MilestoneKind.FIRST_LESSON, ""),
        (MilestoneKind.HONOUR, "年度带头人"),
    ]
    assert list(year.years) == [2025, 2026]
    assert year.is_running
    assert not get_statement(her, 2025, today=TODAY).is_running


def test_sales_stand_by_shop_and_a_year_begins_at_midnight_in_china(enrolment):
    shop, begins = factories.shop(factories.person()), datetime(2025, 12, 31, 16, tzinfo=UTC)
    broadcast(shop, begins - timedelta(seconds=1), 100, "a")
    broadcast(shop, begins, 2_000, "b")
    year = get_statement(shop.person_id, 2026, today=TODAY)
    [one] = year.shops
    listed = one.figures.listed
    assert (listed.gmv_fen, listed.broadcasts, one.figures.orders) == (2_000, 1, None)
    assert year.milestones == []  # her first broadcast was the year before
    before = get_statement(shop.person_id, 2025, today=TODAY)
    assert [one.kind for one in before.milestones] == [MilestoneKind.FIRST_BROADCAST]


def test_a_replaced_certificate_keeps_its_day_and_a_revoked_one_is_none(cohort, enrolment):
    first = certificate(enrolment, "A1", date(2026, 4, 1), CertificateState.REPLACED)
    certificate(enrolment, "A2", date(2027, 4, 1), replaces_id=first)
    certificate(factories.enrolment(cohort), "B1", date(2026, 4, 1), CertificateState.REVOKED)
    year = get_statement(enrolment.person_id, 2026, today=TODAY)
    assert [(one.kind, one.day) for one in year.milestones] == [(MilestoneKind.CERTIFICATE, date(2026, 4, 1))]
    assert get_statement(enrolment.person_id, 2027, today=TODAY).milestones == []


def test_the_newest_year_is_that_of_the_last_thing_that_counts(enrolment):
    assert get_newest_year(enrolment.person_id) is None
    factories.service_entry(enrolment.person_id, day=date(2025, 5, 1), state=ServiceState.APPROVED, points=1)
    factories.service_entry(enrolment.person_id, day=date(2026, 5, 1))
    assert get_newest_year(enrolment.person_id) == 2025


@pytest.mark.parametrize("things", [0, 1, 3])
def test_it_takes_nine_statements_whatever_there_is(cohort, enrolment, count_statements, things):
    shop = factories.shop(factories.person())
    for number in range(things):
        broadcast(shop, AT, 100, str(number))
        factories.honour(shop.person_id, f"荣誉{number}")
    her = shop.person_id
    with count_statements() as statements:
        get_statement(her, 2026, today=TODAY)
    assert len(statements) == 9


def test_the_picture_is_as_wide_as_a_phone_shows_and_small(app, cohort, enrolment):
    attended(cohort, enrolment, 0)
    for number in range(12):
        factories.honour(enrolment.person_id, f"荣誉{number}" * 9)
    shop = factories.shop(factories.person(), name="一家名字特别长的店" * 8)
    broadcast(shop, AT, 123_456, "a")
    with app.test_request_context():
        for person_id in (enrolment.person_id, shop.person_id, factories.person().id):
            content = statement_picture(get_statement(person_id, 2026, today=TODAY), "王*芳")
            picture = Image.open(io.BytesIO(content))
            assert picture.width == 1080
            assert 1200 <= picture.height <= 2000
            assert len(content) < 200_000

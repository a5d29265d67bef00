"""The calendar page, and the address from which a calendar program fetches lessons."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from icalendar import Calendar

from tests import factories
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import LessonState
from trainer.models import Account, CalendarFeed, Lesson, RoleGrant

NOW = datetime(2026, 3, 11, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_the_third_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def officer(app):
    return factories.account(Role.COHORT_STAFF, region=factories.DATONG)


@pytest.fixture
def staff(officer, signed_in):
    return signed_in(officer)


def new_address(client) -> str:
    page = client.post("/calendar/address", data={"act": "make"}).text
    return page.split("<code>")[1].split("</code>")[0].removeprefix("http://127.0.0.1:8000")


def events(client, address: str) -> dict[str, object]:
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.data).walk("VEVENT")}


def test_a_month_shows_its_lessons_and_names_days_off(cohort, staff):
    factories.lesson(cohort, title="短视频拍摄")
    factories.lesson(cohort, day=40, title="四月的课")
    factories.lesson(factories.cohort("TY-01", region="140105"), day=1, title="别处的课")
    page = staff.get("/calendar").text
    assert "2026年3月" in page
    assert "短视频拍摄" in page
    assert "四月的课" not in page
    assert "别处的课" not in page
    assert "四月的课" in staff.get("/calendar?month=2026-04").text
    assert staff.get("/calendar?month=9999-99").status_code == 200
    assert "短视频拍摄" not in staff.get("/calendar?kind=site_visit").text


def test_the_feed_tells_moments_state_and_version_and_no_woman(cohort, staff, client):
    woman = factories.enrolment(cohort)
    lesson = factories.lesson(cohort, link="https://live.example.org/1")
    gone = factories.lesson(cohort, day=1, state=LessonState.CANCELLED)
    found = events(client, new_address(staff))
    event = found[f"lesson-{lesson.id}@127.0.0.1"]
    assert (event.start, event.end) == (lesson.starts_at, lesson.ends_at)
    assert (event["status"], event["sequence"], event["url"]) == ("CONFIRMED", 1, "https://live.example.org/1")
    assert found[f"lesson-{gone.id}@127.0.0.1"]["status"] == "CANCELLED"
    name = db.session.get(factories.Person, woman.person_id).name
    assert name not in str(found)


def test_a_moved_lesson_is_the_same_event_with_a_higher_number(cohort, staff, client):
    lesson, address = factories.lesson(cohort), new_address(staff)
    before = events(client, address)
    with transaction() as session:
        moved = session.get(Lesson, lesson.id)
        moved.starts_at, moved.ends_at = moved.starts_at + timedelta(days=1), moved.ends_at + timedelta(days=1)
    after = events(client, address)
    [uid] = before
    assert after[uid]["sequence"] == before[uid]["sequence"] + 1
    assert after[uid].start == before[uid].start + timedelta(days=1)


def test_a_trainee_gets_her_lessons_and_an_instructor_those_she_gives(cohort, signed_in, client):
    teacher = factories.account(Role.INSTRUCTOR)
    _place, account = factories.trainee(cohort)
    given, other = factories.lesson(cohort, instructor_id=teacher.id), factories.lesson(cohort, day=1)
    factories.lesson(factories.cohort("OTHER"), day=1)
    assert set(events(client, new_address(signed_in(account)))) == {f"lesson-{n.id}@127.0.0.1" for n in (given, other)}
    assert set(events(client, new_address(signed_in(teacher)))) == {f"lesson-{given.id}@127.0.0.1"}


def test_an_address_made_anew_or_taken_back_ends_the_one_before(cohort, staff, client):
    first = new_address(staff)
    second = new_address(staff)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    assert staff.post("/calendar/address", data={"act": "revoke"}).status_code == 303
    assert client.get(second).status_code == 404
    assert client.get("/calendar/wrong.ics").status_code == 404


def test_the_feed_follows_the_rights_of_now(cohort, officer, staff, client):
    factories.lesson(cohort)
    address = new_address(staff)
    assert len(events(client, address)) == 1
    with transaction() as session:
        session.execute(db.update(RoleGrant).where(RoleGrant.account_id == officer.id).values(revoked_at=NOW))
    assert events(client, address) == {}
    with transaction() as session:
        session.get(Account, officer.id).active = False
    assert client.get(address).status_code == 404


def test_a_fetch_is_noted_once_an_hour_and_not_by_a_head(cohort, staff, client):
    address = new_address(staff)
    client.get(address)
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        client.get(address)
    db.session.rollback()
    db.session.expire_all()
    assert db.session.scalar(db.select(CalendarFeed.fetched_at)) == NOW


@pytest.mark.parametrize("lessons", [1, 3])
def test_the_pages_cost_a_fixed_number_of_statements(cohort, staff, client, count_statements, lessons):
    for day in range(lessons):
        factories.lesson(cohort, day=day)
    address = new_address(staff)
    client.get(address)
    for who, url, statements in ((staff, "/calendar", 4), (client, address, 4), (staff, "/calendar/address", 2)):
        with count_statements() as seen:
            assert who.get(url).status_code == 200
        assert len(seen) == statements, url

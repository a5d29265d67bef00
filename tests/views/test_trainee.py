"""A trainee's own pages: what she reads, whose they are, and how little they weigh."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
import time_machine

from tests import factories
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState, NewMark
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.programme import ExcusedCounts
from trainer.models import (
    Application,
    Certificate,
    CompletionRuleVersion,
    CourseTask,
    Person,
    RuleRequirement,
    Selection,
)
from trainer.services import closing, roll

S = AttendanceStatus
# 2026-03-11, 8:30 in China: the third day of the factory's cohort, before the lesson.
NOW = datetime(2026, 3, 11, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_the_third_day():
    with time_machine.travel(NOW, tick=False):
        yield


def attend(lesson, enrolment, status: S, *, is_closed: bool = True) -> None:
    by = factories.actor(Role.MANAGER)
    with transaction():
        roll.record_marks(lesson.id, [NewMark(enrolment.id, status, f"n{lesson.id}")], by=by, at=NOW)
        if is_closed:
            closing.close_lesson(lesson.id, 1, by=by, at=NOW)


def own_page(signed_in, statuses: list[S], ahead: int, *, min_rate_bp: int = 8000, **cohort_values) -> str:
    """Her page after lessons with these statuses and with so many to come."""
    cohort = factories.cohort(min_rate_bp=min_rate_bp, **cohort_values)
    enrolment, account = factories.trainee(cohort)
    morning = datetime(2026, 3, 9, 1, tzinfo=UTC)
    for number, status in enumerate(statuses):
        starts = morning + timedelta(hours=number)
        attend(factories.lesson(cohort, starts_at=starts, ends_at=starts + timedelta(minutes=50)), enrolment, status)
    for number in range(ahead):
        factories.lesson(cohort, day=2 + number)
    return signed_in(account).get("/me").text


def test_one_screen_says_what_comes_next_and_where_she_stands(app, signed_in):
    page = own_page(signed_in, [S.PRESENT] * 6, 2)
    assert "今天 3月11日（星期三）<br>09:00–12:00" in page
    assert "大同市云州区巾帼培训基地" in page
    assert "已上 6 / 8 次课" in page
    assert '<progress max="8" value="6"' in page
    assert "还可以缺 1 次课。" in page
    assert 'href="tel:14000009999"' in page
    assert "给李老师打电话" in page


@pytest.mark.parametrize(
    ("statuses", "ahead", "words"),
    [
        ([S.PRESENT, S.PRESENT, S.PRESENT, S.ABSENT], 1, "一次也不能缺了"),
        ([S.PRESENT, S.ABSENT], 1, "请给班主任打个电话，一起想办法"),
        ([S.PRESENT] * 5, 0, "您的课已经上够了"),
        ([S.ABSENT], 0, "请给班主任打个电话，一起想办法"),
    ],
)
def test_what_she_may_still_miss_is_said_in_words(app, signed_in, statuses, ahead, words):
    assert words in own_page(signed_in, statuses, ahead)


def test_where_all_lessons_are_over_nobody_is_told_to_come_to_the_next(app, signed_in):
    cohort = factories.cohort()
    _enrolment, account = factories.trainee(cohort)
    factories.lesson(cohort)
    page = signed_in(account).get("/me").text
    assert "班主任会核对" in page
    assert "一次也不能缺了" not in page


def test_an_excuse_counts_for_the_rate_as_the_rule_says_but_is_not_a_lesson_attended(app, signed_in):
    cohort = factories.cohort()
    with transaction() as session:
        rule = {"number": 2, "min_rate_bp": 8000, "excused_counts": ExcusedCounts.PRESENT, "set_at": factories.AT}
        session.add(CompletionRuleVersion(cohort_id=cohort.id, **rule))
    enrolment, account = factories.trainee(cohort)
    attend(factories.lesson(cohort), enrolment, S.EXCUSED)
    page = signed_in(account).get("/me").text
    assert "已上 0 / 1 次课" in page
    assert "按学时算到了 100%" in page


def test_everything_stands_in_its_order_and_there_is_one_thing_to_do(app, signed_in):
    cohort = factories.cohort()
    enrolment, account = factories.trainee(cohort)
    factories.lesson(cohort, day=4)
    shop = factories.shop(db.session.get(Person, enrolment.person_id), name="桂花小店")
    with transaction() as session:
        task = CourseTask(cohort_id=cohort.id, title="直播一场", kind="broadcast", proof="link", created_at=NOW)
        selection = Selection(programme_id=cohort.programme_id, name="重点扶持", kind="advanced_training", seats=1)
        selection.region_code, selection.created_at = cohort.region_code, NOW
        session.add_all([task, selection])
        session.flush()
        rule = CompletionRuleVersion(cohort_id=cohort.id, number=2, min_rate_bp=8000, excused_counts="absent")
        rule.set_at = NOW
        session.add(rule)
        session.flush()
        session.add(RuleRequirement(rule_id=rule.id, course_task_id=task.id))
        application = Application(selection_id=selection.id, person_id=enrolment.person_id, code="A-1")
        application.enrolment_id, application.state, application.created_at = enrolment.id, "submitted", NOW
        paper = Certificate(number="JY-1", enrolment_id=enrolment.id, state="valid", name="x", content="{}")
        paper.issued_on, paper.issued_at = NOW.date(), NOW
        session.add_all([application, paper])
    page = signed_in(account).get("/me").text
    order = [
        "下一步",
        "我的课",
        "离证书还差什么",
        "直播一场",
        "我的任务",
        "我的销售",
        shop.name,
        "我的申报",
        "重点扶持",
    ]
    order += ["我的证书和年度账单", "我的证书 (1)", "我的年度账单", "我的信息", "给李老师打电话：1"]
    places = [page.index(words) for words in order]
    assert places == sorted(places), list(zip(order, places, strict=True))
    assert page.count('class="button"') == 1


def test_before_the_first_lesson_there_is_nothing_to_be_sad_about(app, signed_in):
    page = own_page(signed_in, [], 5)
    assert "已上 0 / 5 次课" in page
    assert "还可以缺 1 次课。" in page
    assert "没有更多" not in page
    assert "课表还没排好" in own_page(signed_in, [], 0)


def test_the_current_course_comes_first_and_the_others_below(app, signed_in):
    past = factories.cohort(
        name="去年的班", starts_on=NOW.date() - timedelta(days=200), ends_on=NOW.date() - timedelta(days=190)
    )
    current, coming = (
        factories.cohort(name="现在的班"),
        factories.cohort(
            name="以后的班", starts_on=NOW.date() + timedelta(days=30), ends_on=NOW.date() + timedelta(days=40)
        ),
    )
    enrolment, account = factories.trainee(past)
    person = enrolment.person_id
    for cohort in (coming, current):
        factories.enrolment(cohort, db.session.get(Person, person))
    page = signed_in(account).get("/me").text
    assert page.index("现在的班") < page.index("以后的班") < page.index("去年的班")


def test_every_lesson_stands_in_the_list_with_its_status(app, signed_in):
    cohort = factories.cohort()
    enrolment, account = factories.trainee(cohort)
    attend(factories.lesson(cohort), enrolment, S.LATE)
    attend(factories.lesson(cohort, day=1), enrolment, S.PRESENT, is_closed=False)
    factories.lesson(cohort, day=3, state=LessonState.CANCELLED)
    factories.lesson(cohort, day=4)
    page = signed_in(account).get("/me/lessons").text
    words = ["迟到", "（还没定）", "已取消", "待上课"]
    assert [page.index(word) for word in words] == sorted(page.index(word) for word in words)


@pytest.mark.parametrize("status", [EnrolmentStatus.APPLIED, EnrolmentStatus.WAITLISTED])
def test_who_only_applied_is_told_so(app, signed_in, status):
    woman = factories.person()
    factories.enrolment(factories.cohort(), woman, status=status)
    page = signed_in(factories.account(Role.TRAINEE, person=woman)).get("/me").text
    assert "您的报名已收到" in page


def test_without_any_course_the_page_still_says_what_to_do(app, signed_in):
    page = signed_in(factories.account(Role.TRAINEE, person=factories.person())).get("/me")
    assert page.status_code == 200
    assert "您现在没有参加培训班" in page.text


@pytest.mark.parametrize("url", ["/me", "/me/lessons"])
def test_whose_pages_these_are(app, client, signed_in, url):
    assert client.get(url).status_code == 302
    assert signed_in(factories.account(Role.MANAGER)).get(url).status_code == 404
    assert signed_in(factories.account(Role.TRAINEE)).get(url).status_code == 404  # nobody's account


@pytest.mark.parametrize("path", ["/me/lessons", "/me/messages", "/me/phones", "/me/consents", "/me/data"])
def test_every_page_of_hers_says_whom_to_call(app, signed_in, path):
    _enrolment, account = factories.trainee(factories.cohort())
    assert 'href="tel:14000009999"' in signed_in(account).get(path, follow_redirects=True).text


@pytest.mark.parametrize("lessons", [1, 3])
def test_statements_do_not_grow_with_the_lessons(app, signed_in, count_statements, lessons):
    cohort = factories.cohort()
    _enrolment, account = factories.trainee(cohort)
    for day in range(lessons):
        factories.lesson(cohort, day=day)
    client = signed_in(account)
    client.get("/me")
    for url, number in (("/me/lessons", 5), ("/me", 9)):
        with count_statements() as seen:
            client.get(url)
        assert len(seen) == number, url


class Parts(HTMLParser):
    """What a browser fetches for a page, and what it would run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.scripts = 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "link":
            self.urls.append(values["href"])
        if tag in ("img", "script"):
            self.urls.append(values.get("src", ""))
        self.scripts += tag == "script"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_first_visit_weighs_30_kb_with_everything_and_8_kb_afterwards(app, signed_in, language):
    """Bodies as they travel, compressed, and their headers."""
    cohort = factories.cohort()
    _enrolment, account = factories.trainee(cohort)
    for day in range(5):
        factories.lesson(cohort, day=day)
        factories.lesson(
            cohort,
            day=day,
            starts_at=factories.AT + timedelta(days=day, hours=5),
            ends_at=factories.AT + timedelta(days=day, hours=8),
        )
    client = signed_in(account)

    def weigh(url: str) -> int:
        with client.get(url, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.status_code == 200
            headers = sum(len(name) + len(value) + 4 for name, value in answer.headers)
            return headers + len(answer.get_data())

    for path in ("/me", "/me/lessons", "/me/sales"):
        parts = Parts(client.get(f"{path}?lang={language}").text)
        assert parts.scripts == 0
        page = weigh(f"{path}?lang={language}")
        assert page <= 8 * 1024
        assert page + sum(weigh(url) for url in parts.urls) <= 30 * 1024

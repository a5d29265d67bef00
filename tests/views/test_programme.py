"""Programme and cohort pages: who may, what they show and change, how many statements they take."""

import re
from datetime import timedelta

import pytest

from tests import factories
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.attendance import LessonState
from trainer.models import Cohort, CompletionRuleVersion, Programme
from trainer.queries.cohort import get_rule
from trainer.services.metrics import recompute_cohort

Role = factories.Role
PROGRAMME = {
    "name": "她力量计划",
    "region_code": factories.SHANXI,
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "partners-0-name": "省妇联",
    "partners-0-kind": "organiser",
    "partners-1-name": "",
    "partners-1-kind": "funder",
    "targets-people_trained-value": "1000",
}

TARGETS = {"shops_opened": "4", "cohorts_run": "2", "advanced_trained": "5"}


def cohort_form(programme, **values) -> dict[str, str]:
    return {
        "code": "DT-1",
        "programme_id": str(programme.id),
        "name": "大同市第一期",
        "track": "foundation",
        "region_code": factories.DATONG,
        "place": "云州区",
        "starts_on": "2026-03-09",
        "ends_on": "2026-03-13",
        "capacity": "60",
        "teacher_name": "李老师",
        "teacher_phone": "14000009999",
        "min_rate": "80",
        "max_unexcused": "",
        "excused_counts": "absent",
        **values,
    }


@pytest.fixture
def manager(app, signed_in):
    return signed_in(factories.account(Role.MANAGER, region=factories.SHANXI))


PAGES = ("/programmes/new", "/programmes/{p}/edit", "/cohorts/new", "/cohorts/{c}/edit", "/cohorts/{c}/timetable")
MORE = ("/cohorts/{c}/lessons/new", "/lessons/{l}/edit", "/lessons/{l}/cancel")
SHOWN = ("/programmes", "/programmes/{p}", "/cohorts", "/cohorts/{c}")


def addresses(*patterns):
    cohort = factories.cohort(region=factories.DATONG)
    lesson = factories.lesson(cohort)
    return [pattern.format(p=cohort.programme_id, c=cohort.id, l=lesson.id) for pattern in patterns]


def answers(client, paths) -> set[int]:
    return {client.get(path).status_code for path in paths}


def test_strangers_are_sent_to_sign_in(client):
    assert answers(client, addresses(*SHOWN, *PAGES, *MORE)) == {302}


def test_a_manager_of_the_province_opens_every_page(manager):
    assert answers(manager, addresses(*SHOWN, *PAGES, *MORE)) == {200}


def test_cohort_staff_of_the_city_look_but_do_not_change(signed_in):
    staff = signed_in(factories.account(Role.COHORT_STAFF, region=factories.DATONG))
    assert answers(staff, addresses(*SHOWN)) == {200}
    assert answers(staff, addresses(*PAGES, *MORE)) == {404}


def test_a_manager_of_another_city_finds_nothing_of_this_cohort(signed_in):
    other = signed_in(factories.account(Role.MANAGER, region=factories.LINFEN))
    shown, edit, new, programme = addresses("/cohorts/{c}", "/cohorts/{c}/edit", "/lessons/{l}/edit", "/programmes/{p}")
    assert answers(other, [shown, edit, new]) == {404}
    page = other.get(programme)
    assert page.status_code == 200  # the province's programme concerns her city
    assert "大同市第" not in page.text
    assert "大同市第" not in other.get("/cohorts").text
    assert other.get(f"{programme}/edit").status_code == 404


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.SYSTEM_ADMINISTRATOR])
def test_other_roles_find_nothing(signed_in, role):
    assert answers(signed_in(factories.account(role)), addresses(*SHOWN, *PAGES, *MORE)) == {404}


def test_a_partner_sees_what_was_reached_and_no_cohort(signed_in):
    cohort = factories.cohort()
    factories.enrolment(cohort)
    partner = signed_in(factories.account(Role.PARTNER, region=factories.DATONG))
    page = partner.get(f"/programmes/{cohort.programme_id}")
    assert page.status_code == 200
    assert cohort.name not in page.text
    assert partner.get(f"/cohorts/{cohort.id}").status_code == 404


def test_an_instructor_sees_the_cohorts_she_teaches_and_no_names(signed_in):
    teacher = factories.account(Role.INSTRUCTOR)
    taught, other = factories.cohort(), factories.cohort()
    factories.lesson(taught, instructor_id=teacher.id)
    factories.lesson(other)
    factories.enrolment(taught, factories.person("王秀芳"))
    client = signed_in(teacher)
    listed = client.get("/cohorts").text
    assert taught.name in listed
    assert other.name not in listed
    page = client.get(f"/cohorts/{taught.id}")
    assert page.status_code == 200
    assert "王秀芳" not in page.text
    assert client.get(f"/cohorts/{other.id}").status_code == 404


def test_a_programme_is_made_once_however_often_the_button_is_pressed(manager):
    key = re.search(r'name="idempotency_key"[^>]*value="([^"]+)"', manager.get("/programmes/new").text)[1]
    first, second = (manager.post("/programmes/new", data=PROGRAMME | {"idempotency_key": key}) for _ in range(2))
    assert first.status_code == 302
    assert first.location == second.location
    page = manager.get(first.location).text
    assert "省妇联" in page
    assert "1,000" in page
    assert db.session.scalar(db.select(db.func.count()).select_from(Programme)) == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"ends_on": "2025-12-31"}, "ends_on"),
        ({"targets-people_trained-value": "0"}, "targets-people_trained-value"),
        ({"partners-1-name": "快手", "partners-1-kind": "friend"}, "partners-1-kind"),
        ({"region_code": "110000"}, "region_code"),
    ],
)
def test_a_programme_that_cannot_be_is_refused_and_keeps_what_was_typed(manager, values, field):
    answer = manager.post("/programmes/new", data=PROGRAMME | values)
    assert answer.status_code == 422
    assert marked(answer.text) == {field}
    assert "省妇联" in answer.text
    assert db.session.scalar(db.select(db.func.count()).select_from(Programme)) == 0


def test_a_programme_is_changed(manager):
    programme = factories.programme()
    address = f"/programmes/{programme.id}/edit"
    seen = {"version": factories.version(manager, address)}
    answer = manager.post(address, data=PROGRAMME | seen)
    assert answer.status_code == 302
    assert "她力量计划" in manager.get(answer.location).text


def test_a_taken_name_is_a_sentence(manager):
    factories.programme("她力量计划")
    answer = manager.post("/programmes/new", data=PROGRAMME)
    assert answer.status_code == 422
    assert "已有名为“她力量计划”的项目" in answer.text
    twice = manager.post("/programmes/new", data=PROGRAMME | {"name": "新计划", "partners-1-name": "省妇联"})
    assert twice.status_code == 422
    assert "填了两次" in twice.text


def marked(page: str) -> set[str]:
    """The names of the fields shown as wrong."""
    return {re.search(r'name="([^"]+)"', tag)[1] for tag in re.findall(r"<[^>]*is-invalid[^>]*>", page)}


def test_a_cohort_is_made_with_its_rule(manager):
    answer = manager.post("/cohorts/new", data=cohort_form(factories.programme(), min_rate="66.67", max_unexcused="0"))
    assert answer.status_code == 302
    rule = db.session.scalar(db.select(CompletionRuleVersion))
    assert (rule.min_rate_bp, rule.max_unexcused) == (6667, 0)
    assert "排课表" in manager.get(answer.location).text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "DT 1"}, "code"),
        ({"capacity": "0"}, "capacity"),
        ({"min_rate": "101"}, "min_rate"),
        ({"min_rate": "NaN"}, "min_rate"),
        ({"max_unexcused": "-1"}, "max_unexcused"),
        ({"teacher_phone": "abc"}, "teacher_phone"),
        ({"region_code": "110101"}, "region_code"),
        ({"programme_id": "99"}, "programme_id"),
    ],
)
def test_a_cohort_that_cannot_be_is_refused(manager, values, field):
    answer = manager.post("/cohorts/new", data=cohort_form(factories.programme(), **values))
    assert answer.status_code == 422
    assert marked(answer.text) == {field}
    assert db.session.scalar(db.select(db.func.count()).select_from(Cohort)) == 0


def test_a_taken_code_is_a_sentence(manager):
    cohort = factories.cohort("DT-1")
    answer = manager.post("/cohorts/new", data=cohort_form(cohort.programme))
    assert answer.status_code == 422
    assert f"编号 DT-1 已被“{cohort.name}”使用" in answer.text


def test_the_offered_regions_are_hers_within_the_programmes(signed_in):
    factories.programme(region=factories.SHANXI)
    city = signed_in(factories.account(Role.MANAGER, region=factories.DATONG)).get("/cohorts/new").text
    assert f'value="{factories.YUNZHOU}"' in city
    assert f'value="{factories.LINFEN}"' not in city
    everywhere = signed_in(factories.account(Role.MANAGER)).get("/cohorts/new").text
    assert f'value="{factories.LINFEN}"' in everywhere
    assert 'value="110000"' not in everywhere


def test_a_city_manager_makes_no_cohort_elsewhere(signed_in):
    city = signed_in(factories.account(Role.MANAGER, region=factories.DATONG))
    form = cohort_form(factories.programme(), region_code=factories.LINFEN)
    assert city.post("/cohorts/new", data=form).status_code == 422


def test_changing_a_cohort_leaves_its_rule_to_the_page_of_the_rule(manager):
    cohort = factories.cohort()
    form = cohort_form(cohort.programme, code=cohort.code, min_rate="70")
    page = manager.get(f"/cohorts/{cohort.id}/edit").text
    assert f"/cohorts/{cohort.id}/rule" in page
    assert "min_rate" not in page
    form["version"] = factories.version(manager, f"/cohorts/{cohort.id}/edit")
    assert manager.post(f"/cohorts/{cohort.id}/edit", data=form).status_code == 302
    assert get_rule(cohort.id).number == 1


def test_the_list_is_cut_by_its_filters(manager):
    first = factories.cohort(region=factories.DATONG, name="云州班", place="文化馆")
    factories.cohort(
        region=factories.LINFEN, name="尧都班", place="党校", track="advanced", of=factories.programme("别的计划")
    )
    for query in (
        "q=云州",
        f"q={first.code}",
        "track=foundation",
        f"region={factories.DATONG}",
        f"programme={first.programme_id}",
    ):
        page = manager.get(f"/cohorts?{query}").text
        assert "云州班</a>" in page
        assert "尧都班</a>" not in page
    assert "没有符合条件" in manager.get("/cohorts?q=%25").text


def test_the_women_are_found_by_seat_name_and_initials(manager):
    cohort = factories.cohort()
    for name in ("王秀芳", "李桂花"):
        factories.enrolment(cohort, factories.person(name))
    for text in ("1", "秀芳", "wxf", "wang"):
        page = manager.get(f"/cohorts/{cohort.id}?q={text}").text
        assert "王秀芳" in page
        assert "李桂花" not in page
    page = manager.get(f"/cohorts/{cohort.id}?sort=name").text
    assert page.index("李桂花") < page.index("王秀芳")
    assert "****" in page


def test_what_was_reached_counts_each_woman_once(manager):
    programme = factories.programme()
    first, second = (factories.cohort(of=programme) for _ in range(2))
    both, other = factories.person("甲"), factories.person("乙")
    for cohort, who in ((first, both), (second, both), (first, other)):
        factories.enrolment(cohort, who)
    factories.shop(both)
    factories.shop(both, "douyin")
    factories.lesson(first, state=LessonState.CLOSED)
    with transaction():
        recompute_cohort(first.id, at=factories.AT)
    form = PROGRAMME | {f"targets-{kind}-value": value for kind, value in TARGETS.items()}
    seen = factories.version(manager, f"/programmes/{programme.id}/edit")
    manager.post(f"/programmes/{programme.id}/edit", data=form | {"name": programme.name, "version": seen})
    rows = re.findall(r'<td class="number"[^>]*>([^<]+)</td>', manager.get(f"/programmes/{programme.id}").text)
    reached = [tuple(rows[i : i + 3]) for i in range(0, 12, 3)]
    assert reached == [("1,000", "2", "0.2%"), ("2", "1", "50.0%"), ("5", "0", "0.0%"), ("4", "1", "25.0%")]


def test_the_next_step_follows_the_state(manager):
    today = clock.today()
    cohort = factories.cohort(starts_on=today, ends_on=today + timedelta(days=3))
    path = f"/cohorts/{cohort.id}"
    assert f"{path}/timetable" in manager.get(path).text
    lesson = factories.lesson(cohort, day=1)
    assert f'btn-primary" href="{path}/roster"' in manager.get(path).text
    factories.enrolment(cohort)
    assert "目前没有要办的事" in manager.get(path).text
    with transaction() as session:
        row = session.get(type(lesson), lesson.id)
        row.starts_at, row.ends_at = clock.now() - timedelta(days=2), clock.now() - timedelta(days=1, hours=22)
    page = manager.get(path).text
    assert "还没有结课" in page
    assert f'btn-primary" href="/lessons/{lesson.id}/roll"' in page
    with transaction() as session:
        row = session.get(type(lesson), lesson.id)
        row.state, row.headcount, row.closed_at = LessonState.CLOSED, 1, clock.now()
    assert "所有课都已结课" in manager.get(path).text


@pytest.mark.parametrize("number", [1, 3])
def test_pages_take_a_fixed_number_of_statements(signed_in, count_statements, number):
    manager = signed_in(factories.account(Role.MANAGER, region=factories.SHANXI))
    programme = factories.programme()
    for _ in range(number):
        cohort = factories.cohort(of=programme)
        for day in range(number):
            factories.lesson(cohort, day=day)
            factories.enrolment(cohort)
    paths = ("/programmes", f"/programmes/{programme.id}", "/cohorts", f"/cohorts/{cohort.id}")
    forms = (f"/cohorts/{cohort.id}/edit", f"/cohorts/{cohort.id}/timetable", f"/lessons/{number}/edit", "/cohorts/new")
    counts = []
    for path in (*paths, *forms):
        with count_statements() as seen:
            assert manager.get(path).status_code == 200
        counts.append(len(seen))
    assert counts == [3, 9, 5, 12, 6, 5, 5, 4]


@pytest.mark.parametrize("kind", ["programmes", "cohorts", "lessons"])
def test_of_two_who_change_one_thing_the_second_is_told(manager, kind):
    cohort = factories.cohort(of=factories.programme(region=factories.DATONG))
    lesson = factories.lesson(cohort)
    thing = {"programmes": cohort.programme_id, "cohorts": cohort.id, "lessons": lesson.id}[kind]
    address = f"/{kind}/{thing}/edit"
    seen = factories.version(manager, address)
    form = {
        "programmes": PROGRAMME | {"region_code": factories.DATONG},
        "cohorts": cohort_form(db.session.get(Programme, cohort.programme_id)),
        "lessons": {
            **{"title": "法律常识", "kind": "lecture", "day": "2026-03-09", "begins": "19:00", "ends": "20:30"},
            **{"credit_hours": "1.5", "place": "云州区", "instructor": ""},
        },
    }[kind]
    assert manager.post(address, data=form | {"version": seen}).status_code == 302
    late = manager.post(address, data=form | {"version": seen})
    assert late.status_code == 422
    assert "刚刚有别人改动了这里" in late.text
    assert manager.post(address, data=form).status_code == 422

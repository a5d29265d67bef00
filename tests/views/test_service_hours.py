"""The ledger of help at its pages: staff enter and approve, a woman tells of hers; statements and honours beside it."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from tests import factories
from tests.factories import DATONG, LINFEN
from trainer import clock
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.service_hours import ServiceState
from trainer.models import ServiceEntry
from trainer.models.audit import AuditEvent

KEY = {"idempotency_key": "k1"}
HELP = {"kind": "mentoring", "day": "2026-03-10", "hours": "1.5", "words": "教剪辑", "cohort_id": "0"}


@pytest.fixture
def staff(app):
    return factories.account(Role.COHORT_STAFF, region=DATONG)


@pytest.fixture
def manager(app):
    return factories.account(Role.MANAGER, region=DATONG)


@pytest.fixture
def herself(cohort):
    return factories.trainee(cohort)[1]


def entries() -> list[ServiceEntry]:
    return list(db.session.scalars(db.select(ServiceEntry).order_by(ServiceEntry.id)))


def test_staff_enter_the_same_help_of_several_and_a_manager_approves_it_all(signed_in, staff, manager):
    women = [factories.person(), factories.person("赵玉梅")]
    sent = {**HELP, **KEY, "person": [woman.id for woman in women]}
    client = signed_in(staff)
    for _twice in range(2):
        assert client.post("/service-hours/new", data=sent).status_code == 303
    ids = [entry.id for entry in entries()]
    assert [entry.minutes for entry in entries()] == [90, 90]
    client = signed_in(manager)
    page = client.get("/service-hours/approve", query_string={"entry": ids}).text
    assert "赵玉梅" in page
    assert "2 人共 2 条，合计 3 小时，4 积分" in page
    assert client.post("/service-hours/approve", data={"entry": ids}).status_code == 303
    assert {entry.state for entry in entries()} == {ServiceState.APPROVED}
    assert "3 小时" not in client.get(f"/service-hours?person={women[0].id}").text


def test_what_is_refused_keeps_what_was_typed(signed_in, staff):
    woman = factories.person()
    client = signed_in(staff)
    sent = {**HELP, **KEY, "person": woman.id}
    client.post("/service-hours/new", data=sent)
    again = client.post("/service-hours/new", data={**sent, "idempotency_key": "k2"})
    assert again.status_code == 409
    assert "确实如此" in again.text
    assert "教剪辑" in again.text
    taken = client.post("/service-hours/new", data={**sent, "idempotency_key": "k3", "anyway": "y"})
    assert taken.status_code == 303
    too_long = client.post("/service-hours/new", data={**sent, "hours": "25"})
    assert (too_long.status_code, "最多 24 小时" in too_long.text) == (422, True)
    assert client.post("/service-hours/new", data={**HELP, **KEY}).status_code == 422  # nobody ticked
    foreign = factories.person(region=LINFEN)
    assert client.post("/service-hours/new", data={**sent, "person": foreign.id}).status_code == 404


def test_a_refusal_needs_a_reason_and_an_approval_is_taken_back_with_one(signed_in, manager, herself):
    entry = factories.service_entry(herself.person_id)
    client, address = signed_in(manager), f"/service-hours/{entry}"
    assert client.post(address, data={"act": "refuse"}).status_code == 422
    assert client.post(address, data={"act": "approve"}).status_code == 303
    assert client.post(address, data={"act": "take_back", "reason": "记错了"}).status_code == 303
    assert "记错了" in signed_in(herself).get("/me/service-hours").text
    assert entries()[0].state is ServiceState.TAKEN_BACK


def test_she_tells_of_her_help_with_a_picture_and_takes_it_back(signed_in, herself, manager):
    client = signed_in(herself)
    today = clock.today()
    sent = {**HELP, **KEY, "day": str(today), "picture": (io.BytesIO(factories.picture("JPEG")), "a.jpg")}
    del sent["cohort_id"]
    assert client.post("/me/service-hours/new", data=sent).status_code == 303
    [entry] = entries()
    assert (entry.state, entry.person_id) == (ServiceState.PROPOSED, herself.person_id)
    assert "等待答复" in client.get("/me/service-hours").text
    assert signed_in(manager).get(f"/service-hours/{entry.id}/evidence").mimetype == "image/jpeg"
    assert db.session.scalar(db.select(AuditEvent.action).order_by(AuditEvent.seq.desc())) == (
        "service_hours.show_evidence"
    )
    assert client.post(f"/me/service-hours/{entry.id}/take-back").status_code == 303
    assert "已撤回" in client.get("/me/service-hours").text
    late = {**HELP, "idempotency_key": "k9", "day": str(today + timedelta(1))}
    assert client.post("/me/service-hours/new", data=late).status_code == 422


def test_only_a_manager_of_a_province_sets_a_rate(signed_in, manager):
    rate = {"kind": "mentoring", "from_on": "2026-01-01", "points_per_hour": "2"}
    assert signed_in(manager).post("/service-hours/tariff", data=rate).status_code == 404
    client = signed_in(factories.account(Role.MANAGER, region="140000"))
    assert client.post("/service-hours/tariff", data=rate).status_code == 303
    factories.service_entry(factories.person().id, state=ServiceState.APPROVED, points=3)
    assert "2026-03-10" in client.post("/service-hours/tariff", data=rate).text


def test_the_workbook_says_what_its_figures_mean(signed_in, staff):
    factories.service_entry(factories.person().id, state=ServiceState.APPROVED, points=2)
    answer = signed_in(staff).get("/service-hours/export?state=approved")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    said = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    assert "1.5" in said
    assert "四舍五入" in said


@pytest.mark.parametrize("things", [1, 3])
@pytest.mark.parametrize(
    ("address", "statements"),
    [("/service-hours", 5), ("/service-hours/new?q=w", 3), ("/honours", 4), ("/honour-roll/2026", 3)],
)
def test_pages_of_staff_take_the_same_statements(signed_in, count_statements, manager, address, statements, things):
    for _thing in range(things):
        woman = factories.person()
        factories.service_entry(woman.id)
        factories.honour(woman.id)
    client = signed_in(manager)
    client.get(address)
    with count_statements() as seen:
        assert client.get(address).status_code == 200
    assert len(seen) == statements


@pytest.mark.parametrize("things", [1, 3])
@pytest.mark.parametrize(("address", "statements"), [("/me/service-hours", 5), ("/me/year/2026", 8)])
def test_her_pages_take_the_same_statements(signed_in, count_statements, herself, address, statements, things):
    for number in range(things):
        factories.service_entry(herself.person_id, state=ServiceState.APPROVED, points=1)
        factories.honour(herself.person_id, f"荣誉{number}")
    client = signed_in(herself)
    client.get(address)
    with count_statements() as seen:
        answer = client.get(address)
    assert len(seen) == statements
    assert len(answer.data) < 16_000


def test_her_year_hides_her_name_on_the_picture_unless_she_wants_it(signed_in, herself):
    factories.service_entry(herself.person_id, state=ServiceState.APPROVED, points=2)
    client = signed_in(herself)
    assert client.get("/me/year").location.endswith("/me/year/2026")
    pictures = [client.get(f"/me/year/2026.png{name}").data for name in ("", "?name=full")]
    assert pictures[0] != pictures[1]
    assert "name=full" not in client.get("/me/year/2026/picture").text.split("<img")[1]
    assert client.get("/me/year/2099").status_code == 404


def test_staff_open_her_year_where_they_see_her_sales(signed_in, staff, herself):
    factories.service_entry(herself.person_id, state=ServiceState.APPROVED, points=2)
    page = signed_in(staff).get(f"/people/{herself.person_id}/year/2026")
    assert "1.5" in page.text
    elsewhere = factories.account(Role.COHORT_STAFF, region=LINFEN)
    assert signed_in(elsewhere).get(f"/people/{herself.person_id}/year/2026").status_code == 404


def test_an_honour_goes_from_the_form_to_the_public_page_and_off_it(signed_in, client, manager):
    woman = factories.person("王秀芳")
    staff = signed_in(manager)
    assert woman.name in staff.get("/honours/new?q=wxf").text
    draft = {**KEY, "year": "2026", "title": "年度带头人", "region": "大同市", "citation": "王秀芳带动姐妹。"}
    answer = staff.post(f"/honours/new?person={woman.id}", data=draft)
    assert answer.status_code == 303
    assert client.get("/honour-roll/2026").status_code == 404
    staff.post(answer.location, data={"act": "publish"})
    page = client.get("/honour-roll/2026")
    assert page.headers["Cache-Control"] == "no-store"
    assert "王*芳带动姐妹。" in page.text
    assert "王秀芳" not in page.text
    assert "1 人，0 个项目" in client.get("/honour-roll").text
    assert staff.post(answer.location, data={"act": "withdraw"}).status_code == 422
    staff.post(answer.location, data={"act": "withdraw", "reason": "材料不实"})
    assert staff.get(answer.location).text.count(f" · {manager.name}") == 2  # who published it, who took it away
    assert client.get("/honour-roll/2026").status_code == 404


def test_an_honour_is_entered_and_changed_within_reach_only(signed_in, manager):
    client = signed_in(manager)
    project = {**KEY, "year": "2026", "title": "优秀项目", "project": "直播助农", "region": "大同市"}
    assert client.post("/honours/new?kind=project", data={**project, "region": "临汾市"}).status_code == 404
    assert client.post("/honours/new?kind=project", data={**project, "region": "无此地"}).status_code == 422
    address = client.post("/honours/new?kind=project", data=project).location
    version = factories.version(client, f"{address}/edit")
    changed = {**project, "version": version, "citation": "三个乡镇供货。"}
    assert client.post(f"{address}/edit", data=changed).status_code == 303
    assert client.post(f"{address}/edit", data=changed).status_code == 409
    assert "三个乡镇供货。" in client.get(address).text

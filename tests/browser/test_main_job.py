"""The programme's main job in a real browser, by the people who do it: from the empty installation to the ranking."""

import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from tests.browser.test_roll import wait_until_saved
from tests.conftest import SAMPLES
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM
from trainer.services import account as accounts

PASSWORD = "Seven-hills-77"
WORDS = "没有想法\n有初步想法\n想法清楚\n计划可行\n计划周全"
FIXES = {19: ("联系电话", "14000000216"), 26: ("身份证号码", ""), 34: ("身份证号码", ""), 59: ("姓 名", "段玉莲")}


@pytest.fixture
def people(browser, live_site):
    """`people(**context)`: a browser of somebody who has not signed in; what breaks on a page fails the test."""
    contexts, messages = [], []

    def arrive(**values):
        context = browser.new_context(base_url=live_site, accept_downloads=True, **values)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: messages.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: messages.append(str(error)))
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert messages == []


@pytest.fixture
def by_day(monkeypatch):
    """At night the clock stands at ten in the morning: a lesson of today can be held only once it has begun."""
    now = clock.now
    ten = clock.local(now()).replace(hour=10, minute=0)
    if (ahead := ten - now()) > timedelta():
        monkeypatch.setattr(clock, "now", lambda: now() + ahead)


def follow(page, button) -> None:
    """Click, and wait until the page it leads to stands: a reload or an address sooner would race it."""
    with page.expect_navigation():
        button.click()


def press(page) -> None:
    """The one primary button of the page."""
    follow(page, page.locator("main .btn-primary").first)


def fill(page, **values) -> None:
    for name, value in values.items():
        field = page.locator(f"[name='{name.replace('__', '-')}']").first
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(str(value))


def sign_in(page, username: str) -> None:
    page.goto("/sign-in")
    fill(page, username=username, password=PASSWORD)
    follow(page, page.locator("form[action='/sign-in'] button"))


def invited(administrator, people, username: str, name: str, role: str, region: str = "140200", **context):
    """Somebody who came by her invitation and has signed in."""
    administrator.goto("/accounts/new")
    fill(administrator, name=name, username=username, role=role, region_code=region)
    press(administrator)
    link = re.search(r"/invitation/\S+", administrator.locator(".secret-link").inner_text())[0]
    page = people(**context)
    page.goto(link)
    fill(page, password=PASSWORD, again=PASSWORD)
    follow(page, page.locator("main button"))
    sign_in(page, username)
    return page


def set_up(people):
    with transaction():
        token = accounts.issue_setup_link(by=SYSTEM, at=clock.now())
    db.session.rollback()
    page = people()
    page.goto(f"/set-up/{token}")
    fill(page, name="陈主任", username="chen", password=PASSWORD, again=PASSWORD)
    follow(page, page.locator("main button"))
    sign_in(page, "chen")
    return page


def make_cohort(manager) -> str:
    """A programme, a cohort of it that begins today, and its lessons; returns the cohort's address."""
    today = clock.today()
    manager.goto("/programmes/new")
    fill(
        manager,
        name="她力量乡村振兴帮扶计划",
        region_code="140200",
        starts_on=today,
        ends_on=today + timedelta(days=300),
    )
    fill(manager, partners__0__name="中国妇女发展基金会", targets__people_trained__value=100)
    press(manager)
    assert "中国妇女发展基金会" in manager.locator("main").inner_text()
    manager.goto("/cohorts/new")
    fill(manager, code="DT-01", name="大同市第一期", region_code="140200", place="云州区巾帼培训基地", capacity=100)
    fill(
        manager, starts_on=today, ends_on=today + timedelta(days=1), teacher_name="李老师", teacher_phone="14000009999"
    )
    press(manager)
    address = manager.url
    press(manager)  # the next step: the timetable
    for number, title in enumerate(("开班与电商形势", "账号注册与定位", "短视频拍摄")):
        fill(manager, **{f"slots__{number}__title": title})
        manager.locator(f"[name='slots-{number}-chosen']").check()  # on a weekend it comes unticked
    manager.locator("[name='slots-3-chosen']").uncheck()
    press(manager)
    manager.goto(address)
    assert "短视频拍摄" in manager.locator("main").inner_text()
    return address


def send_roster(staff, cohort: str, file) -> None:
    staff.goto(f"{cohort}/roster")
    staff.set_input_files("input[type=file]", file)
    press(staff)


def take_in_roster(staff, cohort: str) -> None:
    send_roster(staff, cohort, SAMPLES / "roster_datong_SYNTHETIC.xlsx")
    assert "95 人加入培训班" in staff.locator("main").inner_text()
    press(staff)
    with staff.expect_download() as download:
        staff.locator("a[href*='/rejected']").first.click()
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    send_roster(staff, cohort, {"name": "改好.xlsx", "mimeType": "application/xlsx", "buffer": mended(book)})
    assert "4 人加入培训班" in staff.locator("main").inner_text()
    press(staff)
    send_roster(staff, cohort, SAMPLES / "roster_datong_SYNTHETIC.xlsx")
    assert "没有" in staff.locator(".next-step, .notice").first.inner_text()
    staff.goto(cohort)
    assert "99" in staff.locator(".figures").inner_text()


def mended(book) -> bytes:
    """The workbook of bad rows with its mistakes put right."""
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows())
    header = next(row for row in rows if any(cell.value == "联系电话" for cell in row))
    columns = {str(cell.value): cell.column for cell in header}
    numbers = {"阎改花": 19, "唐晓燕": 26, "蒋月娥": 34, None: 59}
    for row in rows[header[0].row :]:
        name = sheet.cell(row[0].row, columns["姓 名"]).value
        if all(cell.value is None for cell in row):
            continue
        heading, value = FIXES[numbers[name]]
        sheet.cell(row[0].row, columns[heading]).value = value or None
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def run_lesson(staff, cohort: str) -> None:
    """On a phone: three are there, the rest are not; heads counted, closed."""
    staff.goto("/rolls")
    follow(staff, staff.locator(".rolls a.btn").first)
    for name in ("梁红霞", "袁玉兰", "沈丽"):
        row = staff.locator(f"li[aria-label$=' {name}']")
        row.get_by_role("button", name="到", exact=True).click()
        row.locator(".pill-good").wait_for()
    staff.locator("a[href*='/rest']").first.click()
    staff.locator("#rest .btn-primary").click()
    staff.locator("[data-count=unmarked]", has_text=re.compile("^0$")).wait_for()
    wait_until_saved(staff)
    staff.locator("a[href*='/close']:visible").first.click()
    staff.wait_for_url("**/close")
    fill(staff, headcount=3)
    press(staff)
    assert "已结课" in staff.locator("main").inner_text()


def her_own_page(staff, people, cohort: str):
    """Staff reads a code to one woman; she signs in with it."""
    staff.goto("/people?q=梁红霞")
    follow(staff, staff.locator("main table a").first)
    address = staff.url
    press(staff)
    code = re.sub(r"\D", "", staff.locator(".spoken-code").inner_text())
    page = people(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page.goto("/code")
    fill(page, phone="140 0000 0200", code=code)
    follow(page, page.locator("main button"))
    assert "梁红霞" in page.locator("h1").inner_text()
    assert "已上 1 / 3" in page.locator("main").inner_text()
    return page, address


def take_in_sales(staff, person: str) -> None:
    """Her Kuaishou broadcasts: in, out, and in again; her Douyin orders in."""
    files = (
        ("kuaishou", "快手小店", "kuaishou_live_sessions_SYNTHETIC.xlsx"),
        ("douyin", "抖音小店", "douyin_orders_SYNTHETIC_tabids.csv"),
    )
    for platform, name, file in files:
        staff.goto(f"/shops/new?person_id={person.rsplit('/', 1)[1]}")
        fill(staff, platform=platform, name=name)
        press(staff)
        shop = staff.url
        for _again in range(2):
            staff.goto(f"{shop}/files")
            staff.set_input_files("input[type=file]", SAMPLES / file)
            press(staff)
            press(staff)
            if platform == "douyin" or _again:
                break
            follow(staff, staff.locator("a[href*='/undo']").first)
            press(staff)
            staff.goto(shop)
            assert "¥17,780.50" not in staff.locator("main").inner_text()
        staff.goto(shop)
        text = staff.locator("main").inner_text()
        for figure in (
            ("¥17,780.50", "¥1,439.40") if platform == "kuaishou" else ("¥4,381.90", "¥2,080.50", "¥2,301.40")
        ):
            assert figure in text


def ask(manager, home: str, name: str, evaluator) -> None:
    """She is asked by a link, accepts, and knows none of the candidates."""
    manager.goto(f"{home}/panel/invite")
    choice = manager.locator("[name=account_id] option", has_text=name).first.get_attribute("value")
    fill(manager, account_id=choice)
    press(manager)
    link = manager.locator(".secret-link").inner_text()
    evaluator.goto(link[link.index("/panel/") :])
    follow(evaluator, evaluator.locator("[name=act][value=accept]"))
    evaluator.goto("/reviews")
    follow(evaluator, evaluator.locator("main a[href$='/declaration']").first)
    evaluator.locator("[name=none]").check()
    evaluator.locator("[name=silent]").check()
    press(evaluator)


def prepare_selection(manager, cohort: str, evaluators) -> str:
    manager.goto("/selections/new")
    fill(manager, name="重点扶持培训", kind="advanced_training", region_code="140200", seats=2, round_kind="expert")
    press(manager)
    home = manager.url
    for kind, points, values in (
        ("judged", 60, {"name": "创业计划", "levels": WORDS}),
        ("weighted", 20, {"name": "出勤率", "field": "attendance_rate", "of": 100}),
        ("percentile", 20, {"name": "净成交额", "field": "net_sales_fen"}),
    ):
        manager.goto(f"{home}/rubric/new?kind={kind}")
        fill(manager, points=points, **values)
        press(manager)
    manager.goto(f"{home}/candidates/new?cohort={cohort.rsplit('/', 1)[1]}")
    for box in manager.locator("[name=enrolment_ids]").all()[:3]:
        box.check()
    follow(manager, manager.get_by_role("button", name="添加勾选的人"))
    for number, evaluator in enumerate(evaluators, start=1):
        ask(manager, home, f"评委{number}", evaluator)
    manager.goto(f"{home}/evaluators")
    manager.locator("[name=everybody]").check()
    press(manager)  # who would read what
    press(manager)
    manager.goto(f"{home}/open")
    press(manager)
    return home


def score(evaluator, level: int) -> None:
    """Three sheets, the first by way of a draft; never a name on a page."""
    evaluator.goto("/reviews")
    press(evaluator)
    evaluator.locator(f"[name=level_c1][value='{level}']").check()
    follow(evaluator, evaluator.get_by_role("button", name="保存草稿"))
    evaluator.reload()
    assert evaluator.locator(f"[name=level_c1][value='{level}']").is_checked()
    for _ in range(3):
        assert "梁红霞" not in evaluator.content()
        for answer in (f"level_c1][value='{level}'", "recommendation][value='support'", "confidence][value='3'"):
            evaluator.locator(f"[name={answer}]").check()
        follow(evaluator, evaluator.get_by_role("button", name="提交", exact=True))
    assert "3 / 3" in evaluator.locator("main").inner_text()


def test_from_the_empty_installation_to_the_ranking(people, app, by_day):
    administrator = set_up(people)
    manager = invited(administrator, people, "jianying", "郝建英", "manager")
    staff = invited(administrator, people, "huimin", "李慧敏", "cohort_staff", viewport={"width": 360, "height": 740})
    evaluators = [
        invited(
            administrator, people, f"pingwei{n}", f"评委{n}", "evaluator", "", viewport={"width": 820, "height": 1180}
        )
        for n in (1, 2)
    ]
    cohort = make_cohort(manager)
    take_in_roster(staff, cohort)
    run_lesson(staff, cohort)
    trainee, person = her_own_page(staff, people, cohort)
    take_in_sales(staff, person)
    trainee.goto("/me/sales/all")
    assert "¥17,780.50" in trainee.locator("main").inner_text()
    home = prepare_selection(manager, cohort, evaluators)
    for evaluator, level in zip(evaluators, (5, 4), strict=True):
        score(evaluator, level)
    manager.goto(f"{home}/close")
    press(manager)
    manager.goto(f"{home}/ranking")
    assert "梁红霞" in manager.locator("table").first.inner_text()
    with manager.expect_download() as download:
        manager.locator("a[href*='export']").first.click()
    assert load_workbook(io.BytesIO(download.value.path().read_bytes())).sheetnames[0] == "排名"

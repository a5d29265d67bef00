"""The search box: what is found by whom, what stands in no address, and what it costs."""

import pytest

from tests import factories, selections
from tests.factories import DATONG, LINFEN, YUNZHOU, Role
from trainer.crypto import keyring
from trainer.database import db, transaction
from trainer.models import Person
from trainer.services.phone_tails import fill_missing, tail_index

pytestmark = pytest.mark.postgresql
ID = "14029919931102840X"


@pytest.fixture
def woman(app):
    return factories.person(
        "王秀芳", phone="14000011234", id_number=ID, phone_tail_index=tail_index("14000011234"), region=YUNZHOU
    )


@pytest.fixture
def staff(app, signed_in):
    """Of the area that the woman lives in."""
    return signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))


def find(client, text):
    """As the box sends it: the page it ends on."""
    return client.post("/search", data={"q": text}, follow_redirects=True)


@pytest.mark.parametrize(
    "text", ["王秀芳", "秀芳", "王", "wxf", "WX", "wangxiufang", "wang xiu f", "大西沟", "1234", "１２ 34"]
)
def test_a_woman_is_found_by_what_people_say(staff, woman, text):
    page = find(staff, text).text
    assert f'href="/people/{woman.id}"' in page
    assert "140****1234" in page
    assert woman.phone not in page


@pytest.mark.parametrize("text", ["李", "xf", "秀%", "_秀芳", "%", "_", "\\", "1235", "123", "' OR 1=1 --", "xiufang"])
def test_nobody_is_found_by_what_does_not_fit_and_signs_mean_themselves(staff, woman, text):
    answer = find(staff, text)
    assert answer.status_code == 200
    assert "/people/" not in answer.text.split("<main")[1]


@pytest.mark.parametrize("text", ["14000011234", "140 0001-1234", ID, ID.lower()])
def test_a_whole_number_is_answered_and_stands_in_no_address(staff, woman, text):
    answer = staff.post("/search", data={"q": text})
    assert answer.status_code == 200
    assert f'href="/people/{woman.id}"' in answer.text
    assert text not in answer.text
    sent_away = staff.get("/search", query_string={"q": text})
    assert (sent_away.status_code, sent_away.location) == (303, "/search")


def test_a_number_among_words_finds_nothing_and_goes_nowhere(staff, woman):
    answer = staff.post("/search", data={"q": "王秀芳 14000011234"})
    assert answer.status_code == 422
    assert "不要同时输入" in answer.text
    assert "14000011234" not in answer.text
    assert staff.get("/search?q=王秀芳 14000011234").location == "/search"


@pytest.mark.parametrize("text", ["王秀芳", "wxf", "1234", "14000011234", ID])
def test_another_area_finds_nothing(signed_in, woman, text):
    other = signed_in(factories.account(Role.COHORT_STAFF, region=LINFEN))
    assert "没有找到" in find(other, text).text


def world():
    """Something of each kind that "大同" or "A-0" fits."""
    made = selections.ready(region=DATONG)
    factories.person("大同花", region=DATONG)
    return made


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.MANAGER, {"people", "cohorts", "programmes", "applications"}),
        (Role.COHORT_STAFF, {"people", "cohorts", "programmes"}),
        (Role.AUDITOR, {"people", "cohorts", "programmes", "applications"}),
        (Role.FINANCE, {"cohorts", "programmes", "applications"}),
        (Role.INSTRUCTOR, {"cohorts"}),
    ],
)
def test_each_role_finds_what_it_may_list(app, signed_in, role, kinds):
    made = world()
    factories.programme("大同的项目", region=DATONG)
    client = signed_in(factories.account(role, region=DATONG))
    main = "".join(find(client, text).text.split("<main")[1] for text in ("大同", "a-0"))
    signs = {
        "people": 'href="/people/',
        "cohorts": f'href="/cohorts/{made.cohort.id}"',
        "programmes": 'href="/programmes/',
        "applications": f'href="/selections/{made.selection_id}"',
    }
    assert {kind for kind, sign in signs.items() if sign in main} == kinds


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.EVALUATOR, Role.PARTNER])
def test_who_may_not_search_has_no_box(app, signed_in, role):
    client = signed_in(factories.account(role))
    assert client.get("/search").status_code == 404
    assert client.post("/search", data={"q": "王"}).status_code == 404
    assert 'class="anything"' not in client.get("/", follow_redirects=True).text


def test_twenty_are_shown_by_the_sound_of_their_names_and_the_rest_is_linked(staff):
    for name in ["赵小花", *["李小花"] * 20, "安小花"]:
        factories.person(name)
    page = find(staff, "小花").text
    assert page.count('href="/people/') == 20
    assert page.index("安小花") < page.index("李小花")
    assert "赵小花" not in page
    more = 'href="/people?q=%E5%B0%8F%E8%8A%B1"'
    assert more in page
    assert "全部 22 条" in page


@pytest.mark.parametrize("text", ["", "   ", "王" * 200, "w", "%" * 200])
def test_little_and_much_are_answered_sensibly(staff, woman, text):
    answer = find(staff, text)
    assert answer.status_code == 200
    assert len(answer.request.query_string) < 700
    if not text.strip():
        assert "请在上方搜索框输入" in answer.text


@pytest.mark.parametrize("number", [1, 3])
def test_a_search_takes_a_fixed_number_of_statements(app, signed_in, count_statements, number):
    for _each in range(number):
        factories.programme(f"大同的项目{_each}", region=DATONG)
        factories.enrolment(factories.cohort(), factories.person("大同花"))
    client = signed_in(factories.account(Role.MANAGER))
    with count_statements() as seen:
        page = client.get("/search?q=大同")
    assert page.text.count("大同花") == number
    assert len(seen) == 9


def test_records_from_before_are_filled_once(app, woman):
    old = [factories.person(phone=f"1400002{n:04d}").id for n in range(3)]
    with transaction():
        assert fill_missing() == 3
    with transaction():
        assert fill_missing() == 0
    for number in old:
        person = db.session.get(Person, number)
        assert person.phone_tail_index == keyring().blind_index("phone_tail", person.phone[-4:])
        assert person.version == 1

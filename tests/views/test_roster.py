"""Pages of rosters: who may enter, what is shown and hidden, decisions, downloads, and how much each page asks."""

import io
import re
from urllib.parse import unquote

import pytest
from flask_babel import refresh

from tests import factories
from tests.rosters import ID_1, ID_2, SAMPLE, cells, roster_file
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.models import Enrolment, ImportBatch, Person
from trainer.services import roster, roster_commit


def send(client, cohort, content: bytes, name: str = "大同 花名册.xlsx", **values):
    data = {"file": (io.BytesIO(content), name), "idempotency_key": name.replace(" ", ""), **values}
    return client.post(f"/cohorts/{cohort.id}/roster", data=data)


def preview(client, cohort, content: bytes, **values) -> str:
    answer = send(client, cohort, content, **values)
    assert answer.status_code == 303
    return answer.location


def confirm(client, url: str, joined_on: str = "2026-03-09"):
    return client.post(f"{url}/commit", data={"joined_on": joined_on})


def enrolled() -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(Enrolment))


class TestDoors:
    def test_a_stranger_signs_in_first(self, client, cohort):
        assert client.get(f"/cohorts/{cohort.id}/roster").location.startswith("/sign-in")

    @pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.AUDITOR, Role.EVALUATOR, Role.SYSTEM_ADMINISTRATOR])
    def test_other_roles_find_nothing(self, signed_in, cohort, role):
        assert signed_in(factories.account(role)).get(f"/cohorts/{cohort.id}/roster").status_code == 404

    def test_staff_of_another_city_find_nothing(self, signed_in, staff, cohort):
        url = preview(staff, cohort, roster_file(("王芳", ID_1, "14000000001")))
        other = signed_in(factories.account(Role.COHORT_STAFF, region=factories.LINFEN))
        pages = [
            f"/cohorts/{cohort.id}/roster",
            f"/cohorts/{cohort.id}/roster/form",
            url,
            f"{url}/rejected",
            f"{url}/undo",
        ]
        assert {other.get(page).status_code for page in pages} == {404}
        acts = [f"{url}/commit", f"{url}/discard", f"{url}/undo", f"{url}/rows/2"]
        assert {other.post(act, data={"joined_on": "2026-03-09"}).status_code for act in acts} == {404}
        assert send(other, cohort, b"x").status_code == 404
        assert enrolled() == 0

    def test_a_number_of_no_batch(self, staff):
        assert staff.get("/imports/roster/99").status_code == 404


class TestSending:
    def test_the_empty_state_says_what_will_stand_there(self, staff, cohort):
        page = staff.get(f"/cohorts/{cohort.id}/roster").text
        assert "还没有导入过文件" in page
        assert f"/cohorts/{cohort.id}/roster/form" in page

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "文件是空的"),
            (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "图片"),
            (b"PK\x03\x04 torn", "文件已损坏"),
            (b"a,b\n1,2\n", "没有找到表头"),
        ],
    )
    def test_an_unfit_file_is_refused_in_plain_words(self, staff, cohort, content, words):
        answer = send(staff, cohort, content)
        assert answer.status_code == 422
        assert words in answer.text
        assert db.session.scalar(db.select(ImportBatch)) is None

    def test_no_file(self, staff, cohort):
        answer = staff.post(f"/cohorts/{cohort.id}/roster", data={})
        assert (answer.status_code, "请选择文件" in answer.text) == (422, True)

    def test_a_double_click_makes_one_preview(self, staff, cohort):
        content = roster_file(("王芳", ID_1, "14000000001"))
        assert preview(staff, cohort, content) == preview(staff, cohort, content)

    def test_the_blank_form(self, staff, cohort):
        answer = staff.get(f"/cohorts/{cohort.id}/roster/form")
        name = unquote(re.search(r"filename\*=UTF-8''(\S+)", answer.headers["Content-Disposition"])[1])
        assert re.fullmatch(rf"{cohort.name}学员花名册_空表_\d{{8}}\.xlsx", name)
        assert cells(answer.data)[1][:4] == ("序号", "姓名", "性别", "身份证号码")


class TestPreview:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_every_kind_of_row_with_its_reason(self, staff, cohort, language):
        url = preview(staff, cohort, SAMPLE.read_bytes())
        refresh()  # the language chosen for the request before is kept in the tests' own context
        page = staff.get(f"{url}?lang={language}").text
        words = {
            "zh": (
                "手机号是 10 位数字，应为 11 位。",
                "末尾几位已经丢失",
                "校验码不符",
                "没有填写姓名",
                "与第 44 行是同一人",
            ),
            "en": (
                "has 10 digits",
                "lost its last digits",
                "does not fit the others",
                "name is missing",
                "same as row 44",
            ),
        }
        assert [said for said in words[language] if said not in page] == []
        assert [row for row in (19, 26, 34, 59, 45) if f'id="row-{row}"' not in page] == []

    def test_numbers_are_masked(self, staff, cohort):
        factories.person("王芳", phone="14000000008", id_number=ID_2, village="上庄村")
        rows = [("王芳", "", "14000000001", "", "上庄村"), ("李红", ID_1, "14000000002")]
        page = staff.get(preview(staff, cohort, roster_file(*rows))).text
        assert not re.search(r"140000000\d\d|\d{17}[\dX]", page)
        assert "140****0008" in page
        assert "140***********8401" in page

    def test_text_of_the_file_is_no_markup(self, staff, cohort):
        danger = "<script>alert(1)</script>"
        rows = [(danger, ID_1, "14000000001", danger, danger, danger, danger), ("王芳", "1", "2", danger)]
        url = preview(staff, cohort, roster_file(*rows), name=f"{danger}.xlsx")
        for page in (url, f"{url}?kind=new", f"{url}?kind=rejected", f"/cohorts/{cohort.id}/roster"):
            assert "<script>alert" not in staff.get(page).text

    def test_a_kind_in_pages(self, staff, cohort):
        url = preview(staff, cohort, SAMPLE.read_bytes())
        first, last = staff.get(f"{url}?kind=new").text, staff.get(f"{url}?kind=new&page=5").text
        assert (first.count('id="row-'), last.count('id="row-')) == (20, 15)
        assert "共 95 条" in first
        assert staff.get(f"{url}?kind=remarks").text.count('id="row-') == 1
        assert staff.get(f"{url}?kind=nonsense").status_code == 200

    def test_nothing_to_do_for_the_same_file_again(self, staff, cohort):
        content = roster_file(("王芳", ID_1, "14000000001"))
        confirm(staff, preview(staff, cohort, content))
        page = staff.get(preview(staff, cohort, content, idempotency_key="again")).text
        assert "导入过。" in page
        assert "不需要操作" in page
        assert "确认导入" not in page

    @pytest.mark.parametrize("kind", ["", "?kind=new", "?kind=update"])
    def test_a_fixed_number_of_statements(self, staff, cohort, kind, count_statements):
        def statements(number: int) -> int:
            phones = [f"14000{number}0000{n}" for n in range(number)]
            for phone in phones:
                factories.enrolment(cohort, factories.person("王芳", phone=phone))
            changed = [("王芳", "", phone, "天镇县") for phone in phones]
            new = [("李红", "", phone) for phone in phones]
            url = preview(staff, cohort, roster_file(*changed, *new), idempotency_key=str(number))
            with count_statements() as seen:
                assert staff.get(url + kind).text.count('id="row-') == (number if kind else 2 * number)
            return len(seen)

        assert [statements(1), statements(3)] == [{"": 6, "?kind=new": 6, "?kind=update": 7}[kind]] * 2

    def test_the_list_of_files_in_a_fixed_number_of_statements(self, staff, cohort, count_statements):
        for number in range(1, 4):
            preview(staff, cohort, roster_file((f"王{number}", ID_1, "14000000001")), idempotency_key=str(number))
            with count_statements() as seen:
                assert staff.get(f"/cohorts/{cohort.id}/roster").text.count("待确认") == number
            assert len(seen) == 3


class TestConfirming:
    def test_the_day_they_take_part_from(self, staff, cohort):
        url = preview(staff, cohort, roster_file(("王芳", ID_1, "14000000001")))
        for day in ("2026-03-08", "2026-03-14", "", "soon"):
            answer = confirm(staff, url, day)
            assert (answer.status_code, enrolled()) == (422, 0)
        assert confirm(staff, url, "2026-03-11").status_code == 303
        assert str(db.session.scalar(db.select(Enrolment.joined_on))) == "2026-03-11"

    def test_the_result(self, staff, cohort):
        url = preview(staff, cohort, SAMPLE.read_bytes())
        confirm(staff, url)
        page = staff.get(url).text
        assert "95 人加入培训班，5 行没有导入" in page
        assert f"{url}/undo" in page
        assert "确认导入" not in page

    def test_a_decision(self, staff, cohort):
        known = factories.person("王芳", phone="14000000009", village="上庄村")
        url = preview(staff, cohort, roster_file(("王芳", ID_1, "14000000001", "", "上庄村")))
        assert f'value="same:{known.id}"' in staff.get(url).text
        assert staff.post(f"{url}/rows/2", data={"decision": "same:77"}).status_code == 422
        assert staff.post(f"{url}/rows/2", data={}).status_code == 422
        answer = staff.post(f"{url}/rows/2", data={"decision": f"same:{known.id}"})
        assert answer.location == f"{url}#row-2"
        assert "已判断" in staff.get(url).text
        confirm(staff, url)
        assert db.session.scalar(db.select(Person.phone)) == "14000000001"

    def test_the_register_changed_meanwhile(self, staff, cohort):
        url = preview(staff, cohort, roster_file(("王芳", ID_1, "14000000001"), ("王丽", ID_2, "14000000002")))
        reading = roster.read("other.xlsx", roster_file(("王芳", ID_1, "14000000001")), today=cohort.starts_on)
        by = factories.actor(Role.MANAGER)
        with transaction():
            batch = roster.preview(cohort.id, reading, by=by, at=factories.AT)
            roster_commit.commit(batch.id, by=by, at=factories.AT)
        answer = staff.post(f"{url}/commit", data={"joined_on": "2026-03-09"}, follow_redirects=True)
        assert "预检之后资料有了变化，有 1 行的结果会不同" in answer.text
        assert enrolled() == 1
        confirm(staff, url)
        assert enrolled() == 2

    def test_discarding(self, staff, cohort):
        url = preview(staff, cohort, roster_file(("王芳", ID_1, "14000000001")))
        page = staff.post(f"{url}/discard", follow_redirects=True).text
        assert "已放弃“大同 花名册.xlsx”" in page
        assert confirm(staff, url).status_code == 422
        assert enrolled() == 0
        assert staff.get(url).status_code == 200


class TestUndoing:
    def test_it_asks_first_and_names_file_and_number(self, staff, cohort):
        url = preview(staff, cohort, SAMPLE.read_bytes())
        assert staff.get(f"{url}/undo").location == url  # not taken in: nothing to undo
        confirm(staff, url)
        page = staff.get(f"{url}/undo").text
        assert "撤销“大同 花名册.xlsx”？" in page
        assert "95 人会退出" in page
        assert enrolled() == 95
        assert staff.post(f"{url}/undo").location == url
        assert enrolled() == 0
        assert "已于" in staff.get(url).text

    def test_what_stayed_is_listed_with_its_reason(self, staff, cohort):
        url = preview(staff, cohort, roster_file(("王芳", ID_1, "14000000001")))
        confirm(staff, url)
        person = db.session.scalar(db.select(Person))
        factories.shop(person)
        staff.post(f"{url}/undo")
        assert "还有其他记录与她有关" in staff.get(f"{url}?kind=left").text

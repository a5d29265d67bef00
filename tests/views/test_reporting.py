"""The reporting board: counts by county and cohort, whom to remind, reminders once a month, the list as a workbook."""

import io
from datetime import timedelta

import openpyxl
import pytest

from tests import factories
from trainer import clock
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.reporting import Duty, nearest
from trainer.models import Delivery, Message
from trainer.models.outcomes import EnrolmentOutcome
from trainer.queries.reporting import Wanted, list_to_remind
from trainer.services import reporting


def known(cohort, *, reach: int | None = None, sources=None, completed: bool = True, **values):
    """A woman of the cohort whose data reach so many days back from today."""
    enrolment = factories.enrolment(cohort, factories.person(**values))
    row = {"enrolment_id": enrolment.id, "cohort_id": cohort.id, "stages": {}, "activity": {}, "sources": sources or {}}
    row |= {"paid_90_fen": 0, "refunded_90_fen": 0, "completed_on": cohort.ends_on if completed else None}
    row["reach_on"] = None if reach is None else clock.today() - timedelta(days=reach)
    factories._save(EnrolmentOutcome(**row))
    return enrolment


@pytest.fixture
def cohort(app):
    """Five who count: files, typed only, old data, none, none; and two who do not: in training without a shop, a cadre."""
    cohort = factories.cohort(name="报送班")
    known(cohort, name="文甲", reach=3, sources={"1": "files", "2": "typed"})
    known(cohort, name="手乙", reach=30, sources={"1": "typed"})
    known(cohort, name="旧丙", reach=31, sources={"1": "files"})
    known(cohort, name="没丁", region=factories.LINFEN)
    woman = known(cohort, name="店戊", completed=False)
    factories.shop(db.session.get(factories.Person, woman.person_id))
    known(cohort, name="没己", completed=False)
    known(factories.cohort(track="cadre"), name="干部")
    return cohort


def test_the_board_says_of_whom_there_are_data_and_whom_to_remind(cohort, signed_in):
    factories.account(Role.COHORT_STAFF, region=factories.YUNZHOU, name="县里的人")
    page = signed_in(factories.account(Role.AUDITOR)).get("/outcomes/reporting").text
    text = " ".join(page.split())
    assert "应有销售数据的5人，近30天有数据的2人（40.0%）" in text
    assert "大同市 云州区" in page
    assert [name in page for name in ("旧丙", "没丁", "店戊", "文甲", "手乙", "没己")] == [True] * 3 + [False] * 3
    assert "县里的人" in page
    assert "14000009999" in page
    # An auditor writes to nobody.
    assert "发消息提醒" not in page
    cut = (
        signed_in(factories.account(Role.MANAGER)).get(f"/outcomes/reporting?county={factories.LINFEN}&state=none").text
    )
    assert "没丁" in cut
    assert "旧丙" not in cut
    assert "发消息提醒" in cut


def test_a_reminder_goes_out_once_a_month_and_is_written_down(cohort, signed_in):
    manager = signed_in(factories.account(Role.MANAGER))
    asked = manager.get("/outcomes/reporting/remind?state=none").text
    assert "提醒这2人" in asked
    assert "不能撤回" in asked
    assert db.session.scalar(db.select(db.func.count(Message.id))) == 0
    for _again in range(2):
        assert manager.post("/outcomes/reporting/remind?state=none").status_code == 303
    manager.post("/outcomes/reporting/remind")
    messages = db.session.execute(db.select(Message.code, Message.link, Message.once_key)).all()
    assert len(messages) == len({key for _code, _link, key in messages}) == 3
    assert {(code, link) for code, link, _key in messages} == {("sales_data_wanted", "/me/sales/entries")}
    assert db.session.scalar(db.select(db.func.count(Delivery.person_id))) == 3
    assert "没有要提醒的人" in manager.get("/outcomes/reporting/remind").text
    assert f"{clock.today()}" in manager.get("/outcomes/reporting").text


def test_two_at_once_remind_a_woman_once(cohort):
    by = factories.actor(Role.MANAGER)
    women = list_to_remind(by, Wanted(), clock.today(), limit=10)
    told = []
    for _again in range(2):
        with factories.transaction():
            told.append(reporting.remind(women, link="/me", by=by, at=clock.now()))
    assert told == [3, 0]


def test_staff_of_another_area_remind_nobody_here(cohort, signed_in):
    other = signed_in(factories.account(Role.MANAGER, region=factories.LINFEN))
    assert "没有符合条件的学员" in other.get("/outcomes/reporting").text
    other.post("/outcomes/reporting/remind")
    assert db.session.scalar(db.select(db.func.count(Message.id))) == 0


def test_the_list_leaves_masked(cohort, signed_in):
    manager = signed_in(factories.account(Role.MANAGER))
    book = openpyxl.load_workbook(io.BytesIO(manager.get("/outcomes/reporting/export").data))
    rows = list(book.worksheets[0].iter_rows(min_row=4, values_only=True))
    assert [row[1] for row in rows] == ["店戊", "没丁", "旧丙"]
    assert all("****" in row[2] for row in rows)


@pytest.mark.parametrize("women", [1, 3])
def test_a_fixed_number_of_statements(app, signed_in, count_statements, women):
    cohort = factories.cohort()
    for _woman in range(women):
        known(cohort)
    manager = signed_in(factories.account(Role.MANAGER))
    manager.get("/outcomes/reporting")
    with count_statements() as seen:
        manager.get("/outcomes/reporting")
    assert len(seen) == 9


@pytest.mark.parametrize(
    ("duties", "names"),
    [
        ([], []),
        ([("省", "140000", None), ("市", "140200", None)], ["市"]),
        ([("市", "140200", None), ("县", "140215", None), ("外县", "140221", None)], ["县"]),
        ([("县", "140215", None), ("班", None, 7), ("别班", None, 8)], ["班"]),
        ([("全省", None, None), ("乙", "140215", None), ("甲", "140215", None)], ["乙", "甲"]),
    ],
)
def test_who_is_nearest_reminds(duties, names):
    assert nearest([Duty(*duty) for duty in duties], 7, ("140215", "140200")) == sorted(names)

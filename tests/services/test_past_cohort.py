"""Past classes taken over from a workbook: previewed, made, filled by their lists, and taken back without a trace."""

from datetime import date

import pytest

from tests import factories
from tests.factories import AT, DATONG
from tests.rosters import ID_1, roster_file
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.days import china_day
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.domain.imports import BatchClosed, BatchState
from trainer.domain.past_cohort import Defaults
from trainer.domain.programme import Track
from trainer.models import Certificate, Cohort, Enrolment, EnrolmentEvent, ImportRow, Person
from trainer.services import past_cohort as past
from trainer.services import roster, roster_commit, roster_undo

pytestmark = pytest.mark.sqlite_is_enough

HEADINGS = ("培训班", "培训时间", "姓名", "身份证号码", "联系电话", "村", "学时", "是否结业", "证书编号", "发证日期")
FIRST = ("2023年第一期", "2023.3.8—3.20")
ROWS = [
    (*FIRST, "王秀芳", ID_1, "14000000011", "小西沟村", 48, "是", "晋妇〔2023〕15号", "2023-03-21"),
    (*FIRST, "李桂花", "", "14000000012", "小西沟村", 20, "否", "", ""),
    ("2023年第二期", "2023.5.8—5.12", "马兰", "", "14000000013", "大西沟村", "", "", "晋妇〔2023〕15号", ""),
    ("2023年第二期", "2023.5.8—5.12", "赵梅", "", "14000000014", "大西沟村", "", "", "晋妇〔2023〕16号", ""),
]


@pytest.fixture
def by(app):
    return factories.actor(Role.MANAGER)


@pytest.fixture
def programme(app):
    return factories.programme(region=DATONG)


def previewed(programme, by, rows=ROWS, defaults=None, headings=HEADINGS):
    reading = roster.read("历年.xlsx", roster_file(*rows, headings=("序号", *headings)), today=AT.date(), is_past=True)
    where = {"region_code": DATONG, "track": Track.FOUNDATION}
    with transaction():
        return past.preview(programme.id, reading, defaults or Defaults(), **where, by=by, at=AT).id


def act(verb, batch_id: int, by):
    with transaction():
        return verb(batch_id, by=by, at=AT)


def taken_in(batch_id: int, by) -> list[int]:
    """The lists of the classes, confirmed."""
    lists = [roster_id for _cohort, roster_id, _new in act(past.confirm, batch_id, by).summary["made"]]
    for roster_id in lists:
        act(roster_commit.commit, roster_id, by)
    return lists


def test_the_classes_of_a_file_are_shown_before_anything_is_done(programme, by):
    batch_id = previewed(programme, by)
    with transaction():
        first, second = past.classes_of(db.session.get(roster.ImportBatch, batch_id))
    assert (first.name, first.starts_on, first.ends_on) == ("2023年第一期", date(2023, 3, 8), date(2023, 3, 20))
    assert (first.minutes, first.completed, first.certificates) == (2880, 1, 1)
    assert (second.rejected, second.certificates) == (1, 1)  # a number that stands twice
    assert db.session.scalar(db.select(db.func.count(Cohort.id))) == 0


def test_everybody_is_one_person_with_her_class_and_her_certificate(programme, by):
    known = factories.person("王秀芳", phone="14000000011", id_number=ID_1, village="小西沟村")
    taken_in(previewed(programme, by), by)
    assert db.session.scalar(db.select(db.func.count(Person.id)).where(Person.name == "王秀芳")) == 1
    hers = db.session.scalar(db.select(Enrolment).where(Enrolment.person_id == known.id))
    step = db.session.scalar(db.select(EnrolmentEvent).where(EnrolmentEvent.enrolment_id == hers.id))
    assert (hers.status, step.cause, china_day(step.at)) == (
        EnrolmentStatus.COMPLETED,
        StatusCause.TAKEN_OVER,
        date(2023, 3, 20),
    )
    certificate = db.session.scalar(db.select(Certificate).where(Certificate.enrolment_id == hers.id))
    assert (certificate.number, certificate.series_id, certificate.issued_on) == (
        "晋妇〔2023〕15号",
        None,
        date(2023, 3, 21),
    )
    failed = db.select(Enrolment.status).join(Person).where(Person.name == "李桂花")
    assert db.session.scalar(failed) is EnrolmentStatus.NOT_COMPLETED


def test_the_same_file_again_makes_no_class_and_nobody(programme, by):
    taken_in(previewed(programme, by), by)
    before = [db.session.scalar(db.select(db.func.count(t.id))) for t in (Cohort, Person, Enrolment, Certificate)]
    again = act(past.confirm, previewed(programme, by), by)
    for _cohort, roster_id, is_new in again.summary["made"]:
        assert not is_new
        act(roster_commit.commit, roster_id, by)
    assert [
        db.session.scalar(db.select(db.func.count(t.id))) for t in (Cohort, Person, Enrolment, Certificate)
    ] == before


def test_a_row_that_cannot_be_read_stays_with_its_class(programme, by):
    unread = (*FIRST, "马兰", "", "14000000013", "大西沟村", "许多", "是", "", "")
    batch_id = previewed(programme, by, rows=[*ROWS[:2], unread])
    with transaction():
        (one,) = past.classes_of(db.session.get(roster.ImportBatch, batch_id))
    assert (one.lacks, one.rejected, len(one.rows)) == (None, 1, 3)


def test_an_id_number_is_no_number_of_a_certificate(programme, by):
    as_many_digits = (*ROWS[1][:8], "140220230308000123", "")
    batch_id = previewed(programme, by, rows=[(*ROWS[0][:8], f"证{ID_1}", ""), as_many_digits])
    with transaction():
        (one,) = past.classes_of(db.session.get(roster.ImportBatch, batch_id))
    assert [[remark.code for remark in row.problems] for row in one.rows] == [["past_certificate_is_id"], []]


def test_a_number_of_somebody_else_is_refused_by_row(programme, by):
    enrolment = factories.enrolment(factories.cohort(), factories.person())
    paper = {"number": "晋妇〔2023〕16号", "state": "revoked", "name": "x", "content": "{}", "issued_at": AT}
    with transaction() as session:
        session.add(Certificate(enrolment_id=enrolment.id, issued_on=AT.date(), **paper))
    lists = taken_in(previewed(programme, by), by)
    problems = db.session.scalars(db.select(ImportRow.problems).where(ImportRow.batch_id == lists[1])).all()
    assert [[code for _field, code, _values in row] for row in problems] == [
        ["past_certificate_twice"],
        ["certificate_number_taken"],
    ]


def test_all_of_it_taken_back_leaves_nothing(programme, by):
    batch_id = previewed(programme, by)
    lists = taken_in(batch_id, by)
    with pytest.raises(past.ListsTakenIn):
        act(past.undo, batch_id, by)
    for roster_id in lists:
        assert act(roster_undo.undo, roster_id, by).summary["not_undone"] == 0
    assert act(past.undo, batch_id, by).state is BatchState.UNDONE
    for table in (Cohort, Person, Enrolment, EnrolmentEvent, Certificate):
        assert db.session.scalar(db.select(db.func.count(table.id))) == 0


def test_what_the_file_leaves_open_is_said_beside_it(programme, by):
    headings, rows = ("姓名", "联系电话"), [("王秀芳", "14000000011")]
    with pytest.raises(past.ClassLacks):
        act(past.confirm, previewed(programme, by, rows, headings=headings), by)
    defaults = Defaults("第一期", date(2022, 5, 1), date(2022, 5, 3), "云州区", 1440)
    act(past.confirm, previewed(programme, by, rows, defaults, headings), by)
    cohort = db.session.scalar(db.select(Cohort))
    assert (cohort.name, cohort.place, cohort.is_taken_over) == ("第一期", "云州区", True)


def test_a_discarded_file_is_not_confirmed(programme, by):
    batch_id = previewed(programme, by)
    act(past.discard, batch_id, by)
    with pytest.raises(BatchClosed):
        act(past.confirm, batch_id, by)
    assert db.session.scalar(db.select(db.func.count(ImportRow.id))) == 0

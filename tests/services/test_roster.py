"""Rosters: previewed, decided, taken in whole or not at all, undone as far as nobody has built on them."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests import factories
from tests.conftest import KEYS
from tests.rosters import ID_1, ID_2, SAMPLE, roster_file
from trainer.crypto import keyring
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.consent import ConsentChannel, ConsentScope
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.imports import BatchState, RowAction
from trainer.errors import NotFound, UnreadableFile
from trainer.models import (
    AuditEvent,
    Consent,
    Enrolment,
    EnrolmentEvent,
    ImportBatch,
    ImportRow,
    Mark,
    Person,
    Shop,
)
from trainer.services import roster, roster_commit, roster_undo
from trainer.services.roster_plan import IdNumberTaken, PersonTaken

AT = factories.AT  # the second day of the cohort
TODAY = date(2026, 3, 10)
pytestmark = pytest.mark.postgresql


@pytest.fixture
def staff(app):
    return factories.actor(Role.MANAGER)


def previewed(cohort, by, content: bytes, name: str = "名册.xlsx") -> ImportBatch:
    reading = roster.read(name, content, today=TODAY)
    with transaction():
        return roster.preview(cohort.id, reading, by=by, at=AT)


def committed(cohort, by, content: bytes) -> ImportBatch:
    batch = previewed(cohort, by, content)
    with transaction():
        return roster_commit.commit(batch.id, by=by, at=AT)


def undone(batch: ImportBatch, by) -> ImportBatch:
    with transaction():
        return roster_undo.undo(batch.id, by=by, at=AT)


def decide(batch, row: int, decision: str, by) -> None:
    with transaction():
        roster.decide(batch.id, row, decision, by=by, at=AT)


def counts(batch: ImportBatch) -> dict[str, int]:
    return {action: number for action, number in batch.summary["counts"].items() if number}


def how_many(model) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(model))


def people(*names: str) -> list[Person]:
    found = db.session.scalars(db.select(Person).order_by(Person.id).execution_options(populate_existing=True))
    return [person for person in found if not names or person.name in names]


def everything() -> dict[str, int]:
    return {model.__name__: how_many(model) for model in (Person, Enrolment, EnrolmentEvent, Consent, Shop)}


def test_the_sample_of_a_county(cohort, staff):
    batch = previewed(cohort, staff, SAMPLE.read_bytes())
    assert counts(batch) == {"new": 95, "rejected": 4, "duplicate": 1}
    assert everything() == dict.fromkeys(everything(), 0)
    with transaction():
        roster_commit.commit(batch.id, by=staff, at=AT)
    # One of them gave no ID number, and so no consent to keeping one.
    assert everything() == {"Person": 95, "Enrolment": 95, "EnrolmentEvent": 95, "Consent": 189, "Shop": 0}
    seats = list(db.session.scalars(db.select(Enrolment.seat_number).order_by(Enrolment.seat_number)))
    assert seats == list(range(1, 96))
    first = db.session.scalar(db.select(Person).order_by(Person.id))
    assert (first.name, first.name_pinyin, first.name_initials, first.sex) == ("梁红霞", "liang hong xia", "lhx", "F")
    assert (first.id_number, first.phone, first.birth_year) == (ID_1, "14000000200", 1993)
    assert first.id_number_index == keyring().blind_index("id_number", ID_1)
    assert first.phone_index == keyring().blind_index("phone", "14000000200")
    assert (first.region_code, first.township, first.village, first.business) == (
        *("140215", "城关镇", "大西沟村"),
        "土豆粉条",
    )
    assert first.has_shop is True


def test_what_an_enrolment_begins_with(cohort, staff):
    committed(cohort, staff, roster_file(("王芳", ID_1, "14000000001")))
    enrolment, event = db.session.scalar(db.select(Enrolment)), db.session.scalar(db.select(EnrolmentEvent))
    assert (enrolment.status, enrolment.seat_number) == (EnrolmentStatus.ACTIVE, 1)
    assert enrolment.joined_on == date(2026, 3, 10)  # the class began the day before
    assert (event.enrolment_id, event.status, event.at, event.by) == (
        *(enrolment.id, EnrolmentStatus.ACTIVE, AT),
        staff.account_id,
    )
    consents = list(db.session.scalars(db.select(Consent).order_by(Consent.scope)))
    assert [(c.scope, c.channel, c.recorded_by) for c in consents] == [
        (ConsentScope.BASIC, ConsentChannel.ROSTER, staff.account_id),
        (ConsentScope.ID_NUMBER, ConsentChannel.ROSTER, staff.account_id),
    ]


@pytest.mark.parametrize(
    ("today", "joins"),
    [
        ((2026, 3, 1), (2026, 3, 9)),
        ((2026, 3, 9), (2026, 3, 9)),
        ((2026, 3, 12), (2026, 3, 12)),
        ((2026, 4, 1), (2026, 3, 9)),
    ],
    ids=["before the class", "on its first day", "during it", "entered afterwards"],
)
def test_from_when_lessons_count(cohort, today, joins):
    assert roster_commit.joining_day(cohort, datetime(*today, 4, tzinfo=UTC)) == date(*joins)


def test_the_same_file_twice_changes_nothing(cohort, staff):
    committed(cohort, staff, SAMPLE.read_bytes())
    before = everything()
    versions = [person.version for person in people()]
    batch = committed(cohort, staff, SAMPLE.read_bytes())
    assert counts(batch) == {"same": 95, "rejected": 4, "duplicate": 1}
    assert everything() == before
    assert [person.version for person in people()] == versions


def test_confirming_twice_is_harmless(cohort, staff):
    batch = committed(cohort, staff, roster_file(("王芳", ID_1, "14000000001")))
    before, events = everything(), how_many(AuditEvent)
    with transaction():
        again = roster_commit.commit(batch.id, by=staff, at=AT)
    assert (again.state, everything(), how_many(AuditEvent)) == (BatchState.COMMITTED, before, events)


def test_a_changed_row_changes_her_record(cohort, staff):
    committed(cohort, staff, roster_file(("王芳", ID_1, "14000000001", "云州区", "上庄村")))
    batch = committed(cohort, staff, roster_file(("王芳", ID_1, "14000000002", "天镇县", "", "", "班长")))
    assert counts(batch) == {"update": 1}
    (person,) = people()
    assert (person.phone, person.region_code, person.village, person.note) == (
        "14000000002",
        "140222",
        "上庄村",
        "班长",
    )
    assert person.phone_index == keyring().blind_index("phone", "14000000002")
    assert person.version == 2
    assert how_many(Enrolment) == 1


def test_somebody_of_the_register_joins_another_cohort(cohort, staff):
    committed(cohort, staff, roster_file(("王芳", ID_1, "14000000001")))
    batch = committed(factories.cohort(), staff, roster_file(("王芳", ID_1, "14000000001")))
    assert (counts(batch), batch.summary["known_elsewhere"]) == ({"new": 1}, 1)
    assert (how_many(Person), how_many(Enrolment)) == (1, 2)


def test_women_who_share_a_phone_are_two(cohort, staff):
    batch = committed(cohort, staff, roster_file(("王芳", "", "14000000001"), ("王丽", "", "14000000001")))
    assert (counts(batch), how_many(Person)) == ({"new": 2}, 2)
    assert {c.scope for c in db.session.scalars(db.select(Consent))} == {ConsentScope.BASIC}


def test_one_person_by_two_keys_counts_once(cohort, staff):
    """One row finds her by ID number, the other by phone and name."""
    committed(cohort, staff, roster_file(("王芳", ID_1, "14000000001")))
    batch = previewed(cohort, staff, roster_file(("王芳", ID_1, "14000000002"), ("王芳", "", "14000000001")))
    assert counts(batch) == {"update": 1, "duplicate": 1}


def test_seats_follow_on(cohort, staff):
    factories.enrolment(cohort)
    committed(cohort, staff, roster_file(("王芳", ID_1, "14000000001"), ("王丽", ID_2, "14000000002")))
    assert list(db.session.scalars(db.select(Enrolment.seat_number).order_by(Enrolment.id))) == [1, 2, 3]


def test_an_unknown_county_is_worth_a_look(cohort, staff):
    batch = committed(cohort, staff, roster_file(("王芳", ID_1, "14000000001", "南郊区")))
    assert batch.summary["with_remarks"] == 1
    (line,) = roster.list_staged(batch.id)
    assert [(r.field, r.code, r.values) for r in line.remarks] == [("county", "county_unknown", {"text": "南郊区"})]
    assert people()[0].region_code == cohort.region_code


def test_the_kind_of_person_is_taken_in_and_undone(cohort, staff):
    headings = ("序号", "姓名", "身份证号", "联系电话", "人员类别")
    factories.person("王秀芳", phone="14000001111", kind="farmer")
    rows = (("王秀芳", "", "14000001111", "村医"), ("冯小妹", "", "14000001112", "农户"))
    batch = committed(cohort, staff, roster_file(*rows, headings=headings))
    assert [person.kind for person in people()] == ["medical_worker", "farmer"]
    undone(batch, staff)
    assert [(person.name, person.kind) for person in people()] == [("王秀芳", "farmer")]


def test_too_many_for_the_places_is_a_warning(app, staff):
    small = factories.cohort(capacity=1)
    batch = committed(small, staff, roster_file(("王芳", ID_1, "14000000001"), ("王丽", ID_2, "14000000002")))
    assert (batch.summary["over_capacity"], how_many(Enrolment)) == (1, 2)


def test_a_withdrawn_woman_is_not_brought_back_by_a_list_alone(cohort, staff):
    who = factories.person("王芳", phone="14000000001", village=None)
    enrolment = factories.enrolment(cohort, who, status=EnrolmentStatus.WITHDRAWN)
    batch = committed(cohort, staff, roster_file(("王芳", "", "14000000001")))
    (line,) = roster.list_staged(batch.id)
    assert (line.action, line.reason, line.might_be) == (RowAction.NEEDS_PERSON, "left_the_cohort", (who.id,))
    assert db.session.get(Enrolment, enrolment.id, populate_existing=True).status is EnrolmentStatus.WITHDRAWN


def test_accounts_become_shops_once(cohort, staff):
    owner = factories.person("赵敏")
    factories.shop(owner, name="赵敏杂粮", account_uid="kuai_2")
    rows = [("王芳", ID_1, "14000000001", "", "", "kuai_1"), ("王丽", ID_2, "14000000002", "", "", "kuai_2")]
    batch = committed(cohort, staff, roster_file(*rows))
    shop = db.session.scalar(db.select(Shop).where(Shop.account_uid == "kuai_1"))
    assert (shop.platform, shop.name, shop.person_id) == ("kuaishou", "kuai_1", people("王芳")[0].id)
    assert [[r.code for r in line.remarks] for line in roster.list_staged(batch.id)] == [[], ["account_of_another"]]
    assert counts(previewed(cohort, staff, roster_file(*rows))) == {"same": 2}


class TestRowsThatNeedAPerson:
    @pytest.fixture
    def known(self, app):
        return factories.person("王芳", phone="14000000009", village="上庄村")

    @pytest.fixture
    def batch(self, cohort, staff, known):
        batch = previewed(cohort, staff, roster_file(("王芳", ID_1, "14000000001", "", "上庄村")))
        assert (counts(batch), batch.summary["undecided"]) == ({"needs_person": 1}, 1)
        return batch

    def commit(self, batch, by):
        with transaction():
            return roster_commit.commit(batch.id, by=by, at=AT)

    def test_without_a_decision_it_is_left_out(self, batch, staff):
        done = self.commit(batch, staff)
        assert (done.summary["taken_in"], done.summary["left_out"], how_many(Enrolment)) == (0, 1, 0)

    def test_the_same_woman(self, batch, staff, known):
        decide(batch, 2, f"same:{known.id}", staff)
        self.commit(batch, staff)
        (person,) = people()
        assert (person.id, person.phone, person.id_number) == (known.id, "14000000001", ID_1)
        assert db.session.scalar(db.select(Enrolment)).person_id == known.id

    def test_a_new_woman(self, batch, staff, known):
        decide(batch, 2, "new", staff)
        self.commit(batch, staff)
        assert [person.phone for person in people()] == ["14000000009", "14000000001"]

    def test_left_out(self, batch, staff):
        decide(batch, 2, "leave_out", staff)
        assert (self.commit(batch, staff).summary["left_out"], how_many(Enrolment)) == (1, 0)

    def test_decided_otherwise_before_confirming(self, batch, staff, known):
        decide(batch, 2, "new", staff)
        decide(batch, 2, f"same:{known.id}", staff)
        self.commit(batch, staff)
        assert how_many(Person) == 1

    @pytest.mark.parametrize("decision", ["same:999999", "same:x", "merge", ""])
    def test_another_answer_is_refused(self, batch, staff, decision):
        with pytest.raises(roster.UnknownDecision):
            decide(batch, 2, decision, staff)

    def test_a_row_that_needs_nobody(self, batch, staff):
        with pytest.raises(NotFound):
            decide(batch, 3, "new", staff)

    def test_nobody_is_two_rows(self, cohort, staff, known):
        rows = [("王芳", ID_1, "14000000001", "", "上庄村"), ("王芳", ID_2, "14000000002", "", "上庄村")]
        batch = previewed(cohort, staff, roster_file(*rows))
        decide(batch, 2, f"same:{known.id}", staff)
        with pytest.raises(PersonTaken):
            decide(batch, 3, f"same:{known.id}", staff)

    def test_an_id_number_has_one_holder(self, cohort, staff):
        factories.person("李红", id_number=ID_2)
        batch = previewed(cohort, staff, roster_file(("李红梅", ID_2, "14000000003")))
        with pytest.raises(IdNumberTaken):
            decide(batch, 2, "new", staff)

    def test_her_name_was_wrong_in_the_register(self, cohort, staff):
        known = factories.person("李红", id_number=ID_2, phone="14000000003")
        batch = previewed(cohort, staff, roster_file(("李红梅", ID_2, "14000000003")))
        decide(batch, 2, f"same:{known.id}", staff)
        self.commit(batch, staff)
        (person,) = people()
        assert (person.name, person.name_pinyin, person.name_initials) == ("李红梅", "li hong mei", "lhm")


class TestTheRegisterChangedMeanwhile:
    def test_nothing_is_taken_in_and_the_preview_is_made_afresh(self, cohort, staff):
        batch = previewed(cohort, staff, roster_file(("王芳", ID_1, "14000000001"), ("王丽", ID_2, "14000000002")))
        committed(cohort, staff, roster_file(("王芳", ID_1, "14000000001")))
        before = everything()
        with pytest.raises(roster_commit.RegisterChanged) as refused, transaction():
            roster_commit.commit(batch.id, by=staff, at=AT)
        assert (refused.value.values, everything()) == ({"rows": 1}, before)
        with transaction():
            fresh = roster.refresh(batch.id, by=staff, at=AT)
        assert counts(fresh) == {"same": 1, "new": 1}
        with transaction():
            roster_commit.commit(batch.id, by=staff, at=AT)
        assert how_many(Enrolment) == 2

    def test_decisions_that_still_fit_are_kept(self, cohort, staff):
        factories.person("王芳", phone="14000000009", village="上庄村")
        rows = [("王芳", ID_1, "14000000001", "", "上庄村"), ("王丽", ID_2, "14000000002")]
        batch = previewed(cohort, staff, roster_file(*rows))
        decide(batch, 2, "new", staff)
        committed(cohort, staff, roster_file(("王丽", ID_2, "14000000002")))
        with transaction():
            roster.refresh(batch.id, by=staff, at=AT)
        assert [line.decision for line in roster.list_staged(batch.id)] == ["new", ""]


class TestUndo:
    def test_all_of_it(self, cohort, staff):
        before = everything()
        batch = committed(cohort, staff, SAMPLE.read_bytes())
        done = undone(batch, staff)
        assert (done.state, done.summary["undone"], done.summary["not_undone"]) == (BatchState.UNDONE, 95, 0)
        assert everything() == before
        assert counts(committed(cohort, staff, SAMPLE.read_bytes())) == {"new": 95, "rejected": 4, "duplicate": 1}

    def test_changes_are_put_back(self, cohort, staff):
        who = factories.person("王芳", phone="14000000001", village="上庄村", business="剪纸")
        batch = committed(
            cohort, staff, roster_file(("王芳", ID_1, "14000000001", "天镇县", "下庄村", "kuai_1", "班长"))
        )
        undone(batch, staff)
        (person,) = people()
        assert (person.id, person.region_code, person.village, person.note) == (
            who.id,
            factories.YUNZHOU,
            "上庄村",
            None,
        )
        assert (person.id_number, person.id_number_index, person.business) == (None, None, "剪纸")
        assert (how_many(Enrolment), how_many(Shop), how_many(Consent)) == (0, 0, 0)

    def test_whoever_was_marked_stays(self, cohort, staff):
        batch = committed(cohort, staff, roster_file(("王芳", ID_1, "14000000001"), ("王丽", ID_2, "14000000002")))
        marked = db.session.scalar(db.select(Enrolment).where(Enrolment.seat_number == 1))
        lesson = factories.lesson(cohort)
        with transaction() as session:
            session.add(
                Mark(
                    lesson_id=lesson.id,
                    enrolment_id=marked.id,
                    status="present",
                    channel="roll",
                    at=AT,
                    nonce="n",
                )
            )
        done = undone(batch, staff)
        assert (done.summary["undone"], done.summary["not_undone"]) == (1, 1)
        assert [person.name for person in people()] == ["王芳"]
        stayed = db.session.scalars(db.select(ImportRow.problems).order_by(ImportRow.row_number)).all()
        assert stayed == [[["row", "undo_has_marks", {}]], []]

    def test_whoever_was_changed_since_keeps_her_record(self, cohort, staff):
        batch = committed(cohort, staff, roster_file(("王芳", ID_1, "14000000001")))
        committed(factories.cohort(), staff, roster_file(("王芳", ID_1, "14000000002")))
        done = undone(batch, staff)
        assert done.summary["not_undone"] == 1
        assert [(person.name, person.phone) for person in people()] == [("王芳", "14000000002")]
        assert [e.cohort_id for e in db.session.scalars(db.select(Enrolment))] != [cohort.id]
        assert how_many(Consent) == 2

    def test_twice_is_harmless(self, cohort, staff):
        batch = committed(cohort, staff, roster_file(("王芳", ID_1, "14000000001")))
        undone(batch, staff)
        events = how_many(AuditEvent)
        undone(batch, staff)
        assert how_many(AuditEvent) == events

    def test_what_was_never_taken_in_cannot_be_undone(self, cohort, staff):
        batch = previewed(cohort, staff, roster_file(("王芳", ID_1, "14000000001")))
        with pytest.raises(roster.BatchClosed), transaction():
            roster_undo.undo(batch.id, by=staff, at=AT)


class TestClosed:
    def test_a_discarded_file_forgets_its_rows(self, cohort, staff):
        batch = previewed(cohort, staff, SAMPLE.read_bytes())
        with transaction():
            roster.discard(batch.id, by=staff, at=AT)
        assert how_many(ImportRow) == 0
        with pytest.raises(roster.BatchClosed), transaction():
            roster_commit.commit(batch.id, by=staff, at=AT)

    def test_nothing_but_undoing_after_confirming(self, cohort, staff):
        batch = committed(cohort, staff, roster_file(("王芳", ID_1, "14000000001")))
        for act in (roster.discard, roster.refresh):
            with pytest.raises(roster.BatchClosed), transaction():
                act(batch.id, by=staff, at=AT)
        with pytest.raises(roster.BatchClosed):
            decide(batch, 2, "new", staff)

    def test_another_kind_of_batch_is_no_roster(self, app, staff):
        shop = factories.shop(factories.person())
        with transaction() as session:
            batch = ImportBatch(kind="sales", shop_id=shop.id, filename="x", sha256="0", state="previewed", summary={})
            batch.created_at = AT
            session.add(batch)
        with pytest.raises(NotFound), transaction():
            roster_commit.commit(batch.id, by=staff, at=AT)


def test_files_that_are_no_roster():
    for content, reason in [
        (b"", "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "picture"),
        (roster_file(), "roster_without_rows"),
        (roster_file(headings=("甲", "乙")), "no_roster_header"),
    ]:
        with pytest.raises(UnreadableFile) as refused:
            roster.read("x.xlsx", content, today=TODAY)
        assert refused.value.reason == reason


def test_no_number_is_stored_or_written_down_in_clear(cohort, staff):
    committed(cohort, staff, roster_file(("王芳", ID_1, "14000000001", "", "", "", "证号写在备注")))
    committed(cohort, staff, roster_file(("王芳", ID_1, "14000000002", "", "", "", "电话14000000003")))
    trail = json.dumps([event.details for event in db.session.scalars(db.select(AuditEvent))], ensure_ascii=False)
    tables = ("people", "import_rows", "import_batches", "enrolments", "consents", "audit_events")
    stored = trail + str([db.session.execute(db.text(f"SELECT * FROM {name}")).all() for name in tables])
    assert not [number for number in (ID_1, "14000000001", "14000000002") if number in stored]
    assert "140****0001" in trail
    assert "电话14000000003" not in trail


@pytest.mark.parametrize(
    "step",
    ["_enrol", *(pytest.param(step, marks=pytest.mark.sqlite_is_enough) for step in ("_record_consents", "end"))],
)
def test_a_process_killed_in_the_middle_leaves_nothing_half_done(cohort, staff, app, step):
    batch = previewed(cohort, staff, SAMPLE.read_bytes())
    before = everything()
    db.session.rollback()
    code = f"""
import os
from trainer.app import create_app
from trainer.database import transaction
from trainer.domain.actors import SYSTEM
from trainer import clock
from trainer.services import roster_commit
def die(*args, **values):
    os._exit(9)
if {step!r} == "end":
    roster_commit.audit.record = die
else:
    setattr(roster_commit._Writer, {step!r}, die)
with create_app().app_context(), transaction():
    roster_commit.commit({batch.id}, by=SYSTEM, at=clock.now())
"""
    env = os.environ | {
        "TRAINER_MODE": "testing",
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "INSTANCE_PATH": str(app.config["INSTANCE_PATH"]),
        "FIELD_KEYS": KEYS,
        "SECRET_KEY": "x" * 60,
    }
    killed = subprocess.run([sys.executable, "-c", code], env=env, cwd=Path(__file__).parents[2], check=False)
    assert killed.returncode == 9
    assert everything() == before
    with transaction():
        roster_commit.commit(batch.id, by=staff, at=AT)
    assert how_many(Enrolment) == 95


def test_statements_do_not_grow_with_the_rows(cohort, staff, count_statements):
    def statements(content: bytes) -> tuple[int, int, int]:
        reading = roster.read("x.xlsx", content, today=TODAY)
        with count_statements() as preview, transaction():
            batch = roster.preview(cohort.id, reading, by=staff, at=AT)
        with count_statements() as commit, transaction():
            roster_commit.commit(batch.id, by=staff, at=AT)
        with count_statements() as undo, transaction():
            roster_undo.undo(batch.id, by=staff, at=AT)
        return len(preview), len(commit), len(undo)

    # SQLite takes at most 999 values a statement: an insert of 95 women is a few of them.
    three = statements(roster_file(*((f"王{n}", "", f"1400000000{n}") for n in range(3))))
    hundred = statements(SAMPLE.read_bytes())
    # Taking in marks the cohort's outcomes; undoing deletes what was reckoned, and questionnaires nobody answered.
    assert three <= (11, 20, 20)
    assert all(many - few <= 4 for few, many in zip(three, hundred, strict=True))


@pytest.mark.parametrize("before", [EnrolmentStatus.APPLIED, EnrolmentStatus.WAITLISTED])
def test_who_waits_and_stands_on_the_list_is_put_on_the_roll_and_off_it_again(cohort, staff, before):
    who = factories.person("王芳", phone="14000000001", village=None)
    factories.placed(cohort, EnrolmentStatus.ACTIVE)
    enrolment_id = factories.placed(cohort, before, who)
    batch = committed(cohort, staff, roster_file(("王芳", "", "14000000001")))
    (line,) = roster.list_staged(batch.id)
    assert (line.action, [(c.old, c.new) for c in line.changes]) == (RowAction.UPDATE, [(before, "active")])
    now = db.session.get(Enrolment, enrolment_id, populate_existing=True)
    assert (now.status, now.seat_number, batch.summary["enrolled"]) == (EnrolmentStatus.ACTIVE, 2, 1)
    with transaction():
        roster_undo.undo(batch.id, by=staff, at=AT + timedelta(hours=1))
    assert db.session.get(Enrolment, enrolment_id, populate_existing=True).status is before
    steps = db.select(EnrolmentEvent.status).where(EnrolmentEvent.enrolment_id == enrolment_id)
    assert list(db.session.scalars(steps.order_by(EnrolmentEvent.id))) == [before, "active", "withdrawn", before]


def test_who_left_is_brought_back_where_somebody_says_so(cohort, staff):
    who = factories.person("王芳", phone="14000000001", village=None)
    enrolment_id = factories.placed(cohort, EnrolmentStatus.REJECTED, who)
    reading = roster.read("名册.xlsx", roster_file(("王芳", "", "14000000001")), today=AT.date())
    with transaction():
        batch_id = roster.preview(cohort.id, reading, by=staff, at=AT).id
    (line,) = roster.list_staged(batch_id)
    with transaction():
        roster.decide(batch_id, line.row.row, f"same:{who.id}", by=staff, at=AT)
    with transaction():
        roster_commit.commit(batch_id, by=staff, at=AT)
    assert db.session.get(Enrolment, enrolment_id, populate_existing=True).status is EnrolmentStatus.ACTIVE

"""Erasing one woman: nothing of hers in any table, file or byte; everything of the others still there."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import JSON, Enum, String, Text
from sqlalchemy.types import TypeDecorator

from tests import factories, rosters
from tests.factories import AT
from tests.lives import HERS, OTHERS, closed_selection, decrypted, found, live, product
from trainer import models, storage
from trainer.crypto import keyring
from trainer.database import db, forget_deleted, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.background_task import TaskKind
from trainer.domain.data_request import ErasureBlocked
from trainer.domain.people import ERASED_NAME
from trainer.errors import NotFound
from trainer.models import Account, AuditEvent, Enrolment, ImportBatch, OrderLine, Person, RankingRow, Selection
from trainer.models.types import UTCDateTime
from trainer.queries.person import people_page
from trainer.services import roster, roster_commit
from trainer.services.erasure import erase_person
from trainer.services.erasure_rules import RULES, UNTOUCHED
from trainer.services.file import delete_files

pytestmark = pytest.mark.sqlite_is_enough

LATER = AT + timedelta(days=60)


@pytest.fixture
def two(app):
    """Two women with everything there is, in a selection that is decided."""
    made = closed_selection()
    return made, live(HERS, made, 0), live(OTHERS, made, 1)


def erase(person_id: int, *, by=SYSTEM, at=LATER):
    with transaction():
        erased = erase_person(person_id, why="request", by=by, at=at)
    delete_files(erased.files)
    return erased


def in_files(values) -> set[str]:
    contents = [keyring().decrypt_bytes(storage.read(name)) for name in storage.names()]
    return {value for value in values.all for content in contents if value.encode() in content}


def test_no_value_of_hers_is_left_in_any_table_and_all_of_the_others_are(two):
    _made, her, _other = two
    before = found(OTHERS, decrypted())
    assert {value for _where, value in found(HERS, decrypted())} == set(HERS.all)
    erase(her.id)
    assert found(HERS, decrypted()) == set()
    lost = before - found(OTHERS, decrypted())
    assert {where for where, _value in lost} <= {"stored_files.file_name"}  # lists that were made for staff


def test_her_files_are_gone_and_the_others_stay(two):
    _made, her, _other = two
    assert in_files(HERS)
    assert in_files(OTHERS)
    erase(her.id)
    assert in_files(HERS) == set()
    assert in_files(OTHERS) == {OTHERS.mark}


def test_the_bytes_of_the_database_file_hold_nothing_of_hers(two, engine_name):
    if engine_name != "sqlite":
        pytest.skip("PostgreSQL keeps its pages to itself; the dump of all tables is the proof there")
    _made, her, _other = two
    index = keyring().blind_index("phone", HERS.phone)
    path = Path(db.engine.url.database)
    forget_deleted()
    raw = path.read_bytes()
    assert HERS.name.encode() in raw
    assert index.encode() in raw
    erase(her.id)
    forget_deleted()
    db.session.remove()
    raw = path.read_bytes() + path.with_name(f"{path.name}-wal").read_bytes()
    left = [value for value in (*HERS.all, index) if value.encode() in raw]
    assert left == []
    assert OTHERS.name.encode() in raw


def test_the_training_record_stays_without_her(two):
    made, her, _other = two
    erase(her.id)
    db.session.expire_all()
    person = db.session.get(Person, her.id)
    assert (person.name, person.region_code, person.birth_year) == (ERASED_NAME, her.region_code, 1980)
    assert (person.phone, person.phone_index, person.id_number_index, person.village) == (None, None, None, None)
    assert person.erased_at == LATER
    assert db.session.get(Enrolment, made.enrolments[0].id) is not None
    assert db.session.scalar(db.select(db.func.sum(OrderLine.paid_fen))) == 24600
    assert db.session.scalar(db.select(db.func.count()).select_from(RankingRow)) == 2


def test_nobody_signs_in_as_her_any_more(two):
    _made, her, _other = two
    erase(her.id)
    account = db.session.scalar(db.select(Account).where(Account.person_id == her.id))
    assert (account.active, account.name, account.shut_because) == (False, ERASED_NAME, "erased")
    left = (
        db.select(db.func.count())
        .select_from(models.SignInSession)
        .where(models.SignInSession.account_id == account.id)
    )
    assert db.session.scalar(left) == 0


def test_she_is_found_in_no_list(two):
    made, her, _other = two
    erase(her.id)
    names = [row.name for text in ("", HERS.name, "ouyang", "oyjl") for row in people_page(made.by, text=text).items]
    assert HERS.name not in names
    assert ERASED_NAME not in names


def test_the_same_list_taken_in_again_makes_somebody_new(two):
    made, her, _other = two
    erase(her.id)
    content = rosters.roster_file((HERS.name, HERS.id_number, HERS.phone, "云州区", HERS.village))
    reading = roster.read("again.xlsx", content, today=LATER.date())
    with transaction():
        batch = roster.preview(made.cohort.id, reading, by=made.by, at=LATER)
        roster_commit.commit(batch.id, by=made.by, at=LATER)
    women = db.session.scalars(db.select(Person).where(Person.name == HERS.name)).all()
    assert [woman.id == her.id for woman in women] == [False]


def test_twice_is_once(two):
    _made, her, _other = two
    erase(her.id)
    assert erase(her.id).rows == {}
    count = db.select(db.func.count()).select_from(AuditEvent).where(AuditEvent.action == "person.erase")
    assert db.session.scalar(count) == 1


def test_the_trail_says_that_it_was_done_but_not_whom(two):
    made, her, _other = two
    erase(her.id, by=made.by)
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "person.erase"))
    assert (event.object_id, event.account_id, event.details["why"]) == (str(her.id), made.by.account_id, "request")
    assert event.details["rows"]["people"] == 1


def test_not_while_her_course_runs(app):
    cohort = factories.cohort()
    enrolment = factories.enrolment(cohort)
    with pytest.raises(ErasureBlocked) as refused, transaction():
        erase_person(enrolment.person_id, why="request", by=SYSTEM, at=AT)
    assert cohort.name in refused.value.values["where"]
    erase(enrolment.person_id)


def test_not_while_a_selection_is_undecided(app):
    made = closed_selection()
    with transaction() as session:
        session.execute(db.update(models.Round).values(state="open"))
    with pytest.raises(ErasureBlocked) as refused, transaction():
        erase_person(made.enrolments[0].person_id, why="request", by=SYSTEM, at=LATER)
    assert refused.value.values["where"] == db.session.scalar(db.select(Selection.name))


def test_nobody_there(app):
    with pytest.raises(NotFound), transaction():
        erase_person(99, why="request", by=SYSTEM, at=AT)


def test_a_shared_phone_keeps_the_other_womans_staged_row(two):
    _made, her, other = two
    with transaction() as session:
        session.get(Person, other.id).phone = HERS.phone
    rows = db.select(db.func.count()).select_from(models.ImportRow)
    before = db.session.scalar(rows)
    erase(her.id)
    assert db.session.scalar(rows) == before - 3  # two of the roster, one of her shop


def test_another_womans_own_copy_stays(two):
    _made, her, _other = two
    product(TaskKind.AUDIT_BUNDLE, "ein Bündel", SYSTEM)
    erase(her.id)
    kept = db.session.scalars(db.select(models.StoredFile.purpose)).all()
    assert sorted(kept) == ["application_file", "consent_scan", "sales_picture", "task_product", "visit_picture"]


def test_the_file_name_of_a_list_no_longer_names_her(two):
    _made, her, _other = two
    erase(her.id)
    names = db.session.scalars(db.select(ImportBatch.filename).where(ImportBatch.cohort_id.is_not(None))).all()
    assert sorted(names) == sorted(["…名册.xlsx", f"{OTHERS.name}名册.xlsx"])


def test_nothing_is_done_with_her_any_more(two, signed_in):
    made, her, _other = two
    erase(her.id)
    client = signed_in(made.manager)
    page = client.get(f"/people/{her.id}")
    assert page.status_code == 200
    assert "btn-primary" not in page.text
    assert client.post(f"/people/{her.id}/code").status_code == 404
    assert client.get(f"/people/{her.id}/shops/new").status_code == 404


# --- the walk: what a later feature must not forget -------------------------------------------------------------


def reached() -> set[str]:
    """Every table that refers to people, directly or through others."""
    names, grown = {"people"}, True
    while grown:
        more = {
            table.name
            for table in db.metadata.sorted_tables
            for key in table.foreign_keys
            if key.column.table.name in names
        }
        grown = not more <= names
        names |= more
    return names


def is_text(column) -> bool:
    """A column that words or numbers of a person could stand in."""
    if column.info.get("pii"):
        return True
    kind = column.type
    if isinstance(kind, Enum | UTCDateTime):
        return False
    plain = kind.impl if isinstance(kind, TypeDecorator) else kind
    return isinstance(plain, String | Text | JSON) and not column.foreign_keys


def unruled(rules=RULES) -> list[str]:
    by_table = {model.__tablename__: rule for model, rule in rules.items()}
    missing = []
    for name in sorted(reached() - set(UNTOUCHED)):
        rule = by_table.get(name)
        if rule is None:
            missing.append(name)
        elif not rule.delete:
            columns = [column.name for column in db.metadata.tables[name].columns if is_text(column)]
            missing += [f"{name}.{c}" for c in columns if c not in rule.blank and c not in rule.keep]
    return missing


def test_every_table_and_text_that_reaches_a_person_has_a_rule():
    assert unruled() == []


def test_a_forgotten_rule_is_found():
    assert "shops" in unruled({model: rule for model, rule in RULES.items() if model is not models.Shop})


def test_no_rule_is_about_a_table_out_of_reach():
    assert {model.__tablename__ for model in RULES} | set(UNTOUCHED) <= reached()


def test_roles(two):
    """What she was allowed to do ended with her."""
    _made, her, _other = two
    erase(her.id)
    account = db.session.scalar(db.select(Account).where(Account.person_id == her.id))
    live_ones = db.select(models.RoleGrant).where(
        models.RoleGrant.account_id == account.id, models.RoleGrant.revoked_at.is_(None)
    )
    assert db.session.scalars(live_ones).all() == []
    assert Role.TRAINEE

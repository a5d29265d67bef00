"""Two records put together and parted again: what one woman has is in one place, and finds its way back whole."""

import pytest
from sqlalchemy import JSON

from tests import factories, rosters, selections
from tests.factories import AT
from tests.lives import HERS, OTHERS, closed_selection, live
from tests.races import overlap
from trainer import models
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.data_request import RequestKind
from trainer.domain.enrolment import EnrolmentStatus as S
from trainer.domain.enrolment import StatusCause
from trainer.domain.person_merge import (
    AlreadyMerged,
    DifferentIdNumbers,
    NotTheNewest,
    NotUndoable,
    RequestInTheWay,
    TwoApplications,
    TwoCertificates,
)
from trainer.domain.personal_data import PartName
from trainer.errors import Conflict, NotFound
from trainer.models import Account, Application, Enrolment, EnrolmentEvent, Person, PersonMerge
from trainer.queries.account import get_account_of_person
from trainer.queries.person import people_page
from trainer.queries.person_merge import MOVING, STAYING, foresee_undo
from trainer.queries.personal_data import collect
from trainer.queries.sign_up import get_answer
from trainer.services import person_merge as merges
from trainer.services import roster, roster_commit
from trainer.services.data_request import ask
from trainer.services.erasure import erase_person
from trainer.services.roster_commit import stored_values

pytestmark = pytest.mark.sqlite_is_enough

LATER = AT.replace(month=5)


def put_together(kept: int, gone: int, *, take=(), at=LATER, seen=None) -> int:
    with transaction() as session:
        versions = seen or (session.get(Person, kept).version, session.get(Person, gone).version)
        done = merges.merge(kept, gone, seen=versions, chosen=take, reason="同一个人", by=SYSTEM, at=at)
        return done.id


def part(merge_id: int, *, at=LATER) -> list[str]:
    with transaction():
        return merges.undo(merge_id, "弄错了", by=SYSTEM, at=at)


def fresh(model, id_):
    db.session.expire_all()
    return db.session.get(model, id_)


# --- the walk: what a later table must not forget ---------------------------------------------------------------


def referring() -> set[str]:
    return {
        table.name
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "people"
    }


def test_every_table_that_refers_to_a_person_goes_over_or_says_why_not():
    assert {model.__tablename__ for model in MOVING} | set(STAYING) == referring()
    assert not {model.__tablename__ for model in MOVING} & set(STAYING)


# --- there and back ---------------------------------------------------------------------------------------------

# What tells when and how often something was done, and the trail of it.
PASSES = {
    *("people.version", "people.updated_at", "accounts.version", "accounts.active_changed_at"),
    *("sessions.revoked_at", "access_tokens.used_at"),
}
TRAIL = {"cohort_outcomes", "audit_events", "person_merges", "regions"}


def everything() -> dict[str, list]:
    """Every table as the application reads it, but for what passes."""
    db.session.rollback()
    shot = {}
    for table in db.metadata.sorted_tables:
        if table.name in TRAIL:
            continue
        statement = db.select(*(c for c in table.columns if f"{table.name}.{c.name}" not in PASSES))
        if table.name == "enrolment_events":
            statement = statement.where(EnrolmentEvent.cause.is_distinct_from(StatusCause.MERGE))
        keys = list(table.primary_key.columns)
        rows = db.session.execute(statement.order_by(*(k for k in keys if not isinstance(k.type, JSON))))
        shot[table.name] = [tuple(map(repr, row)) for row in rows]
    return shot


@pytest.fixture
def lives(app):
    """Two women with everything there is, each in a selection of her own; the second without an ID number."""
    made = closed_selection()
    her, other = live(HERS, made, 0), live(OTHERS, made, 1)
    with transaction() as session:
        session.execute(db.update(models.DataRequest).values(state="withdrawn"))
        session.execute(db.update(models.Certificate).where(second(made)).values(state="revoked"))
        kept = {name: getattr(session.get(Person, other.id), name) for name in ("name", "phone")}
        for name, value in stored_values(kept | {"id_number": None}).items():
            setattr(session.get(Person, other.id), name, value)
        elsewhere = models.Selection(
            **{c.name: getattr(session.get(models.Selection, made.selection_id), c.name) for c in selection_columns()}
        )
        session.add(elsewhere)
        session.flush()
        made.applications()[1].selection_id = elsewhere.id
    return made, her.id, other.id


def selection_columns():
    return [c for c in models.Selection.__table__.columns if c.name != "id"]


def second(made):
    return models.Certificate.enrolment_id == made.enrolments[1].id


@pytest.mark.parametrize("turned", [False, True])
def test_after_the_way_there_and_back_everything_is_as_it_was(lives, turned):
    _made, *both = lives
    kept, gone = reversed(both) if turned else both
    before = everything()
    merge_id = put_together(kept, gone, take=("name", "phone", "place", "birth_year", "note"))
    assert everything() != before
    assert part(merge_id) == []
    after = everything()
    assert {table: rows for table, rows in after.items() if rows != before[table]} == {}


def test_all_that_is_hers_stands_under_one_record(lives):
    made, her, other = lives
    put_together(her, other)
    for model in MOVING:
        left = db.session.scalars(db.select(model).where(model.person_id == other)).all()
        if model in (Enrolment, Account):
            continue  # of one cohort both; she signs in with one account
        assert [row for row in left if not getattr(row, "withdrawn_at", None)] == [] or model is models.Consent
    assert fresh(Enrolment, made.enrolments[1].id).status is S.WITHDRAWN
    assert [row.id for row in people_page(made.by).items].count(other) == 0


def test_the_id_number_is_in_one_record_only(lives):
    _made, her, other = lives
    number = fresh(Person, her).id_number
    merge_id = put_together(other, her)
    assert (fresh(Person, other).id_number, fresh(Person, her).id_number_index) == (number, None)
    part(merge_id)
    assert (fresh(Person, other).id_number_index, fresh(Person, her).id_number) == (None, number)


def test_the_account_that_stays_behind_is_shut_and_opened_again(lives):
    _made, her, other = lives
    merge_id = put_together(her, other)
    shut = get_account_of_person(other)
    assert (shut.active, shut.shut_because) == (False, "merged")
    sessions = db.select(models.SignInSession).where(models.SignInSession.account_id == shut.id)
    assert all(row.revoked_at for row in db.session.scalars(sessions))
    part(merge_id)
    assert (fresh(Account, shut.id).active, fresh(Account, shut.id).shut_because) == (True, "")


def test_an_account_goes_over_where_there_is_none(app):
    kept, gone = factories.person(), factories.person()
    account = factories.account(Role.TRAINEE, person=gone)
    merge_id = put_together(kept.id, gone.id)
    assert (fresh(Account, account.id).person_id, fresh(Account, account.id).active) == (kept.id, True)
    part(merge_id)
    assert fresh(Account, account.id).person_id == gone.id


# --- one cohort, two enrolments ---------------------------------------------------------------------------------


def both_in(kept_status: S, gone_status: S):
    cohort = factories.cohort()
    kept, gone = (factories.enrolment(cohort, status=status) for status in (kept_status, gone_status))
    return kept, gone


@pytest.mark.parametrize(
    ("kept_status", "gone_status", "goes_on"),
    [
        (S.ACTIVE, S.ACTIVE, "kept"),
        (S.ACTIVE, S.APPLIED, "kept"),
        (S.APPLIED, S.ACTIVE, "gone"),
        (S.NOT_COMPLETED, S.COMPLETED, "gone"),
        (S.COMPLETED, S.COMPLETED, "kept"),
        (S.REJECTED, S.WAITLISTED, "kept"),
    ],
)
def test_one_enrolment_goes_on_and_the_other_is_set_aside(app, kept_status, gone_status, goes_on):
    kept, gone = both_in(kept_status, gone_status)
    owners = kept.person_id, gone.person_id
    before = everything()
    merge_id = put_together(*owners)
    on, aside = (kept, gone) if goes_on == "kept" else (gone, kept)
    assert fresh(Enrolment, on.id).person_id == owners[0]
    assert fresh(Enrolment, on.id).status is (kept_status if goes_on == "kept" else gone_status)
    assert fresh(Enrolment, aside.id).person_id == owners[1]
    assert fresh(Enrolment, aside.id).status in (S.WITHDRAWN, S.REJECTED)
    part(merge_id)
    assert everything() == before


def test_evidence_of_an_application_is_the_enrolment_that_goes_on(app):
    made = selections.ready(women=1)
    hers = made.enrolments[0]
    other = factories.enrolment(made.cohort)
    [application] = made.applications()
    merge_id = put_together(other.person_id, hers.person_id)
    moved = fresh(Application, application.id)
    assert (moved.person_id, moved.enrolment_id) == (other.person_id, other.id)
    part(merge_id)
    assert fresh(Application, application.id).enrolment_id == hers.id


# --- what stays with whom ---------------------------------------------------------------------------------------


def test_what_came_since_stays_and_what_was_changed_since_is_left(app):
    kept, gone = factories.person(village=None, business=None), factories.person(village="东沟村", business="剪纸")
    old_shop = factories.shop(gone)
    merge_id = put_together(kept.id, gone.id)
    new_shop = factories.shop(fresh(Person, kept.id))
    with transaction() as session:
        session.get(Person, kept.id).business = "面塑"
    foreseen = foresee_undo(fresh(PersonMerge, merge_id), fresh(Person, kept.id))
    assert (dict(foreseen.back)["shops"], dict(foreseen.since)["shops"]) == (1, 1)
    assert foreseen.left == ["business"]
    assert part(merge_id) == ["business"]
    assert fresh(models.Shop, old_shop.id).person_id == gone.id
    assert fresh(models.Shop, new_shop.id).person_id == kept.id
    assert (fresh(Person, kept.id).village, fresh(Person, kept.id).business) == (None, "面塑")


def test_a_value_is_taken_where_it_was_chosen_or_is_the_only_one(app):
    kept = factories.person(name="王小芳", business="剪纸", education=None)
    gone = factories.person(name="王晓芳", business="面塑", education="高中")
    put_together(kept.id, gone.id, take=("name",))
    woman = fresh(Person, kept.id)
    assert (woman.name, woman.business, woman.education) == ("王晓芳", "剪纸", "高中")
    assert people_page(factories.actor_of(factories.account(Role.MANAGER)), text="王晓芳").total == 1


def test_a_chain_is_parted_from_its_newest_end(app):
    first, second, third = (factories.person() for _ in range(3))
    one = put_together(second.id, first.id)
    two = put_together(third.id, second.id)
    with pytest.raises(NotTheNewest):
        part(one)
    part(two)
    part(one)
    assert {fresh(Person, woman.id).merged_into_id for woman in (first, second, third)} == {None}
    with pytest.raises(NotUndoable):
        part(one)


def test_erasing_her_erases_all_her_records(app):
    first, second, third = (factories.person() for _ in range(3))
    one = put_together(second.id, first.id)
    put_together(third.id, second.id)
    with transaction():
        erase_person(third.id, why="request", by=SYSTEM, at=LATER)
    assert all(fresh(Person, woman.id).erased_at for woman in (first, second, third))
    assert fresh(PersonMerge, one).before is None
    with pytest.raises(NotUndoable):
        part(one)


# --- refusals ---------------------------------------------------------------------------------------------------


def test_what_is_refused(app):
    kept, gone, third = (factories.person() for _ in range(3))
    with pytest.raises(NotFound):
        put_together(kept.id, kept.id)
    with pytest.raises(Conflict):
        put_together(kept.id, gone.id, seen=(1, 9))
    put_together(kept.id, gone.id)
    with pytest.raises(AlreadyMerged):
        put_together(third.id, gone.id)
    with transaction() as session:
        for woman, number in ((kept, HERS.id_number), (third, OTHERS.id_number)):
            values = stored_values({"name": "王小芳", "phone": None, "id_number": number})
            for name, value in values.items():
                setattr(session.get(Person, woman.id), name, value)
    with pytest.raises(DifferentIdNumbers):
        put_together(kept.id, third.id)


@pytest.mark.parametrize(
    ("kinds", "refused"),
    [
        (((RequestKind.ERASE,), ()), True),
        (((RequestKind.EXPLAIN,), (RequestKind.EXPLAIN,)), True),
        (((RequestKind.EXPLAIN,), (RequestKind.CORRECT,)), False),
    ],
)
def test_requests_in_the_way(app, kinds, refused):
    women = [factories.person(), factories.person()]
    with transaction():
        for woman, hers in zip(women, kinds, strict=True):
            for kind in hers:
                ask(kind, woman.id, words="x", channel="paper", by=SYSTEM, at=AT, due_in_days=15)
    if refused:
        with pytest.raises(RequestInTheWay):
            put_together(*(woman.id for woman in women))
    else:
        put_together(*(woman.id for woman in women))


def test_two_applications_and_two_certificates_are_refused_by_name(app):
    made = selections.ready(women=2)
    with pytest.raises(TwoApplications) as refused:
        put_together(*(enrolment.person_id for enrolment in made.enrolments[:2]))
    assert refused.value.values["where"] == db.session.scalar(db.select(models.Selection.name))
    kept, gone = both_in(S.COMPLETED, S.COMPLETED)
    for number, enrolment in enumerate((kept, gone)):
        with transaction() as session:
            values = {"number": f"旧{number}", "state": "valid", "name": "x", "content": "{}"}
            session.add(models.Certificate(enrolment_id=enrolment.id, issued_on=AT.date(), issued_at=AT, **values))
    with pytest.raises(TwoCertificates):
        put_together(kept.person_id, gone.person_id)


# --- at the same moment -----------------------------------------------------------------------------------------


def test_two_at_once_put_them_together_once(app):
    one, other = factories.person(), factories.person()

    def act(kept, gone):
        return lambda: merges.merge(kept, gone, seen=(1, 1), reason="x", by=SYSTEM, at=LATER).id

    results = overlap(app, act(one.id, other.id), act(other.id, one.id))
    assert sum(isinstance(result, int) for result in results) == 1
    assert db.session.scalar(db.select(db.func.count()).select_from(PersonMerge)) == 1


def test_who_looks_her_sign_up_up_reads_where_she_stands(app):
    cohort = factories.cohort()
    on_the_list, signed_up = factories.enrolment(cohort), factories.enrolment(cohort)
    code = factories.sign_up(cohort, state="settled", enrolment_id=signed_up.id, settled_at=AT)
    merge_id = put_together(on_the_list.person_id, signed_up.person_id)
    assert (fresh(Enrolment, signed_up.id).status, get_answer(code, now=AT).status) == (S.WITHDRAWN, S.ACTIVE)
    part(merge_id)
    assert fresh(models.SignUp, code).enrolment_id == signed_up.id


def test_a_roster_that_is_taken_in_meanwhile_is_looked_at_again(app):
    made = selections.ready(women=1)
    kept, gone = factories.person(), factories.person(village="东沟村")
    content = rosters.roster_file((gone.name, "", "", "云州区", "东沟村"))
    reading = roster.read("名册.xlsx", content, today=AT.date())
    with transaction():
        batch = roster.preview(made.cohort.id, reading, by=made.by, at=AT).id
    ids = kept.id, gone.id
    results = overlap(
        app,
        lambda: merges.merge(*ids, seen=(1, 1), reason="x", by=SYSTEM, at=LATER).id,
        lambda: roster_commit.commit(batch, by=SYSTEM, at=LATER).id,
    )
    assert isinstance(results[1], roster_commit.RegisterChanged)
    assert db.session.scalar(db.select(db.func.count()).where(Enrolment.person_id == ids[1])) == 0


def test_her_copy_of_her_data_tells_of_both_records(app):
    cohort = factories.cohort()
    kept, gone = factories.enrolment(cohort), factories.enrolment(cohort)
    put_together(kept.person_id, gone.person_id)
    [enrolments] = [part for part in collect(kept.person_id) if part.name is PartName.ENROLMENTS]
    assert [row["status"] for row in enrolments.rows] == [S.ACTIVE, S.WITHDRAWN]


def test_two_women_are_told_apart_and_taken_back(app):
    one, other = factories.person(), factories.person()
    count = db.select(db.func.count()).select_from(models.DistinctPair)
    for _ in range(2):
        with transaction():
            merges.tell_apart(other.id, one.id, by=SYSTEM, at=AT)
    assert db.session.scalar(count) == 1
    with transaction():
        merges.take_back_telling_apart(one.id, other.id, by=SYSTEM, at=AT)
    assert db.session.scalar(count) == 0


def test_a_draft_of_the_record_that_goes_stays_behind_and_what_counts_goes_over(app):
    made = selections.applying(4)
    selections.written(made, 0)
    selections.written(made, 1)
    selections.handed_in(made, 2)
    kept, twin, counted, other = (enrolment.person_id for enrolment in made.enrolments)
    ids = [row.id for row in made.applications()]
    merge_id = put_together(kept, twin)
    assert [fresh(Application, id_).person_id for id_ in ids[:2]] == [kept, twin]
    with pytest.raises(TwoApplications):
        put_together(kept, counted)
    put_together(other, counted)
    assert fresh(Application, ids[2]).person_id == other
    part(merge_id)
    assert [fresh(Application, id_).person_id for id_ in ids[:2]] == [kept, twin]

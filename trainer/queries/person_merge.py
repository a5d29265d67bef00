"""Merges: what two records hold side by side, what goes over and what stands in the way; merges made and undone."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, and_, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import ATTENDED
from trainer.domain.certificate import CertificateState
from trainer.domain.consent import ConsentScope
from trainer.domain.data_request import RequestKind, RequestState
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.person_merge import GROUPS, goes_on
from trainer.domain.selection import ApplicationState
from trainer.models.account import Account
from trainer.models.application import Application
from trainer.models.attendance import Attendance
from trainer.models.certificate import Certificate
from trainer.models.data_request import DataRequest
from trainer.models.disclosure import DisclosedPerson
from trainer.models.enrolment import Enrolment
from trainer.models.file import StoredFile
from trainer.models.follow_up import PaidWork
from trainer.models.honour import Honour
from trainer.models.message import Delivery
from trainer.models.person import Consent, Person
from trainer.models.person_merge import DistinctPair, PersonMerge
from trainer.models.programme import Cohort
from trainer.models.sales import Shop
from trainer.models.selection import Selection
from trainer.models.service_hours import ServiceEntry
from trainer.permissions import Permission
from trainer.queries.person import visible_people

# Tables whose rows go over to the record that stays, and the columns in which two rows of hers would be one: then
# the other record keeps its own. Of enrolments, accounts and applications the service says more.
MOVING: Mapping[type, tuple[str, ...]] = {
    Enrolment: (),
    Account: (),
    Shop: (),
    Application: ("selection_id",),
    Consent: ("scope", "notice_version", "withdrawn_at"),
    Delivery: ("message_id", "channel"),
    DataRequest: (),
    ServiceEntry: (),
    PaidWork: (),
    Honour: (),
    StoredFile: (),
    DisclosedPerson: ("disclosure_id",),
}
# Tables that refer to a person and stay as they are.
STAYING = {
    "people": "whom somebody was merged into before: the chain leads on",
    "person_merges": "what was done to these very records",
    "distinct_pairs": "was said of these very records",
}


def key_of(model: type):
    """What tells a row of `model` from the others of the same person."""
    return DisclosedPerson.disclosure_id if model is DisclosedPerson else model.id


def get_both_for(actor: Actor, *ids: int) -> list[Person] | None:
    """The two, in this order, where both are within reach and neither is erased or merged."""
    wanted = select(Person).where(
        Person.id.in_(ids), visible_people(actor, Permission.MERGE_PEOPLE), Person.erased_at.is_(None)
    )
    found = {person.id: person for person in db.session.scalars(wanted)}
    return [found[id_] for id_ in ids] if len(found) == 2 else None


def values_of(person: Person) -> dict[str, object]:
    return {column: getattr(person, column) for columns in GROUPS.values() for column in columns}


@dataclass(frozen=True)
class Attended:
    """An enrolment as it stands beside the other record's; `number` is that of a valid certificate."""

    id: int
    person_id: int
    cohort_id: int
    cohort: str
    status: EnrolmentStatus
    lessons: int
    number: str | None

    @property
    def weight(self) -> tuple[bool, bool, bool]:
        return goes_on(self.status, certified=self.number is not None)


def list_attended(ids: Collection[int]) -> list[Attended]:
    """One statement."""
    lessons = select(func.count()).where(Attendance.enrolment_id == Enrolment.id, Attendance.status.in_(ATTENDED))
    valid = select(func.max(Certificate.number)).where(
        Certificate.enrolment_id == Enrolment.id, Certificate.state == CertificateState.VALID
    )
    rows = db.session.execute(
        select(
            *(Enrolment.id, Enrolment.person_id, Cohort.id, Cohort.name, Enrolment.status),
            *(lessons.scalar_subquery(), valid.scalar_subquery()),
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id.in_(ids))
        .order_by(Cohort.starts_on, Cohort.id)
    )
    return [Attended(*row) for row in rows]


@dataclass(frozen=True)
class Twice:
    """A cohort that both records are in: the enrolment that goes on, and the one that is set aside."""

    on: Attended
    aside: Attended

    @property
    def certificates(self) -> int:
        return (self.on.number is not None) + (self.aside.number is not None)


def pair_up(kept_id: int, rows: Sequence[Attended]) -> list[Twice]:
    kept = {row.cohort_id: row for row in rows if row.person_id == kept_id}
    both = [(kept[row.cohort_id], row) for row in rows if row.person_id != kept_id and row.cohort_id in kept]
    return [Twice(gone, own) if gone.weight > own.weight else Twice(own, gone) for own, gone in both]


def count_rows(ids: Collection[int]) -> dict[int, dict[str, int]]:
    """{person: {table: rows}} of what goes over, in one statement."""
    counts = [
        select(model.person_id, literal(model.__tablename__), func.count())
        .where(model.person_id.in_(ids))
        .group_by(model.person_id)
        for model in MOVING
    ]
    found: dict[int, dict[str, int]] = {id_: {} for id_ in ids}
    for person_id, table, count in db.session.execute(union_all(*counts)):
        found[person_id][table] = count
    return found


def last_sign_ins(ids: Collection[int]) -> dict[int, datetime | None]:
    """When whoever has an account signed in last."""
    rows = db.session.execute(select(Account.person_id, Account.last_sign_in_at).where(Account.person_id.in_(ids)))
    return dict(rows.all())


@dataclass(frozen=True)
class Held:
    """What stands under a record, by name."""

    shops: list[str]
    consents: list[ConsentScope]


def list_held(ids: Collection[int]) -> dict[int, Held]:
    """Shops and consents in force, in one statement."""
    shops = select(Shop.person_id, Shop.id, Shop.name, literal("shop")).where(Shop.person_id.in_(ids))
    in_force = Consent.person_id.in_(ids), Consent.withdrawn_at.is_(None)
    consents = select(Consent.person_id, Consent.id, cast(Consent.scope, String), literal("consent")).where(*in_force)
    found = {id_: Held([], []) for id_ in ids}
    for person_id, _id, name, what in sorted(db.session.execute(union_all(shops, consents)).all()):
        if what == "shop":
            found[person_id].shops.append(name)
        elif ConsentScope(name) not in found[person_id].consents:
            found[person_id].consents.append(ConsentScope(name))
    return found


def open_requests_in_the_way(kept_id: int, gone_id: int) -> list[RequestKind]:
    """An erasure that one of them has asked for, and what both have asked for."""
    rows = db.session.execute(
        select(DataRequest.kind, func.count())
        .where(DataRequest.person_id.in_((kept_id, gone_id)), DataRequest.state == RequestState.OPEN)
        .group_by(DataRequest.kind)
    )
    return [kind for kind, count in rows if kind is RequestKind.ERASE or count > 1]


def selections_of_both(kept_id: int, gone_id: int) -> list[str]:
    """Names of the selections in which the record that goes has an application that counts, and the other has one too:
    a draft or a withdrawn one of hers stays behind with her record."""
    other = aliased(Application)
    return list(
        db.session.scalars(
            select(Selection.name)
            .join(Application, Application.selection_id == Selection.id)
            .join(other, other.selection_id == Selection.id)
            .where(
                *(Application.person_id == kept_id, other.person_id == gone_id),
                other.state.in_((ApplicationState.SUBMITTED, ApplicationState.REFERRED)),
            )
            .order_by(Selection.id)
        )
    )


def get_distinct_pair(one: int, other: int) -> DistinctPair | None:
    return db.session.scalar(
        select(DistinctPair).where(DistinctPair.first_id == min(one, other), DistinctPair.second_id == max(one, other))
    )


def list_merged(person_id: int) -> list[int]:
    """Every record that this one speaks for, those merged into a merged one too."""
    found, new = [], [person_id]
    while new:
        new = list(db.session.scalars(select(Person.id).where(Person.merged_into_id.in_(new)).order_by(Person.id)))
        found += new
    return found


def get_successor_for(actor: Actor, permission: Permission, person_id: int) -> int | None:
    """The record that speaks for a merged one, where it is within reach."""
    into = db.session.scalar(select(Person.merged_into_id).where(Person.id == person_id))
    while into and (further := db.session.scalar(select(Person.merged_into_id).where(Person.id == into))):
        into = further
    hers = select(Person.id).where(Person.id == into, visible_people(actor, permission))
    return db.session.scalar(hers) if into else None


def get_merge_for(actor: Actor, merge_id: int) -> PersonMerge | None:
    """A merge whose record that stays is within reach, or was merged on into one that is."""
    merge = db.session.get(PersonMerge, merge_id)
    if merge is None:
        return None
    wanted = select(Person.id).where(Person.id == merge.kept_id, visible_people(actor, Permission.MERGE_PEOPLE))
    if db.session.scalar(wanted) or get_successor_for(actor, Permission.MERGE_PEOPLE, merge.kept_id):
        return merge
    return None


def get_pair_of(merge: PersonMerge) -> tuple[Person, Person]:
    """The record that stays and the one that went in, as they are now."""
    found = {p.id: p for p in db.session.scalars(select(Person).where(Person.id.in_((merge.kept_id, merge.gone_id))))}
    return found[merge.kept_id], found[merge.gone_id]


def get_live_merge(kept_id: int, gone_id: int) -> int | None:
    """The merge of these two that holds, whichever stayed."""
    pair = or_(
        and_(PersonMerge.kept_id == kept_id, PersonMerge.gone_id == gone_id),
        and_(PersonMerge.kept_id == gone_id, PersonMerge.gone_id == kept_id),
    )
    return db.session.scalar(select(PersonMerge.id).where(pair, PersonMerge.undone_at.is_(None)))


def newer_merge(merge: PersonMerge) -> int | None:
    """A later merge with one of the two in it that holds."""
    both = (merge.kept_id, merge.gone_id)
    return db.session.scalar(
        select(PersonMerge.id)
        .where(
            PersonMerge.id > merge.id,
            PersonMerge.undone_at.is_(None),
            or_(PersonMerge.kept_id.in_(both), PersonMerge.gone_id.in_(both)),
        )
        .order_by(PersonMerge.id.desc())
        .limit(1)
    )


@dataclass(frozen=True)
class MergeLine:
    """A merge on the page of the woman."""

    id: int
    at: datetime
    by: str | None


def list_merges_of(person_id: int) -> list[MergeLine]:
    """Those that made her record what it is, the newest first."""
    rows = db.session.execute(
        select(PersonMerge.id, PersonMerge.at, Account.name)
        .outerjoin(Account, Account.id == PersonMerge.by)
        .where(PersonMerge.kept_id == person_id, PersonMerge.undone_at.is_(None))
        .order_by(PersonMerge.id.desc())
    )
    return [MergeLine(*row) for row in rows]


@dataclass(frozen=True)
class Parting:
    """What undoing would do: rows by table that go back, rows that came since and stay, fields by what becomes of them."""

    back: Mapping[str, int]
    since: Mapping[str, int]
    restored: Sequence[str]
    left: Sequence[str]


def keys_of(person_id: int) -> dict[str, set[int]]:
    """{table: keys} of the rows that stand under her now, in one statement."""
    keys = [select(literal(model.__tablename__), key_of(model)).where(model.person_id == person_id) for model in MOVING]
    found: dict[str, set[int]] = {model.__tablename__: set() for model in MOVING}
    for table, key in db.session.execute(union_all(*keys)):
        found[table].add(key)
    return found


def foresee_undo(merge: PersonMerge, kept: Person) -> Parting:
    """One statement."""
    moved, own = merge.moved["rows"], merge.moved["own"]
    now = keys_of(kept.id)
    back = {table: len(keys & set(moved.get(table, ()))) for table, keys in now.items()}
    since = {table: len(keys - {*moved.get(table, ()), *own.get(table, ())}) for table, keys in now.items()}
    restored, left = fields_to_restore(merge, kept)
    return Parting(_some(back), _some(since), sorted(restored), left)


def _some(counts: Mapping[str, int]) -> dict[str, int]:
    return {table: count for table, count in counts.items() if count}


def fields_to_restore(merge: PersonMerge, kept: Person) -> tuple[dict[str, object], list[str]]:
    """(column → old value, columns that somebody has changed since)."""
    said = json.loads(merge.before or "{}")
    changed = said.get("after", {})
    same = {name for name, value in changed.items() if getattr(kept, name) == value}
    return {name: said["kept"][name] for name in changed if name in same}, [n for n in changed if n not in same]

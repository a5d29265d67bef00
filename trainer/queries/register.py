"""The register as a roster meets it: whom its rows could be about, set-wise, whatever the number of rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from trainer.crypto import keyring
from trainer.database import db
from trainer.domain.consent import ConsentScope
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.roster import KnownPerson, RosterRow
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.sales import Shop
from trainer.queries.consent import withdrawn_scopes
from trainer.queries.region import counties_around

# What the register keeps of a person and a roster may change; the two indexes follow from id_number and phone.
KEPT = (
    *("id_number", "phone", "sex", "birth_year", "ethnicity", "education", "region_code"),
    *("township", "village", "business", "has_shop", "kind", "note"),
)


@dataclass(frozen=True)
class Indexes:
    """The keyed hashes a row is looked up by; None where it has no such number."""

    id_number: str | None
    phone: str | None


@dataclass(frozen=True)
class Known:
    """What a roster is compared with."""

    people: tuple[KnownPerson, ...]
    versions: Mapping[int, int]  # by person
    enrolments: Mapping[int, tuple[int, EnrolmentStatus]]  # by person: her enrolment in this cohort
    last_seat: int
    counties: Mapping[str, str]  # full name → code, in the cohort's city
    account_owners: Mapping[tuple[str, str], int]  # (platform, account) → person
    withdrawn: Mapping[int, frozenset[ConsentScope]]  # by person: consents she took back


def indexes_of(row: RosterRow) -> Indexes:
    keys = keyring()
    return Indexes(
        keys.blind_index("id_number", row.id_number) if row.id_number else None,
        keys.blind_index("phone", row.phone) if row.phone else None,
    )


def get_known(cohort: Cohort, rows: Sequence[RosterRow]) -> Known:
    """Five statements whatever the number of rows."""
    people, versions = _people(rows)
    enrolled = db.session.execute(
        select(Enrolment.person_id, Enrolment.id, Enrolment.status, Enrolment.seat_number).where(
            Enrolment.cohort_id == cohort.id
        )
    ).all()
    return Known(
        people=tuple(people),
        versions=versions,
        enrolments={person_id: (enrolment_id, status) for person_id, enrolment_id, status, _seat in enrolled},
        last_seat=max((seat for *_rest, seat in enrolled if seat), default=0),
        counties=counties_around(cohort.region_code),
        account_owners=_account_owners(rows),
        withdrawn=withdrawn_scopes(versions),
    )


def _people(rows: Sequence[RosterRow]) -> tuple[list[KnownPerson], dict[int, int]]:
    """Holders of one of the ID numbers, and namesakes with one of the phones or villages."""
    indexes = [indexes_of(row) for row in rows]
    namesake = and_(
        Person.name.in_({row.name for row in rows if row.name}),
        or_(
            Person.phone_index.in_({index.phone for index in indexes if index.phone}),
            Person.village.in_({row.village for row in rows if row.village}),
        ),
    )
    ids = {index.id_number for index in indexes if index.id_number}
    columns = (Person.id, Person.version, Person.name, Person.id_number_index, Person.phone_index)
    found = db.session.execute(
        select(*columns, *(getattr(Person, name) for name in KEPT))
        .where(or_(Person.id_number_index.in_(ids), namesake), Person.merged_into_id.is_(None))
        .order_by(Person.id)
    ).all()
    people = [
        KnownPerson(row.id, row.name, row.id_number_index, row.phone_index, {name: getattr(row, name) for name in KEPT})
        for row in found
    ]
    return people, {row.id: row.version for row in found}


def _account_owners(rows: Iterable[RosterRow]) -> dict[tuple[str, str], int]:
    accounts = {account for row in rows for account in row.accounts.values()}
    found = db.session.execute(
        select(Shop.platform, Shop.account_uid, Shop.person_id).where(Shop.account_uid.in_(accounts))
    )
    return {(platform, account): person_id for platform, account, person_id in found}

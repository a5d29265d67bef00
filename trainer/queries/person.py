"""People of the register: who may be seen, and the list of them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true

from trainer.crypto import keyring
from trainer.database import db
from trainer.domain.actors import Actor, Scope, region_prefix
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus
from trainer.domain.people import mask_id_number, mask_phone
from trainer.domain.person import PersonRow
from trainer.domain.search import Wanted, phone_tail
from trainer.models.disclosure import DisclosedPerson
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.region import Region
from trainer.permissions import Permission
from trainer.queries.scoping import Page, contains, fetch_page, visible

# Whoever was erased is still looked at, as a line of a roll without a name; nothing is done with her any more.
OF_THE_LIVING = frozenset(
    {Permission.MANAGE_PEOPLE, Permission.MERGE_PEOPLE, Permission.UNMASK, Permission.IMPORT_SALES}
)


def visible_people(actor: Actor, permission: Permission = Permission.VIEW_PEOPLE) -> ColumnElement[bool]:
    """A WHERE clause over Person: who lives in her area, and who is or was in a cohort within her reach. A record that
    was merged into another one is nobody: that one speaks for her."""
    enrolled = (
        select(Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(visible(actor, permission, region=Cohort.region_code, cohort=Cohort.id))
    )
    within = or_(visible(actor, permission, region=Person.region_code, person=Person.id), Person.id.in_(enrolled))
    living = Person.erased_at.is_(None) if permission in OF_THE_LIVING else true()
    return and_(within, Person.merged_into_id.is_(None), living)


def is_here() -> ColumnElement[bool]:
    """A WHERE clause over Person: neither erased nor merged into another record."""
    return and_(Person.erased_at.is_(None), Person.merged_into_id.is_(None))


def has_namesake(name: str, phone: str | None, *, but: int | None = None) -> bool:
    """Whether a record (other than `but`) has this phone under this name: a later list would not tell a second apart."""
    if not phone:
        return False
    same = (Person.name == name, Person.phone_index == keyring().blind_index("phone", phone), Person.id != (but or 0))
    return db.session.scalar(select(Person.id).where(*same, is_here()).limit(1)) is not None


def get_person_for(actor: Actor, permission: Permission, person_id: int) -> Person | None:
    """The person, if she is within the actor's reach."""
    return db.session.scalar(select(Person).where(Person.id == person_id, visible_people(actor, permission)))


def permissions_over(actor: Actor, person_id: int, wanted: Collection[Permission]) -> frozenset[Permission]:
    """Which of these she has over one person: one statement, however many are asked for."""
    wanted = list(wanted)
    has = (case((visible_people(actor, permission), 1), else_=0) for permission in wanted)
    row = db.session.execute(select(*has).where(Person.id == person_id)).one_or_none()
    return frozenset(permission for permission, there in zip(wanted, row or [0] * len(wanted), strict=True) if there)


@dataclass(frozen=True)
class PersonEnrolment:
    """A cohort she is or was in."""

    id: int
    cohort_id: int
    cohort: str
    region_code: str
    seat_number: int | None
    status: EnrolmentStatus
    joined_on: date

    @property
    def scope(self) -> Scope:
        return Scope(self.region_code, self.cohort_id)


def list_enrolments_of(person_id: int) -> list[PersonEnrolment]:
    """The newest cohort first."""
    rows = db.session.execute(
        select(
            *(Enrolment.id, Cohort.id, Cohort.name, Cohort.region_code),
            *(Enrolment.seat_number, Enrolment.status, Enrolment.joined_on),
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    )
    return [PersonEnrolment(*row) for row in rows]


def people_page(
    actor: Actor, *, text: str = "", region_code: str = "", page: int = 1, per_page: int = 20
) -> Page[PersonRow]:
    """People within her reach by the sound of their names; `text` is a name, its pinyin or initials, or a village."""
    statement = _people(actor, Permission.VIEW_PEOPLE, text, region_code)
    found = fetch_page(statement, _row, page=page, per_page=per_page)
    return Page(_with_cohorts(found.items), found.total, found.page, found.per_page)


def list_people(actor: Actor, *, text: str = "", region_code: str = "", most: int = 100_000) -> list[PersonRow]:
    """The same rows for an export, without pages."""
    statement = _people(actor, Permission.EXPORT_PEOPLE, text, region_code).limit(most)
    return _with_cohorts([_row(row) for row in db.session.execute(statement)])


def count_people(actor: Actor, *, text: str = "", region_code: str = "") -> int:
    """How many rows `list_people` would give."""
    found = _people(actor, Permission.EXPORT_PEOPLE, text, region_code).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(found))


def ids_to_disclose(actor: Actor, *, text: str = "", region_code: str = "", cohort_id: int | None = None) -> list[int]:
    """Whom an export in full would be about; of a cohort, everybody on its roll."""
    statement = _people(actor, Permission.EXPORT_UNMASKED, text, region_code)
    if cohort_id is not None:
        on_the_roll = (Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL))
        statement = statement.where(Person.id.in_(select(Enrolment.person_id).where(*on_the_roll)))
    return list(db.session.scalars(statement.with_only_columns(Person.id)))


def list_disclosed_people(actor: Actor, disclosure_id: int, fields: Collection[str]) -> list[PersonRow]:
    """The people of an export in full that are still within her reach; `fields` unmasked."""
    statement = (
        _people(actor, Permission.EXPORT_UNMASKED, "", "")
        .join(DisclosedPerson, DisclosedPerson.person_id == Person.id)
        .where(DisclosedPerson.disclosure_id == disclosure_id)
        .add_columns(Person.id_number)
    )
    rows = []
    for row in db.session.execute(statement):
        id_number = row.id_number or "" if "id_number" in fields else mask_id_number(row.id_number)
        phone = row.phone or "" if "phone" in fields else mask_phone(row.phone)
        rows.append(replace(_row(row), phone=phone, id_number=id_number))
    return _with_cohorts(rows)


def regions_of_people(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the counties that somebody within her reach lives in."""
    rows = db.session.execute(
        select(Region.code, Region.name)
        .where(Region.code.in_(select(Person.region_code).where(visible_people(actor))))
        .order_by(Region.code)
    )
    return [tuple(row) for row in rows]


def _people(actor: Actor, permission: Permission, text: str, region_code: str) -> Select:
    statement = (
        select(
            *(Person.id, Person.name, Person.sex, Person.phone, Region.name.label("region"), Person.township),
            *(Person.village, Person.business),
        )
        .join(Region, Region.code == Person.region_code)
        .where(visible_people(actor, permission), Person.erased_at.is_(None))
        .order_by(Person.name_pinyin, Person.id)
    )
    if region_code:
        statement = statement.where(Person.region_code.startswith(region_prefix(region_code)))
    return statement.where(matches_text(text)) if text else statement


def people_by_number(actor: Actor, wanted: Wanted) -> Page[PersonRow]:
    """Whose whole phone or ID number this is, within the actor's reach: women share phones, so up to a screenful."""
    keys = keyring()
    if wanted.is_id_number:
        hers = Person.id_number_index == keys.blind_index("id_number", wanted.number)
    else:
        hers = Person.phone_index == keys.blind_index("phone", wanted.number)
    found = fetch_page(_people(actor, Permission.VIEW_PEOPLE, "", "").where(hers), _row, page=1, per_page=20)
    return Page(_with_cohorts(found.items), found.total, found.page, found.per_page)


def matches_text(text: str) -> ColumnElement[bool]:
    """A name, how it sounds (in full, with or without spaces, or its initials), a village, or the last four digits of a
    phone. Only what can be meant is looked for: letters are no Chinese name, and the hash of four digits is indexed."""
    if digits := phone_tail(text):
        return Person.phone_tail_index == keyring().blind_index("phone_tail", digits)
    sound = text.lower().replace(" ", "")
    if not (sound.isascii() and sound.isalpha()):
        return or_(contains(Person.name, text), contains(Person.village, text))
    in_full = func.replace(Person.name_pinyin, " ", "").startswith(sound)
    heard = or_(Person.name_initials.startswith(sound), in_full)
    if sound[0] == "z":  # what comes after it is another thing in each collation
        return heard
    # Implied by the rest, and the index knows it: a twentieth of the register is looked through.
    return and_(Person.name_initials >= sound[0], Person.name_initials < chr(ord(sound[0]) + 1), heard)


def _row(row) -> PersonRow:
    return PersonRow(
        *(row.id, row.name, row.sex, mask_phone(row.phone), row.region, row.township, row.village, row.business)
    )


def _with_cohorts(rows: list[PersonRow]) -> list[PersonRow]:
    """One further statement a thousand people."""
    cohorts: dict[int, list[tuple[int, str]]] = {}
    for people in _thousands([row.id for row in rows]):
        for person_id, cohort_id, name in db.session.execute(
            select(Enrolment.person_id, Cohort.id, Cohort.name)
            .join(Cohort, Cohort.id == Enrolment.cohort_id)
            .where(Enrolment.person_id.in_(people))
            .order_by(Cohort.starts_on, Cohort.id)
        ):
            cohorts.setdefault(person_id, []).append((cohort_id, name))
    return [replace(row, cohorts=tuple(cohorts.get(row.id, ()))) for row in rows]


def _thousands(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), 1000):
        yield ids[start : start + 1000]

"""Whom in the register a sign-up could be: of one or of many at once, in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, and_, func, or_, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.people import mask_id_number, mask_phone
from trainer.domain.person import PersonKind
from trainer.domain.walk_in import Likeness, Told, likeness
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.region import Region
from trainer.models.sign_up import SignUp
from trainer.permissions import Permission
from trainer.pinyin import name_pinyin
from trainer.queries.person import is_here, visible_people

MOST_CANDIDATES = 20
# One name in one area, whatever the number of sign-ups asked about.
MOST_ALIKE = 2_000
# Each of these alone says who she is.
EXACT = frozenset({Likeness.ID_NUMBER, Likeness.NAME_AND_PHONE})


@dataclass(frozen=True)
class Difference:
    """Something that the sign-up says otherwise than the register; numbers masked. `is_new`: the register has none."""

    field: str
    kept: object
    said: object

    @property
    def is_new(self) -> bool:
        return self.kept in (None, "")


@dataclass(frozen=True)
class Candidate:
    """Somebody of the register she could be."""

    person_id: int
    name: str
    region: str
    township: str | None
    village: str | None
    phone: str
    id_number: str
    kind: PersonKind | None
    enrolment_id: int | None
    status: EnrolmentStatus | None
    likeness: Likeness
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Matches:
    """Those she could be, the likeliest first."""

    candidates: tuple[Candidate, ...]

    @property
    def plain(self) -> bool:
        """Whether nobody has to look: exactly one woman it is, or nobody who is like her."""
        return self.is_new or self.exact is not None

    @property
    def is_new(self) -> bool:
        return not self.candidates

    @property
    def exact(self) -> Candidate | None:
        """The one woman with the same ID number, or the same name and phone, under the same name."""
        found = [candidate for candidate in self.candidates if candidate.likeness in EXACT]
        same = [candidate for candidate in found if not any(d.field == "name" for d in candidate.differences)]
        return same[0] if len(found) == 1 == len(same) else None


def find_matches(actor: Actor, sign_ups: Sequence[SignUp]) -> dict[int, Matches]:
    """By sign-up. The register as far as `actor` reaches it; who has the very same ID number, or name and phone,
    wherever she is: it is one woman. Nobody who was erased or put together with another record."""
    if not sign_ups:
        return {}
    rows = db.session.execute(_people(actor, sign_ups)).all()
    told = {row.Person.id: _of_person(row.Person) for row in rows}
    return {sign_up.id: _matches(sign_up, rows, told) for sign_up in sign_ups}


def _people(actor: Actor, sign_ups: Sequence[SignUp]):
    phones = {s.phone_index for s in sign_ups if s.phone_index}
    ids = {s.id_number_index for s in sign_ups if s.id_number_index}
    regions, sounds = {s.region_code for s in sign_ups}, {name_pinyin(s.name) for s in sign_ups}
    heard = and_(Person.region_code.in_(regions), Person.name_pinyin.in_(sounds))
    same = or_(
        Person.id_number_index.in_(ids),
        and_(Person.phone_index.in_(phones), Person.name.in_({s.name for s in sign_ups})),
    )
    alike = or_(Person.phone_index.in_(phones), Person.id_number_index.in_(ids), heard)
    hers = and_(Enrolment.person_id == Person.id, Enrolment.cohort_id == sign_ups[0].cohort_id)
    return (
        select(Person, Region.name.label("region"), Enrolment.id.label("enrolment"), Enrolment.status)
        .join(Region, Region.code == Person.region_code)
        .outerjoin(Enrolment, hers)
        .where(alike, or_(same, Enrolment.id.is_not(None), visible_people(actor, Permission.VIEW_PEOPLE)))
        .where(is_here())
        .order_by(func.length(Person.name), Person.id)
        .limit(MOST_ALIKE)
    )


def _of_person(person: Person) -> Told:
    village = name_pinyin(person.village) if person.village else ""
    return Told(person.name, person.name_pinyin, person.phone_index, person.id_number_index, village)


def _matches(sign_up: SignUp, rows: Sequence[Row], told: Mapping[int, Told]) -> Matches:
    village = name_pinyin(sign_up.village) if sign_up.village else ""
    asked = Told(sign_up.name, name_pinyin(sign_up.name), sign_up.phone_index, sign_up.id_number_index, village)
    found = [(like, row) for row in rows if (like := likeness(asked, told[row.Person.id]))]
    # By name alone only her neighbours: every county has its namesakes.
    near = (
        like in EXACT or like is Likeness.PHONE or row.Person.region_code == sign_up.region_code for like, row in found
    )
    kept = [pair for pair, is_near in zip(found, near, strict=True) if is_near]
    kept.sort(key=lambda pair: pair[0].weight)
    return Matches(tuple(_candidate(sign_up, like, row) for like, row in kept[:MOST_CANDIDATES]))


def _candidate(sign_up: SignUp, like: Likeness, row: Row) -> Candidate:
    person = row.Person
    return Candidate(
        *(person.id, person.name, row.region, person.township, person.village, mask_phone(person.phone)),
        *(mask_id_number(person.id_number), person.kind, row.enrolment, row.status, like),
        tuple(_differences(sign_up, person)),
    )


def _differences(sign_up: SignUp, person: Person):
    if sign_up.name != person.name:
        yield Difference("name", person.name, sign_up.name)
    if sign_up.phone_index and sign_up.phone_index != person.phone_index:
        yield Difference("phone", mask_phone(person.phone), mask_phone(sign_up.phone))
    if sign_up.id_number_index and sign_up.id_number_index != person.id_number_index:
        yield Difference("id_number", mask_id_number(person.id_number), mask_id_number(sign_up.id_number))
    for name in ("kind", "region_code", "township", "village"):
        said, kept = getattr(sign_up, name), getattr(person, name)
        if said and said != kept:
            yield Difference(name, kept, said)

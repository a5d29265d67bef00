"""Likely duplicates: pairs of records with something in common, found set-wise over the whole register."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from trainer.domain.actors import Actor
from trainer.domain.people import mask_phone
from trainer.domain.person_merge import DuplicateSign
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.person_merge import DistinctPair
from trainer.models.region import Region
from trainer.models.sign_up import SignUp
from trainer.permissions import Permission
from trainer.queries.person import visible_people
from trainer.queries.scoping import Page, fetch_page

# Signs by strength, as numbers that SQL sorts.
WEIGHTS = {sign: weight for weight, sign in enumerate(DuplicateSign)}
# More women than this on one phone: it is the village's, and says nothing of any two of them but of namesakes.
MOST_ON_ONE_PHONE = 5
# What a place is written with or without.
VILLAGE_ENDS, TOWNSHIP_ENDS = "村庄", "乡镇街道"


@dataclass(frozen=True)
class One:
    """One of the two records as the list shows it; the phone is masked."""

    id: int
    name: str
    phone: str = field(repr=False)
    place: str
    has_id_number: bool
    since: datetime


@dataclass(frozen=True)
class Pair:
    sign: DuplicateSign
    first: One
    second: One


def duplicates_page(
    actor: Actor, *, sign: DuplicateSign | None = None, page: int = 1, per_page: int = 20
) -> Page[Pair]:
    """Pairs of which both are within reach, the strongest sign first; two statements."""
    one, other = aliased(Person), aliased(Person)
    here, there = aliased(Region), aliased(Region)
    pairs = _pairs(sign).subquery()
    statement = (
        select(pairs.c.weight, *_facts(one, here), *_facts(other, there))
        .join(one, one.id == pairs.c.first)
        .join(other, other.id == pairs.c.second)
        .join(here, here.code == one.region_code)
        .join(there, there.code == other.region_code)
        .where(*_open(actor, one, other))
        .order_by(pairs.c.weight, pairs.c.first, pairs.c.second)
    )
    return fetch_page(statement, _pair, page=page, per_page=per_page)


def _facts(person, region) -> tuple:
    number = person.id_number_index.is_not(None)
    return person.id, person.name, person.phone, region.name, person.township, person.village, number, person.created_at


def _pair(row) -> Pair:
    weight, *facts = row
    return Pair(list(DuplicateSign)[weight], _one(*facts[:8]), _one(*facts[8:]))


def _one(id_, name, phone, region, township, village, has_id_number, since) -> One:
    place = " ".join(part for part in (region, township, village) if part)
    return One(id_, name, mask_phone(phone), place, has_id_number, since)


def _open(actor: Actor, one, other) -> tuple[ColumnElement[bool], ...]:
    """Both within reach and alive, never with two ID numbers, and nobody has said that they are two women."""
    hers = select(Person.id).where(visible_people(actor, Permission.MERGE_PEOPLE))
    apart = exists().where(DistinctPair.first_id == one.id, DistinctPair.second_id == other.id)
    living = [
        person.erased_at.is_(None) & person.merged_into_id.is_(None) & person.id.in_(hers) for person in (one, other)
    ]
    return (*living, or_(one.id_number_index.is_(None), other.id_number_index.is_(None)), ~apart)


def _pairs(sign: DuplicateSign | None) -> Select:
    """(first, second, weight), each pair once with its strongest sign; the smaller number first."""
    found = union_all(_by_phone_and_name(), _by_phone(), _by_village(), _by_sign_up()).subquery()
    strongest = func.min(found.c.weight).label("weight")
    pairs = select(found.c.first, found.c.second, strongest).group_by(found.c.first, found.c.second)
    return pairs.having(strongest == WEIGHTS[sign]) if sign else pairs


def _by_phone_and_name() -> Select:
    one, other = aliased(Person), aliased(Person)
    same = and_(other.phone_index == one.phone_index, other.name == one.name, other.id > one.id)
    pairs = select(one.id.label("first"), other.id.label("second"), _weight(DuplicateSign.PHONE_AND_NAME))
    return pairs.join(other, same)


def _by_phone() -> Select:
    """Of phones that a few have; those of the same name among them are found again, with the stronger sign."""
    one, other = aliased(Person), aliased(Person)
    held = select(Person.phone_index).where(Person.phone_index.is_not(None)).group_by(Person.phone_index)
    few = held.having(func.count().between(2, MOST_ON_ONE_PHONE)).subquery()
    near, shared = (WEIGHTS[sign] for sign in (DuplicateSign.PHONE_AND_NEAR_NAME, DuplicateSign.SHARED_PHONE))
    return (
        select(one.id, other.id, case((_near(one, other), near), else_=shared))
        .select_from(few)
        .join(one, one.phone_index == few.c.phone_index)
        .join(other, and_(other.phone_index == few.c.phone_index, other.id > one.id))
    )


def _near(one, other) -> ColumnElement[bool]:
    """The same sound, or one character of three or four another one: 王小芳 and 王晓芳, 李月娥 and 李月娟."""
    length = func.length(one.name)
    differ = sum(
        case((func.substr(one.name, at, 1) != func.substr(other.name, at, 1), 1), else_=0) for at in range(1, 5)
    )
    one_character = and_(length == func.length(other.name), length.between(3, 4), differ == 1)
    return or_(one.name_pinyin == other.name_pinyin, one_character)


def _by_village() -> Select:
    """The same sound of the name in one village: 李家庄 and 李家庄村 are one, unless the townships differ."""
    one, other = aliased(Person), aliased(Person)
    same = and_(
        *(other.region_code == one.region_code, other.name_pinyin == one.name_pinyin, other.id > one.id),
        *(one.name_pinyin != "", _village(one, other) != "", _village(one, other) == _village(other, one)),
        or_(_township(one) == "", _township(other) == "", _township(one) == _township(other)),
    )
    pairs = select(one.id, other.id, _weight(DuplicateSign.NAME_AND_VILLAGE))
    return pairs.join(other, same)


def _village(*people) -> ColumnElement[str]:
    """The first one's, without the township that either names before it."""
    inside = func.coalesce(people[0].village, "")
    for person in people:
        inside = func.replace(inside, func.coalesce(person.township, ""), "")
    return func.rtrim(inside, VILLAGE_ENDS)


def _township(person) -> ColumnElement[str]:
    return func.rtrim(func.coalesce(person.township, ""), TOWNSHIP_ENDS)


def _by_sign_up() -> Select:
    """She signed up with an ID number that another record than hers holds."""
    holder = aliased(Person)
    ids = Enrolment.person_id, holder.id
    low = case((ids[0] < ids[1], ids[0]), else_=ids[1])
    high = case((ids[0] < ids[1], ids[1]), else_=ids[0])
    return (
        select(low, high, _weight(DuplicateSign.SIGN_UP_ID))
        .select_from(SignUp)
        .join(Enrolment, Enrolment.id == SignUp.enrolment_id)
        .join(holder, and_(holder.id_number_index == SignUp.id_number_index, holder.id != Enrolment.person_id))
    )


def _weight(sign: DuplicateSign):
    return literal(WEIGHTS[sign]).label("weight")

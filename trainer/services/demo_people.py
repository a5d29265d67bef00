"""The demonstration's women as rows: the register, their consents, and which of them sell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from trainer.crypto import keyring
from trainer.domain.consent import NOTICE_VERSION, ConsentChannel, ConsentScope
from trainer.domain.days import day_begins
from trainer.domain.demo_people import Maker, Woman, pick
from trainer.domain.demo_sales import BUSINESSES, SELLERS, Seller
from trainer.domain.demonstration import CohortPlan, Part, stream
from trainer.domain.people import Sex
from trainer.models import Consent, Person
from trainer.pinyin import name_initials, name_pinyin
from trainer.services.demo_place import Place
from trainer.services.demo_rows import Rows
from trainer.services.phone_tails import tail_index


@dataclass(frozen=True)
class Member:
    """A woman of a cohort; the two last are None where she has no shop."""

    person_id: int
    woman: Woman
    part: Part | None
    seller: Seller | None
    opened_on: date | None


def add_women(rows: Rows, maker: Maker, plan: CohortPlan, place: Place) -> list[Member]:
    """The people of a cohort with their consents, in the order of their seats."""
    chance, members = stream(plan.name, "women"), []
    for seat in range(1, plan.women + 1):
        part = plan.cast.get(seat)
        seller, opened_on = _selling(chance, part, plan, place)
        told = _told(part, members) if part else {}
        told["has_shop"] = opened_on is not None and opened_on < plan.starts_on
        woman = maker.woman(chance, chance.choice(plan.counties), list(BUSINESSES), **told)
        person_id = add_person(rows, woman, plan, place)
        add_consents(rows, chance, person_id, plan, place)
        members.append(Member(person_id, woman, part, seller, opened_on))
    return members


def _selling(chance: Random, part: Part | None, plan: CohortPlan, place: Place) -> tuple[Seller | None, date | None]:
    """How far she has come with a shop, and when she opened it: mostly in the weeks around the training."""
    if part:
        return part.seller, place.today - timedelta(days=part.opened) if part.seller else None
    if chance.random() >= plan.shops:
        return None, None
    opened_on = plan.starts_on + timedelta(days=round(chance.triangular(-240, 75, 20)))
    return Seller(pick(chance, SELLERS)), min(opened_on, place.today - timedelta(days=15))


def _told(part: Part, earlier: Sequence[Member]) -> dict[str, object]:
    told: dict[str, object] = {"name": part.name}
    if part.business:
        told["business"] = part.business
    if part.shares_phone_with_seat:
        other = earlier[part.shares_phone_with_seat - 1].woman
        told |= {name: getattr(other, name) for name in ("phone", "region_code", "township", "village")}
    return told


def add_person(rows: Rows, woman: Woman, plan: CohortPlan, place: Place) -> int:
    taken_in = place.past(day_begins(plan.starts_on) - timedelta(days=10))
    pinyin, initials = _sound(woman.name)
    return rows.add(
        Person,
        name=woman.name,
        name_pinyin=pinyin,
        name_initials=initials,
        sex=Sex.FEMALE.value,
        birth_year=woman.birth_year,
        id_number=woman.id_number,
        id_number_index=keyring().blind_index("id_number", woman.id_number),
        phone=woman.phone,
        phone_index=keyring().blind_index("phone", woman.phone),
        phone_tail_index=tail_index(woman.phone),
        ethnicity=woman.ethnicity,
        education=woman.education,
        region_code=woman.region_code,
        township=woman.township,
        village=woman.village,
        business=woman.business,
        has_shop=woman.has_shop,
        created_at=taken_in,
        updated_at=taken_in,
    )


@cache
def _sound(name: str) -> tuple[str, str]:
    return name_pinyin(name), name_initials(name)


def add_consents(rows: Rows, chance: Random, person_id: int, plan: CohortPlan, place: Place) -> None:
    given = {ConsentScope.BASIC: 1.0, ConsentScope.ID_NUMBER: 1.0, ConsentScope.PICTURES: 0.8}
    for scope, share in given.items():
        if chance.random() < share:
            rows.add(
                Consent,
                person_id=person_id,
                scope=scope,
                notice_version=NOTICE_VERSION,
                channel=ConsentChannel.ROSTER if scope is ConsentScope.BASIC else ConsentChannel.PAPER,
                recorded_by=place.accounts[plan.staff],
                given_at=place.past(day_begins(plan.starts_on) - timedelta(days=9)),
            )

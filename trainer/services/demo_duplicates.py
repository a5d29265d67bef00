"""Records of the demonstration that were made twice: a woman of an old list, and a neighbour on the same phone."""

from datetime import timedelta

from sqlalchemy import select

from trainer.database import db
from trainer.domain.consent import NOTICE_VERSION, ConsentChannel, ConsentScope
from trainer.domain.demonstration import PROVINCE
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.sales import Platform
from trainer.models.enrolment import Enrolment
from trainer.models.person import Consent, Person
from trainer.models.programme import Cohort
from trainer.queries.account import get_account, get_actor
from trainer.queries.register import KEPT
from trainer.services.demo_place import Place
from trainer.services.roster_commit import stored_values
from trainer.services.shop import create_shop

# The neighbour bears the surname of nobody in the plan.
NEIGHBOUR = "温桂枝"
LONG_BEFORE = timedelta(days=400)


def add_duplicates(place: Place) -> None:
    """Both beside women of the first class that is over: without an ID number, as the old lists were."""
    women = db.session.scalars(
        select(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.ends_on < place.today, Cohort.region_code != PROVINCE)
        .where(Enrolment.status != EnrolmentStatus.WITHDRAWN, Person.phone.is_not(None))
        .order_by(Cohort.starts_on, Cohort.id, Enrolment.seat_number)
        .offset(4)
        .limit(2)
    ).all()
    if len(women) < 2:
        return
    old = _record(women[0], place, village=(women[0].village or "").removesuffix("村"), business=None, education=None)
    manager = get_actor(get_account(place.accounts["manager"]))
    create_shop(old.id, Platform.TAOBAO, f"{old.name}的老店", None, None, by=manager, at=place.at)
    _record(women[1], place, name=NEIGHBOUR, business=None, education=None, birth_year=None)


def _record(like: Person, place: Place, **differs: object) -> Person:
    told = {name: getattr(like, name) for name in ("name", *KEPT)} | {"id_number": None, "note": None} | differs
    since = place.at - LONG_BEFORE
    person = Person(**stored_values(told), created_at=since, updated_at=since)
    db.session.add(person)
    db.session.flush()
    agreed = Consent(person_id=person.id, scope=ConsentScope.BASIC, notice_version=NOTICE_VERSION, given_at=since)
    agreed.channel, agreed.recorded_by = ConsentChannel.ROSTER, place.accounts["manager"]
    db.session.add(agreed)
    return person

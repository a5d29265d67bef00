"""Filling an empty database with the demonstration: bulk rows from the plan, the selections by their own services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trainer.crypto import hash_password
from trainer.database import db
from trainer.domain import demonstration as plans
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.days import china_day
from trainer.domain.demo_people import Maker
from trainer.domain.demo_sales import Seller
from trainer.domain.demo_selection import FINISHED, RUNNING
from trainer.domain.demonstration import CohortPlan, Size
from trainer.domain.programme import Track
from trainer.errors import Refused
from trainer.models import Account, Cohort, Partner, Programme, RoleGrant, SiteFlag, Target
from trainer.queries.demo import DEMO_PASSWORD, FLAG, get_demonstration_size, holds_anybody
from trainer.queries.region import list_regions
from trainer.services import audit
from trainer.services.at_risk import follow_closing
from trainer.services.demo_at_risk import add_contacts
from trainer.services.demo_certificates import add_certificates
from trainer.services.demo_closing import add_closings
from trainer.services.demo_cohorts import add_cohort
from trainer.services.demo_compared import CHOSEN_AMONG, add_compared
from trainer.services.demo_completion import add_completion
from trainer.services.demo_counties import add_counties
from trainer.services.demo_duplicates import add_duplicates
from trainer.services.demo_effort import add_effort
from trainer.services.demo_enrolment import add_answers
from trainer.services.demo_figures import add_figures
from trainer.services.demo_lessons import add_lesson_facts
from trainer.services.demo_messages import add_messages
from trainer.services.demo_outcomes import add_outcomes
from trainer.services.demo_paper import add_paper
from trainer.services.demo_people import Member, add_women
from trainer.services.demo_place import Place
from trainer.services.demo_requests import add_requests
from trainer.services.demo_rows import Rows
from trainer.services.demo_sales import add_shops
from trainer.services.demo_selection import add_open_selection, add_selection, list_chosen
from trainer.services.demo_service import add_service
from trainer.services.demo_sign_up import add_sign_ups
from trainer.services.demo_sites import add_sites
from trainer.services.demo_survey import add_surveys
from trainer.services.demo_tasks import add_tasks
from trainer.services.demo_typed import add_typed


class HoldsRealData(Refused):
    """The demonstration never mixes with people who are not invented."""

    code = "demonstration_not_empty"


class OtherSize(Refused):
    """This database holds the demonstration in another size."""

    code = "demonstration_other_size"


@dataclass(frozen=True)
class Filling:
    """What stands: `new` is False where it stood before."""

    size: Size
    new: bool


def fill(size: Size, *, at: datetime) -> Filling:
    """The whole demonstration around the moment `at`, once: called again it changes nothing.

    Everything else follows from a fixed seed. Raises HoldsRealData where there is anybody already, and OtherSize.
    """
    stands = get_demonstration_size()
    if stands is not None:
        if stands is not size:
            raise OtherSize(stands=stands, wanted=size)
        return Filling(size, new=False)
    if holds_anybody():
        raise HoldsRealData()
    rows = Rows(db.session())
    place = _add_ground(rows, at)
    _add_cohorts(rows, size, place)
    rows.release()
    for cohort_id in range(1, rows.given[Cohort.__tablename__] + 1):
        follow_closing(cohort_id, at=at)
    add_contacts(place)
    add_sites(place)
    add_lesson_facts(place)
    add_messages(place)
    add_requests(place)
    add_tasks(place)
    add_sign_ups(place)
    add_answers(place)
    add_closings(place)
    add_paper(place)
    add_certificates(place)
    add_service(place)
    add_duplicates(place)
    add_completion(place)
    add_typed(place)
    add_figures(place)
    add_effort(place)
    add_counties(place)
    add_surveys(place)
    add_outcomes(place)
    db.session.add(SiteFlag(name=FLAG, value=size.value))
    audit.record("demonstration.fill", "site", FLAG, by=SYSTEM, at=at, size=size.value, rows=dict(rows.given))
    return Filling(size, new=True)


def _add_ground(rows: Rows, at: datetime) -> Place:
    """The programme and the accounts of its staff."""
    begun = at - plans.BEGAN
    programme_id = rows.add(
        Programme,
        name=plans.NAME,
        region_code=plans.PROVINCE,
        starts_on=china_day(begun),
        ends_on=china_day(at + plans.ENDS),
        description=plans.DESCRIPTION,
        created_at=begun,
    )
    for name, kind in plans.PARTNERS:
        rows.add(Partner, programme_id=programme_id, name=name, kind=kind)
    for kind, value in plans.TARGETS.items():
        rows.add(Target, programme_id=programme_id, kind=kind, value=value)
    return Place(programme_id, _add_staff(rows, begun), at)


def _add_staff(rows: Rows, begun: datetime) -> Mapping[str, int]:
    secret, accounts = hash_password(DEMO_PASSWORD), {}
    for member in plans.STAFF:
        accounts[member.username] = _add_account(
            rows, member.name, member.role, begun, member.region_code, member.username, member.organisation, secret
        )
    return accounts


def _add_account(
    rows: Rows,
    name: str,
    role: Role,
    at: datetime,
    region_code: str | None = None,
    username: str | None = None,
    organisation: str | None = None,
    secret: str | None = None,
    person_id: int | None = None,
) -> int:
    account_id = rows.add(
        Account,
        username=username,
        name=name,
        organisation=organisation,
        password_hash=secret,
        person_id=person_id,
        created_at=at,
    )
    rows.add(RoleGrant, account_id=account_id, role=role, region_code=region_code, granted_at=at)
    return account_id


def _add_cohorts(rows: Rows, size: Size, place: Place) -> None:
    """The cities' cohorts, what was selected from them, the advanced cohort that came of it; then the counties'."""
    counties = {region.code: region.name for region in list_regions(level=3, below=plans.PROVINCE)}
    maker, filled = Maker(), []
    for plan in plans.small_cohorts(place.today, counties):
        filled.append(_add_cohort(rows, maker, plan, place))
    for cohort in filled:
        if cohort.plan.region_code == CHOSEN_AMONG:
            add_compared(rows, maker, cohort.plan, cohort.id, place)
    _add_trainee_accounts(rows, [member for cohort in filled for member in cohort.members], place)
    rows.release()
    finished = {cohort.id: _likeliest(cohort) for cohort in filled if cohort.may_apply(place)}
    run = add_selection(FINISHED, finished, place)
    add_cohort(rows, plans.advanced_cohort(place.today), [(p, None) for p in list_chosen(run, FINISHED.seats)], place)
    add_selection(RUNNING, finished, place)
    add_open_selection(finished, place)
    if size is Size.MEDIUM:
        made = sum(len(cohort.members) for cohort in filled)
        for plan in plans.county_cohorts(plans.MEDIUM_WOMEN - made, place.today, counties):
            _add_cohort(rows, maker, plan, place)


@dataclass(frozen=True)
class _Filled:
    """A cohort with its women and their enrolments, both in the order of seats."""

    id: int
    plan: CohortPlan
    members: Sequence[Member]
    enrolments: Sequence[int]

    def may_apply(self, place: Place) -> bool:
        return self.plan.track is Track.FOUNDATION and self.plan.ends_on < place.today


def _add_cohort(rows: Rows, maker: Maker, plan: CohortPlan, place: Place) -> _Filled:
    members = add_women(rows, maker, plan, place)
    enrolments = add_cohort(rows, plan, [(member.person_id, member.part) for member in members], place)
    add_shops(rows, plan, members, place)
    return _Filled(rows.given[Cohort.__tablename__], plan, members, enrolments)


def _likeliest(cohort: _Filled) -> list[int]:
    """Enrolments, whoever sells most first: of several women the one who has come further applies."""
    ranks = {seller: rank for rank, seller in enumerate(reversed(Seller))}
    order = sorted(
        zip(cohort.members, cohort.enrolments, strict=True), key=lambda pair: ranks.get(pair[0].seller, len(ranks))
    )
    return [enrolment for _, enrolment in order]


def _add_trainee_accounts(rows: Rows, members: Sequence[Member], place: Place) -> None:
    """The one shown on the sign-in page first."""
    told = [member for member in members if member.part and member.part.has_account]
    for member in sorted(told, key=lambda member: member.part is not plans.STORY):
        _add_account(rows, member.woman.name, Role.TRAINEE, place.at, person_id=member.person_id)

"""Sign-in slips for a whole cohort: each woman's made anew, all in one file to print."""

from trainer import clock
from trainer.database import transaction
from trainer.documents.slips import write_slips
from trainer.domain.actors import Actor
from trainer.domain.background_task import Product
from trainer.domain.slip import Slip, slip_url
from trainer.errors import NotFound
from trainer.jobs.work import Work
from trainer.queries.cohort import get_cohort
from trainer.queries.device import get_person_for_slip, list_for_slips
from trainer.services import trainee_access

AT_A_TIME = 20


def run(work: Work) -> Product | str:
    """Begun anew after a kill it makes all slips again: those of before were seen by nobody and end."""
    cohort = get_cohort(work.params["cohort_id"])
    if cohort is None:
        raise NotFound()
    name, base_url = cohort.name, str(work.settings["BASE_URL"])
    only = bool(work.params["only_without_phone"])
    people = list_for_slips(work.by, cohort.id, only_without_phone=only, at=clock.now())
    if not people:
        return "slips_for_nobody"
    slips: list[Slip] = []
    left_out: list[str] = []
    for start in range(0, len(people), AT_A_TIME):
        some = people[start : start + AT_A_TIME]
        with transaction():
            for person_id in some:
                _issue(work.by, person_id, name, base_url, slips, left_out)
        work.report(start + len(some), len(people))
    file_name = f"登录纸条_{name}_{clock.local(clock.now()):%Y%m%d}.html"
    return Product(write_slips(f"{name} 登录纸条", slips, left_out), "text/html", file_name)


def _issue(by: Actor, person_id: int, cohort: str, base_url: str, slips: list[Slip], left_out: list[str]) -> None:
    person, now = get_person_for_slip(by, person_id), clock.now()
    if person is None:  # moved out of reach meanwhile
        return
    try:
        token = trainee_access.issue_slip_for(person, by=by, at=now)
    except trainee_access.NoNumberForSlip:
        left_out.append(person.name)
    else:
        url = slip_url(base_url, token)
        slips.append(Slip(person.name, person.village or "", cohort, url, now + trainee_access.SLIP_LIFE))

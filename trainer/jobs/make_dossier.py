"""The task that puts a cohort's dossier together: its papers in the order in which offices file them, as one archive."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from trainer import clock
from trainer.documents.attendance import sign_in_workbook, summary_workbook
from trainer.documents.certificate import Sheets
from trainer.documents.certificate_register import certificate_register
from trainer.documents.cohort_register import completion_title, completion_workbook, register_title, register_workbook
from trainer.documents.dossier import (
    ZIP,
    about_cohort,
    build_dossier,
    dossier_title,
    left_out,
    lost_picture,
    marks_workbook,
    picture_place,
    place_in,
    plan_workbook,
)
from trainer.documents.feedback import feedback_workbook
from trainer.documents.workbook import export_lines
from trainer.domain.actors import Actor
from trainer.domain.background_task import Product
from trainer.domain.dossier import MOST_OF_PICTURES, DossierPart, Enclosure
from trainer.errors import NotFound
from trainer.jobs.work import Work
from trainer.queries.attendance import get_cohort_attendance
from trainer.queries.attendance_table import get_attendance_table, list_corrections, list_signatories
from trainer.queries.certificate import list_register as list_register_of_certificates
from trainer.queries.certificate import list_valid
from trainer.queries.cohort import count_enrolled, get_cohort_to_export, list_lessons
from trainer.queries.cohort_register import list_completions, list_register
from trainer.queries.dossier import list_every_mark, list_partner_names, list_pictures
from trainer.queries.feedback import get_feedback
from trainer.queries.region import full_region_name
from trainer.services.file import read_stored


@dataclass(frozen=True)
class Making:
    """Whose dossier it is, who asked for it, and when it is made, by China's clock."""

    cohort: object
    unit: str
    actor: Actor
    base_url: str
    at: datetime

    def lines(self, title: str) -> tuple[str, ...]:
        return export_lines(title, unit=self.unit, at=self.at, by=self.actor.name)


def run(work: Work) -> Product:
    """Begun anew after a kill it makes the same archive again. Raises NotFound."""
    cohort = get_cohort_to_export(work.by, work.params["cohort_id"])
    if cohort is None:
        raise NotFound()
    unit = str(work.settings["ORGANISATION"]) or cohort.programme.name
    making = Making(cohort, unit, work.by, str(work.settings["BASE_URL"]), clock.local(clock.now()))
    parts = [part for part in DossierPart if part.value in work.params["parts"]]
    enclosures: list[Enclosure] = []
    for number, part in enumerate(parts):
        work.report(number, len(parts))
        enclosures += PARTS[part](making)
    title = dossier_title(cohort.name)
    content = build_dossier(making.lines(title), enclosures, at=making.at)
    work.report(len(parts), len(parts))
    return Product(content, ZIP, f"{title}_{making.at:%Y%m%d}.zip")


def _plan(making: Making) -> Iterator[Enclosure]:
    cohort = making.cohort
    lessons = [one for one in list_lessons(cohort.id) if one.takes_place]
    about = about_cohort(
        cohort,
        partners=list_partner_names(cohort.programme_id),
        region=full_region_name(cohort.region_code),
        enrolled=count_enrolled(cohort.id),
        minutes=sum(one.credit_minutes for one in lessons),
    )
    plan, timetable = (making.lines(f"{cohort.name} {name}") for name in ("培训计划", "课程表"))
    content = plan_workbook(plan, about, timetable, lessons)
    yield Enclosure(place_in(DossierPart.PLAN, "培训计划和课程表.xlsx"), content)


def _register(making: Making) -> Iterator[Enclosure]:
    cohort = making.cohort
    content = register_workbook(
        making.lines(register_title(cohort.name)), list_register(cohort.id), with_id_numbers=cohort.collects_id_numbers
    )
    yield Enclosure(place_in(DossierPart.REGISTER, "花名册.xlsx"), content)


def _sign_in(making: Making) -> Iterator[Enclosure]:
    people, table = list_signatories(making.cohort.id), get_attendance_table(making.cohort.id)
    content = sign_in_workbook(making.lines(f"{making.cohort.name} 签到表"), people, table, filled=True)
    yield Enclosure(place_in(DossierPart.SIGN_IN, "签到表.xlsx"), content)


def _attendance(making: Making) -> Iterator[Enclosure]:
    rows, corrections = get_cohort_attendance(making.cohort.id).rows, list_corrections(making.cohort.id)
    content = summary_workbook(making.lines(f"{making.cohort.name} 考勤汇总"), rows, corrections)
    yield Enclosure(place_in(DossierPart.ATTENDANCE, "考勤汇总.xlsx"), content)


def _marks(making: Making) -> Iterator[Enclosure]:
    marks = list_every_mark(making.cohort.id)
    content = marks_workbook(making.lines(f"{making.cohort.name} 点名记录"), marks)
    yield Enclosure(place_in(DossierPart.MARKS, "点名记录.xlsx"), content)


def _pictures(making: Making) -> Iterator[Enclosure]:
    """Those that find room; one whose file is gone is named without it."""
    room, without_room = MOST_OF_PICTURES, 0
    for picture in list_pictures(making.cohort.id):
        if picture.size > room:
            without_room += 1
            continue
        room -= picture.size
        try:
            yield Enclosure(picture_place(picture), read_stored(picture.stored_as))
        except NotFound:
            yield lost_picture(picture)
    if without_room:
        note = left_out(without_room, MOST_OF_PICTURES)
        yield Enclosure(place_in(DossierPart.PICTURES, "说明.txt"), note.encode(), note)


def _completion(making: Making) -> Iterator[Enclosure]:
    assessments, women = list_completions(making.cohort.id)
    content = completion_workbook(making.lines(completion_title(making.cohort.name)), women, assessments)
    yield Enclosure(place_in(DossierPart.COMPLETION, "结业名册.xlsx"), content)


def _certificates(making: Making) -> Iterator[Enclosure]:
    """The valid ones to print, and the register of every number ever given."""
    register = list_register_of_certificates(making.actor, cohort_id=making.cohort.id)
    content = certificate_register(making.lines(f"{making.cohort.name} 证书登记册"), register)
    yield Enclosure(place_in(DossierPart.CERTIFICATES, "证书登记册.xlsx"), content)
    if issued := list_valid(making.actor, making.cohort.id):
        sheets = Sheets()
        sheets.add_all(issued, making.base_url)
        yield Enclosure(place_in(DossierPart.CERTIFICATES, "结业证书.pdf"), sheets.finish())


def _feedback(making: Making) -> Iterator[Enclosure]:
    content = feedback_workbook(
        making.lines(f"{making.cohort.name} 满意度"), get_feedback(making.cohort.id, today=making.at.date())
    )
    yield Enclosure(place_in(DossierPart.FEEDBACK, "满意度.xlsx"), content)


PARTS: dict[DossierPart, Callable[[Making], Iterator[Enclosure]]] = {
    DossierPart.PLAN: _plan,
    DossierPart.REGISTER: _register,
    DossierPart.SIGN_IN: _sign_in,
    DossierPart.ATTENDANCE: _attendance,
    DossierPart.MARKS: _marks,
    DossierPart.PICTURES: _pictures,
    DossierPart.COMPLETION: _completion,
    DossierPart.CERTIFICATES: _certificates,
    DossierPart.FEEDBACK: _feedback,
}

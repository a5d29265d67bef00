"""The task that writes a list of people: masked by its filter, or one that was disclosed in full."""

from trainer import clock
from trainer.documents.cohort_register import register_title, register_workbook
from trainer.documents.people import people_title, people_workbook, purpose_line
from trainer.documents.workbook import XLSX, export_lines
from trainer.domain.background_task import Product
from trainer.domain.disclosure import Purpose
from trainer.domain.person import PersonRow
from trainer.errors import NotFound
from trainer.jobs.work import Work
from trainer.queries.cohort import get_cohort_to_export
from trainer.queries.cohort_register import list_register
from trainer.queries.disclosure import allowed_fields, get_export
from trainer.queries.person import list_disclosed_people, list_people


def run(work: Work) -> Product:
    """With the rights its owner has now: whom she may not see any more is not in the file. Raises NotFound."""
    if "cohort_id" in work.params:
        return _register(work)
    if "disclosure" in work.params:
        people, fields, purpose = _in_full(work)
    else:
        filters = {name: str(work.params.get(name, "")) for name in ("text", "region_code")}
        people, fields, purpose = list_people(work.by, **filters), frozenset(), None
    if not people:
        raise NotFound()
    work.report(0, len(people))
    content = people_workbook(
        people,
        unit=str(work.settings["ORGANISATION"]),
        by=work.by.name,
        at=clock.local(clock.now()),
        disclosed=fields,
        purpose=purpose,
    )
    work.report(len(people), len(people))
    return Product(content, XLSX, f"{people_title()}_{clock.today():%Y%m%d}.xlsx")


def _in_full(work: Work) -> tuple[list[PersonRow], frozenset[str], Purpose]:
    disclosure_id, fields, purpose = _disclosed(work)
    return list_disclosed_people(work.by, disclosure_id, fields), fields, purpose


def _disclosed(work: Work) -> tuple[int, frozenset[str], Purpose]:
    disclosure = get_export(work.params["disclosure"])
    fields = allowed_fields(work.by, disclosure.fields)
    if fields != set(disclosure.fields) or disclosure.account_id != work.by.account_id:
        raise NotFound()
    return disclosure.id, fields, Purpose(disclosure.reason, disclosure.note, disclosure.recipient)


def _register(work: Work) -> Product:
    """花名册 of one class with what was disclosed in full. Raises NotFound."""
    disclosure_id, fields, purpose = _disclosed(work)
    cohort = get_cohort_to_export(work.by, work.params["cohort_id"], in_full=True)
    women = list_register(cohort.id, disclosure_id=disclosure_id, fields=fields) if cohort else []
    if not women:
        raise NotFound()
    title, at = register_title(cohort.name), clock.local(clock.now())
    unit = str(work.settings["ORGANISATION"]) or cohort.programme.name
    above = (*export_lines(title, unit=unit, at=at, by=work.by.name), purpose_line(purpose, sorted(fields)))
    has_numbers = cohort.collects_id_numbers or "id_number" in fields
    content = register_workbook(above, women, with_id_numbers=has_numbers, disclosed=fields)
    return Product(content, XLSX, f"{title}_{at:%Y%m%d}.xlsx")

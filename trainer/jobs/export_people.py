"""The task that writes a list of people: masked by its filter, or one that was disclosed in full."""

from trainer import clock
from trainer.documents.people import people_title, people_workbook
from trainer.documents.workbook import XLSX
from trainer.domain.background_task import Product
from trainer.domain.disclosure import Purpose
from trainer.domain.person import PersonRow
from trainer.errors import NotFound
from trainer.jobs.work import Work
from trainer.queries.disclosure import allowed_fields, get_export
from trainer.queries.person import list_disclosed_people, list_people


def run(work: Work) -> Product:
    """With the rights its owner has now: whom she may not see any more is not in the file. Raises NotFound."""
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
    disclosure = get_export(work.params["disclosure"])
    fields = allowed_fields(work.by, disclosure.fields)
    if fields != set(disclosure.fields) or disclosure.account_id != work.by.account_id:
        raise NotFound()
    purpose = Purpose(disclosure.reason, disclosure.note, disclosure.recipient)
    return list_disclosed_people(work.by, disclosure.id, fields), fields, purpose

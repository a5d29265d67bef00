"""People of the register as a workbook: masked, or with what was disclosed in full."""

from collections.abc import Sequence
from datetime import datetime

from trainer.documents.workbook import Column, Sheet, export_lines, write_workbook
from trainer.domain.disclosure import Purpose
from trainer.domain.person import PersonRow
from trainer.wording.disclosure import purpose_line
from trainer.wording.people import HEADINGS, TITLE, UNIT

__all__ = ["people_title", "people_workbook", "purpose_line"]


def people_title() -> str:
    return str(TITLE)


def people_workbook(
    people: Sequence[PersonRow],
    *,
    unit: str,
    by: str,
    at: datetime,
    disclosed: frozenset[str] = frozenset(),
    purpose: Purpose | None = None,
) -> bytes:
    """`at` by China's clock. The ID number has a column only where it is disclosed; `purpose` stands above the list."""
    has_id = "id_number" in disclosed
    columns = [
        *(Column(_heading("number"), "number", 6), Column(_heading("name"))),
        Column(_heading("phone"), width=14, field="phone"),
        *([Column(_heading("id_number"), width=22, field="id_number")] if has_id else []),
        *(Column(_heading("county")), Column(_heading("township"), width=14), Column(_heading("village"), width=14)),
        *(Column(_heading("business"), width=14), Column(_heading("cohorts"), width=36)),
    ]
    rows = [
        (
            *(number, one.name, one.phone, *([one.id_number] if has_id else [])),
            *(one.region, one.township, one.village, one.business),
            "、".join(name for _id, name in one.cohorts),
        )
        for number, one in enumerate(people, 1)
    ]
    above = export_lines(people_title(), unit=unit or str(UNIT), at=at, by=by)
    above += (purpose_line(purpose, sorted(disclosed)),) if purpose else ()
    return write_workbook(
        [Sheet(people_title(), columns, rows, above, disclosed=disclosed if purpose else frozenset())]
    )


def _heading(name: str) -> str:
    return str(HEADINGS[name])

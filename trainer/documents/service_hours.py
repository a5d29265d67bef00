"""The ledger of help as a workbook, with what its figures mean."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from trainer.documents.workbook import Column, Sheet, export_lines, write_workbook
from trainer.domain.service_hours import ServiceTotals
from trainer.wording import label
from trainer.wording import service_hours as words
from trainer.wording.people import UNIT


def ledger_title() -> str:
    return str(words.TITLE)


def hours(minutes: int) -> Decimal:
    return round(Decimal(minutes) / 60, 2)


def ledger_workbook(entries: Sequence, totals: ServiceTotals, *, unit: str, by: str, at: datetime) -> bytes:
    """`entries` as the ledger's page lists them; `at` by China's clock."""
    head = words.HEADINGS
    columns = [
        *(Column(str(head["number"]), "number", 6), Column(str(head["day"]), "date"), Column(str(head["name"]))),
        *(Column(str(head["region"])), Column(str(head["kind"])), Column(str(head["hours"]), "number", 10)),
        *(Column(str(head["points"]), "number", 10), Column(str(head["state"])), Column(str(head["cohort"]), width=30)),
        *(Column(str(head["words"]), width=40), Column(str(head["entered_by"])), Column(str(head["decided_by"]))),
    ]
    rows = [
        (
            *(number, one.day, one.name, one.region, str(label(one.kind)), hours(one.minutes), one.points),
            *(str(label(one.state)), one.cohort, one.words, one.entered_by_name, one.decided_by_name),
        )
        for number, one in enumerate(entries, 1)
    ]
    sums = [""] * len(columns)
    sums[4], sums[5], sums[6] = str(words.APPROVED_SUM), hours(totals.minutes), totals.points
    above = export_lines(ledger_title(), unit=unit or str(UNIT), at=at, by=by)
    foot = tuple(map(str, words.DEFINITIONS))
    return write_workbook([Sheet(ledger_title(), columns, rows, above, totals=sums, foot_rows=foot)])

"""A class's progress to completion as a workbook: a line a woman with what she still needs."""

from collections.abc import Sequence

from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.domain.completion import WomanProgress
from trainer.wording import label
from trainer.wording.completion import SHEET, missing_sentence


def progress_title(cohort: str) -> str:
    return str(SHEET["title"]) % {"cohort": cohort}


def progress_workbook(title_rows: tuple[str, ...], women: Sequence[WomanProgress]) -> bytes:
    columns = [
        Column(str(SHEET["number"]), "number", 6),
        Column(str(SHEET["name"])),
        Column(str(SHEET["county"])),
        Column(str(SHEET["status"]), width=10),
        Column(str(SHEET["state"]), width=14),
        Column(str(SHEET["rate"]), "percent", 10),
        Column(str(SHEET["missing"]), width=60),
    ]
    rows = [
        [
            *(number, woman.name, woman.county, label(woman.status), label(woman.progress.state)),
            *(woman.progress.summary.rate, missing_sentence(woman.progress.missing)),
        ]
        for number, woman in enumerate(women, start=1)
    ]
    return write_workbook([Sheet(str(SHEET["sheet"]), columns, rows, title_rows)])

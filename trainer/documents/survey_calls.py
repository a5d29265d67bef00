"""The list for the phone round of the questionnaires as a workbook: a line a woman who has not answered."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.wording import label
from trainer.wording.survey_call import HEADINGS, TITLE


class CallLine(Protocol):
    """What is told of each."""

    seat: int | None
    name: str
    phone: str
    village: str | None
    wave: object
    due_on: date
    reminders: int
    tries: int
    called_on: date | None
    outcome: object
    caller: str | None


def calls_title(cohort: str) -> str:
    return str(TITLE) % {"cohort": cohort}


def calls_workbook(title_rows: tuple[str, ...], rows: Iterable[CallLine]) -> bytes:
    kinds = {"number": ("number", 6), "seat": ("number", 7), "phone": ("text", 14), "wave": ("text", 20)}
    kinds |= {"due_on": ("date", 11), "reminders": ("number", 8), "tries": ("number", 8), "called_on": ("date", 11)}
    headings = {code: str(words) for code, words in HEADINGS.items() if code != "sheet"}
    columns = [
        Column(words, *kinds.get(code, ("text", 12)), field="phone" if code == "phone" else "")
        for code, words in headings.items()
    ]
    lines = [
        [
            *(
                number,
                row.seat,
                row.name,
                row.phone,
                row.village,
                label(row.wave),
                row.due_on,
                row.reminders,
                row.tries,
            ),
            *(row.called_on, label(row.outcome) if row.outcome else "", row.caller, ""),
        ]
        for number, row in enumerate(rows, start=1)
    ]
    return write_workbook([Sheet(str(HEADINGS["sheet"]), columns, lines, title_rows)])

"""A cohort's women in the federation's forms: 花名册 and 结业名册."""

from collections.abc import Sequence

from trainer.documents.workbook import Column, Kind, Sheet, write_workbook
from trainer.domain.cohort_register import CompletionRow, RegisterRow
from trainer.domain.people import Sex
from trainer.wording import label
from trainer.wording.cohort_register import (
    BY_EXCEPTION,
    COMPLETION_TITLE,
    HEADINGS,
    REGISTER_TITLE,
    TO_FETCH,
    TO_SIGN,
)

# Room to sign by hand.
ROW_HEIGHT = 24


def register_title(cohort: str) -> str:
    return str(REGISTER_TITLE) % {"cohort": cohort}


def completion_title(cohort: str) -> str:
    return str(COMPLETION_TITLE) % {"cohort": cohort}


def register_workbook(
    title_rows: tuple[str, ...],
    women: Sequence[RegisterRow],
    *,
    with_id_numbers: bool,
    disclosed: frozenset[str] = frozenset(),
) -> bytes:
    """By seat; the ID number has a column only where the cohort collects it. `disclosed` fields stand in full."""
    columns = [
        *(_column("seat", "number", 6), _column("name", width=11), _column("sex", width=5)),
        *(_column("birth_year", "number", 8), _column("ethnicity", width=8), _column("education", width=9)),
        *([_column("id_number", width=21, field="id_number")] if with_id_numbers else []),
        *(_column("phone", width=14, field="phone"), _column("county"), _column("township"), _column("village")),
        *(_column("business"), _column("kind", width=14), _column("status", width=9), _column("joined_on", "date", 12)),
    ]
    rows = [
        [
            *(one.seat, one.name, _sex(one.sex), one.birth_year, one.ethnicity, one.education),
            *([one.id_number] if with_id_numbers else []),
            *(one.phone, one.county, one.township, one.village, one.business),
            *(label(one.kind) if one.kind else "", label(one.status), one.joined_on),
        ]
        for one in women
    ]
    sheet = Sheet(title_rows[0], columns, rows, title_rows, disclosed=disclosed, foot_rows=(str(TO_SIGN),))
    return write_workbook([sheet])


def completion_workbook(
    title_rows: tuple[str, ...], women: Sequence[CompletionRow], assessments: Sequence[str]
) -> bytes:
    """By seat; a column for each assessment, and one to sign for the certificate."""
    columns = [
        *(_column("seat", "number", 6), _column("name", width=11), _column("sex", width=5), _column("county")),
        *(_column("village"), _column("hours", "number", 8), _column("rate", "percent", 9)),
        *(Column(name, "number", 9) for name in assessments),
        *(_column("tasks", "number", 8), _column("status", width=9), _column("certificate", width=18)),
        *(_column("issued_on", "date", 12), _column("signature", width=14), _column("remark", width=16)),
    ]
    rows = [
        [
            *(one.seat, one.name, _sex(one.sex), one.county, one.village, one.minutes / 60, one.rate),
            *(None if score is None else score / 100 for score in one.scores),
            *(one.tasks_passed, label(one.status), one.certificate, one.issued_on, ""),
            str(BY_EXCEPTION) if one.by_exception else "",
        ]
        for one in women
    ]
    sheet = Sheet(title_rows[0], columns, rows, title_rows, foot_rows=(str(TO_FETCH),), row_height=ROW_HEIGHT)
    return write_workbook([sheet])


def _column(name: str, kind: Kind = "text", width: float = 12, field: str = "") -> Column:
    return Column(str(HEADINGS[name]), kind, width, field=field)


def _sex(sex: str | None) -> str:
    return label(Sex(sex)) if sex else ""

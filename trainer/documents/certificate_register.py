"""The register of certificates (证书登记册) as a workbook: every number ever given, with what became of it."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.domain.certificate import CertificateFacts, CertificateState
from trainer.domain.days import china_day
from trainer.wording import label
from trainer.wording.certificate import REGISTER, evidence_sentence


class Registered(Protocol):
    """A line of the register; without `facts` her record was erased."""

    number: str
    name: str
    cohort: str
    issued_on: date
    state: CertificateState
    ended_at: object
    facts: CertificateFacts | None


def certificate_register(title_rows: tuple[str, ...], rows: Sequence[Registered]) -> bytes:
    """In the order of issuing."""
    columns = [
        *(
            _column("number", "number", 6),
            _column("certificate", width=24),
            _column("name"),
            _column("cohort", width=30),
        ),
        *(_column("programme", width=30), _column("hours", "number", 8), _column("first_day", "date")),
        *(_column("last_day", "date"), _column("issued_on", "date"), _column("state", width=10)),
        *(_column("ended_on", "date"), _column("evidence", width=44)),
    ]
    lines = [_line(number, row) for number, row in enumerate(rows, 1)]
    return write_workbook([Sheet(str(REGISTER["title"]), columns, lines, title_rows=title_rows)])


def _column(key: str, kind: str = "text", width: float = 12) -> Column:
    return Column(str(REGISTER[key]), kind, width)


def _line(number: int, row: Registered) -> tuple[object, ...]:
    facts, ended = row.facts, china_day(row.ended_at) if row.ended_at else None
    of_her = (
        (facts.programme, facts.minutes / 60 or None, facts.first_day, facts.last_day)
        if facts
        else ("", None, None, None)
    )
    evidence = evidence_sentence(facts) if facts else ""
    return (number, row.number, row.name, row.cohort, *of_her, row.issued_on, label(row.state), ended, evidence)

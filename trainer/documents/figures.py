"""The figures of a round's candidates as a table that `selection score` reads."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO

from trainer.domain.round_inputs import Figure

# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "@", "\t", "\r")


def write_figures(figures: Mapping[str, Mapping[str, Figure]], columns: Sequence[str]) -> bytes:
    """One row a candidate by her code; what is not known is left empty."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["code", *columns])
    for code in sorted(figures):
        writer.writerow([code, *(_cell(figures[code].get(column)) for column in columns)])
    return out.getvalue().encode("utf-8-sig")


def _cell(figure: Figure | None) -> str:
    value = figure.value if figure else ""
    return f"'{value}" if value.startswith(FORMULA) else value

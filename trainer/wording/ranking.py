"""Words of the ranking's workbook: sheet names, headings, the lines above."""

from flask_babel import gettext as _


def sheet_names() -> tuple[str, str, str]:
    return _("Ranking"), _("Scores in detail"), _("Score sheet")


def ranking_headings() -> dict[str, str]:
    return {
        "rank": _("Rank"),
        "within": _("Within the places"),
        "code": _("Code"),
        "name": _("Name"),
        "village": _("Village"),
        "reviews": _("Sheets counted"),
        "mean": _("Evaluators' mean"),
        "spread": _("Spread (standard deviation)"),
        "adjusted": _("Mean, severity adjusted"),
        "total": _("Total score"),
        "attendance": _("Attendance rate"),
        "net": _("Net sales, yuan"),
        "lines": _("Order lines counted"),
        "flags": _("To look at"),
        "evaluator": _("Evaluator"),
        "score": _("Score of the sheet"),
        "criterion": _("Criterion"),
        "source": _("Where the points come from"),
        "weight": _("Weight in %"),
        "level": _("Level"),
        "words": _("Words of the level"),
    }


def points_heading(name: str, weight: str) -> str:
    return _("%(name)s (%(weight)s %%), points", name=name, weight=weight)


def evaluator_name(number: int) -> str:
    return _("Evaluator %(number)s", number=number)


def counted_of(counted: int, lines: int) -> str:
    return _("%(counted)s of %(lines)s", counted=counted, lines=lines)


def within_words(is_inside: bool, is_tied: bool) -> str:
    if is_tied:
        return _("tie on the line")
    return _("yes") if is_inside else _("no")


def advice_line(seats: int, frozen_at: str) -> str:
    return _(
        "%(seats)s places. Frozen at %(at)s. The ranking advises; people decide, and give a reason where they depart from it.",
        seats=seats,
        at=frozen_at,
    )


def hash_line(input_sha256: str, output_sha256: str) -> str:
    return _("SHA-256 of the input: %(input)s, of the result: %(output)s", input=input_sha256, output=output_sha256)

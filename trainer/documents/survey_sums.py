"""The sums of a questionnaire as tables: one a question on the page, all of them on one sheet of the workbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.domain.survey import DECLINED, QuestionKind
from trainer.domain.survey_sums import QuestionSums, SameWomen, Sums, WaveSums
from trainer.wording import label
from trainer.wording.survey_sums import DEFINITION, HEADINGS, HIDDEN, MIDDLE, TITLE, UNITS, part_words


@dataclass(frozen=True)
class Line:
    """A row: women who gave an answer, of `whole`; or a value that divides them. None: there is none, or it is not told."""

    words: str
    unit: Literal["number", "value", "money"]
    value: int | float | None
    whole: int | None = None
    then: int | float | None = None
    now: int | float | None = None

    @property
    def share(self) -> float | None:
        return self.value / self.whole if self.value is not None and self.whole else None


def lines_of(one: QuestionSums) -> list[Line]:
    """Values first, then who gave which answer; that nobody kept it to herself needs no line."""
    return [*_values(one), *_parts(one)]


def _values(one: QuestionSums) -> Iterator[Line]:
    if one.question.kind not in (QuestionKind.MONEY, QuestionKind.NUMBER):
        return
    is_money = one.question.kind is QuestionKind.MONEY
    sides = [_quarters(sums, is_money=is_money) for sums in (one.sums, *_sides(one.same))]
    for code in ("median", "low", "high"):
        value, then, now = (side[code] for side in sides)
        yield Line(str(MIDDLE[code]), "money" if is_money else "value", value, None, then, now)


def _sides(same: SameWomen | None) -> tuple[Sums | None, Sums | None]:
    return (same.then, same.now) if same else (None, None)


def _quarters(sums: Sums | None, *, is_money: bool) -> dict[str, int | float | None]:
    low, high = (sums.quartiles if sums else None) or (None, None)
    values = {"low": low, "median": sums.median if sums else None, "high": high}
    return {code: None if value is None else _rounded(value, is_money=is_money) for code, value in values.items()}


def _rounded(value: Fraction, *, is_money: bool) -> int | float:
    """Money to the fen; other figures lie between two whole ones at most."""
    return round(value) if is_money else round(float(value), 2)


def _parts(one: QuestionSums) -> Iterator[Line]:
    then, now = (sums.parts if sums else {} for sums in _sides(one.same))
    for part, count in one.sums.parts.items():
        if part == DECLINED and count == 0:
            continue
        words = part_words(one.question, part)
        # Among those who answered both times nobody would rather not say.
        sides = (None, None) if part == DECLINED else (then.get(part), now.get(part))
        yield Line(words, "number", count, one.sums.asked, *sides)


def sums_title(cohort: str, wave) -> str:
    return str(TITLE) % {"cohort": cohort, "wave": label(wave)}


def sums_workbook(title_rows: tuple[str, ...], sums: WaveSums, *, is_cut: bool) -> bytes:
    """`is_cut`: numbers of fewer than five are left out, and say so."""
    kinds = {"question": ("text", 40), "answer": ("text", 30), "unit": ("text", 8), "value": ("number", 14)}
    kinds |= {"whole": ("number", 12), "share": ("percent", 10), "then": ("number", 14), "now": ("number", 14)}
    kinds |= {"both": ("number", 12), "wave": ("text", 26)}
    columns = [Column(str(HEADINGS[code]), *kind) for code, kind in kinds.items()]
    rows = [_row(one, line, is_cut=is_cut) for one in sums.questions for line in lines_of(one)]
    sheet = Sheet(str(HEADINGS["sheet"]), columns, rows, title_rows, foot_rows=(str(DEFINITION),))
    return write_workbook([sheet])


def _row(one: QuestionSums, line: Line, *, is_cut: bool) -> list[object]:
    def shown(value: int | float | None) -> object:
        if value is None:
            return None
        return value / 100 if line.unit == "money" else value

    told = shown(line.value)
    same = (one.same.now.asked, label(one.same.wave)) if one.same else (None, None)
    return [
        *(label(one.question), line.words, str(UNITS[line.unit])),
        *(str(HIDDEN) if told is None and is_cut else told, line.whole, line.share, shown(line.then), shown(line.now)),
        *same,
    ]

"""The figures that computed criteria, bonus lines and vetoes may ask for: what each is, its unit and where it comes from."""

from dataclasses import dataclass
from enum import StrEnum

from trainer.domain.survey import QuestionKind, Wave, find_question

TABLE, ROUND, ASSESSMENT, SURVEY, SHEETS = "table.", "round.", "assessment.", "survey.", "judged."
FEN_IN_A_YUAN = 100


class FigureUnit(StrEnum):
    """FEN is typed and read in yuan; TEXT can only be grouped by or compared with a word; ANY is what a table holds."""

    PERCENT = "percent"
    HOURS = "hours"
    FEN = "fen"
    COUNT = "count"
    POINTS = "points"
    LEVEL = "level"
    YES_NO = "yes_no"
    TEXT = "text"
    ANY = "any"


class FigureSource(StrEnum):
    ATTENDANCE = "attendance"
    SALES = "sales"
    BROADCASTS = "broadcasts"
    ASSESSMENTS = "assessments"
    SURVEYS = "surveys"
    RECORD = "record"
    TABLE = "table"
    ROUNDS = "rounds"
    SHEETS = "sheets"


@dataclass(frozen=True)
class FigureField:
    """One figure by the name that rules call it."""

    code: str
    source: FigureSource
    unit: FigureUnit

    @property
    def is_text(self) -> bool:
        """Whether candidates can be grouped by it."""
        return self.unit in (FigureUnit.TEXT, FigureUnit.ANY)

    @property
    def is_number(self) -> bool:
        return self.unit is not FigureUnit.TEXT

    @property
    def is_bounded(self) -> bool:
        """Whether it has a highest value that no later record can pass, as a share of it must."""
        return self.unit in (FigureUnit.PERCENT, FigureUnit.POINTS, FigureUnit.YES_NO, FigureUnit.ANY)

    @property
    def factor(self) -> int:
        """How many of what is reckoned with make one of what people type."""
        return FEN_IN_A_YUAN if self.unit is FigureUnit.FEN else 1


RECORDED: tuple[FigureField, ...] = (
    FigureField("attendance_rate", FigureSource.ATTENDANCE, FigureUnit.PERCENT),
    FigureField("attended_hours", FigureSource.ATTENDANCE, FigureUnit.HOURS),
    FigureField("net_sales_fen", FigureSource.SALES, FigureUnit.FEN),
    FigureField("gross_sales_fen", FigureSource.SALES, FigureUnit.FEN),
    FigureField("paid_orders", FigureSource.SALES, FigureUnit.COUNT),
    FigureField("weekly_net_fen", FigureSource.SALES, FigureUnit.FEN),
    FigureField("net_growth_fen", FigureSource.SALES, FigureUnit.FEN),
    FigureField("still_selling", FigureSource.SALES, FigureUnit.YES_NO),
    FigureField("livestreams", FigureSource.BROADCASTS, FigureUnit.COUNT),
    FigureField("live_viewers", FigureSource.BROADCASTS, FigureUnit.COUNT),
    FigureField("service_hours", FigureSource.RECORD, FigureUnit.HOURS),
    FigureField("certificate", FigureSource.RECORD, FigureUnit.YES_NO),
    FigureField("county", FigureSource.RECORD, FigureUnit.TEXT),
    FigureField("cohort", FigureSource.RECORD, FigureUnit.TEXT),
    FigureField("business", FigureSource.RECORD, FigureUnit.TEXT),
)
_RECORDED = {field.code: field for field in RECORDED}
SURVEY_UNITS = {
    QuestionKind.NUMBER: FigureUnit.COUNT,
    QuestionKind.MONEY: FigureUnit.FEN,
    QuestionKind.YES_NO: FigureUnit.YES_NO,
}


def describe(code: str) -> FigureField | None:
    """What a name in a rule means; None where it is no name of ours."""
    if code in _RECORDED:
        return _RECORDED[code]
    for prefix, source, unit in (
        (TABLE, FigureSource.TABLE, FigureUnit.ANY),
        (SHEETS, FigureSource.SHEETS, FigureUnit.LEVEL),
    ):
        if code.startswith(prefix) and code.removeprefix(prefix):
            return FigureField(code, source, unit)
    if _number(code, ROUND):
        return FigureField(code, FigureSource.ROUNDS, FigureUnit.POINTS)
    if _number(code, ASSESSMENT):
        return FigureField(code, FigureSource.ASSESSMENTS, FigureUnit.POINTS)
    asked = survey_question(code)
    return FigureField(code, FigureSource.SURVEYS, SURVEY_UNITS[asked[1].kind]) if asked else None


def _number(code: str, prefix: str) -> int | None:
    rest = code.removeprefix(prefix)
    return int(rest) if rest != code and rest.isascii() and rest.isdecimal() and len(rest) < 10 else None


def numbers_after(prefix: str, codes) -> list[int]:
    """The rounds or assessments that are asked for."""
    return [number for code in codes if (number := _number(code, prefix)) is not None]


def survey_question(code: str):
    """(wave, question) of "survey.baseline.profit", where the question is answered with a number."""
    wave, _, question = code.removeprefix(SURVEY).partition(".")
    if not code.startswith(SURVEY) or wave not in [*Wave]:
        return None
    found = find_question(Wave(wave), question)
    return (Wave(wave), found) if found and found.kind in SURVEY_UNITS else None

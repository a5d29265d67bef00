"""Calibration: invented applications that evaluators score first, who has, and how all together scored them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean

from sqlalchemy import and_, bindparam, exists, func, select

from trainer.database import db
from trainer.domain.panel import SeatState
from trainer.domain.selection import RANKED, RoundKind, RoundState
from trainer.models.account import Account
from trainer.models.panel import PanelSeat
from trainer.models.review import CalibrationFile, CalibrationSheet
from trainer.models.selection import Round, Selection
from trainer.queries.selection import round_criteria

# Fewer would say whose levels they are.
FEWEST_SHOWN = 3
FILE, SHEET = CalibrationFile.__table__.c, CalibrationSheet.__table__.c


def is_uncalibrated(round_id, account_id):
    """Whether an evaluator has calibration files of the round still before her; both are columns or values."""
    given = exists().where(SHEET.calibration_id == FILE.id, SHEET.account_id == account_id)
    given = given.correlate_except(CalibrationSheet)
    return exists().where(FILE.round_id == round_id, ~given).correlate_except(CalibrationFile)


_MISSING = (
    select(func.count())
    .select_from(CalibrationFile.__table__)
    .where(
        FILE.round_id == bindparam("round"),
        ~exists().where(SHEET.calibration_id == FILE.id, SHEET.account_id == bindparam("account")),
    )
)


def calibration_missing(round_id: int, account_id: int) -> int:
    """How many calibration files she has not scored yet: her sheets open when it is none."""
    return db.session.scalar(_MISSING, {"round": round_id, "account": account_id})


@dataclass(frozen=True)
class CalibrationView:
    """An invented application with what the organisers hold to be right."""

    id: int
    position: int
    text: str
    levels: Mapping[str, int]
    words: str


def list_calibrations(round_id: int) -> list[CalibrationView]:
    rows = db.session.execute(
        select(FILE.id, FILE.position, FILE.text, FILE.levels, FILE.words)
        .where(FILE.round_id == round_id)
        .order_by(FILE.position)
    )
    return [CalibrationView(*row) for row in rows]


def count_unfit(round_id: int) -> int:
    """Calibration files whose reference does not answer the score sheet as it stands now."""
    asked = {c.code: range(c.minimum, c.maximum + 1) for c in round_criteria(round_id) if c.judged}
    return sum(not fits(one.levels, asked) for one in list_calibrations(round_id))


def fits(levels: Mapping[str, int], asked: Mapping[str, range]) -> bool:
    return levels.keys() == asked.keys() and all(level in asked[code] for code, level in levels.items())


@dataclass(frozen=True)
class Spread:
    """How a criterion of a file was scored by all together: level → how many; `gap`: mean less reference."""

    counts: Mapping[int, int]
    reference: int | None

    @property
    def gap(self) -> float | None:
        if self.reference is None or not self.counts:
            return None
        return mean(level for level, many in self.counts.items() for _one in range(many)) - self.reference

    @property
    def apart(self) -> int:
        """How many gave another level than the reference."""
        return sum(many for level, many in self.counts.items() if level != self.reference)


@dataclass(frozen=True)
class FileSpread:
    """`answered`: how many scored it; `criteria` is empty where they are too few to show."""

    answered: int
    criteria: Mapping[str, Spread]


def list_spreads(round_id: int) -> dict[int, FileSpread]:
    """By calibration file; never who gave what. Only levels of those who are on the panel still."""
    rows = db.session.execute(
        select(FILE.id, FILE.levels, SHEET.levels)
        .join(CalibrationSheet.__table__, SHEET.calibration_id == FILE.id)
        .join(PanelSeat, and_(PanelSeat.round_id == FILE.round_id, PanelSeat.account_id == SHEET.account_id))
        .where(FILE.round_id == round_id, PanelSeat.state == SeatState.ACCEPTED)
    )
    references, given = {}, {}
    for file_id, reference, levels in rows:
        references[file_id] = reference
        given.setdefault(file_id, []).append(levels)
    return {file_id: _spread(references[file_id], sheets) for file_id, sheets in given.items()}


def _spread(reference: Mapping[str, int], sheets: list[Mapping[str, int]]) -> FileSpread:
    if len(sheets) < FEWEST_SHOWN:
        return FileSpread(len(sheets), {})
    codes = dict.fromkeys(code for levels in sheets for code in levels)
    counted = {code: Counter(levels[code] for levels in sheets if code in levels) for code in codes}
    return FileSpread(len(sheets), {code: Spread(counts, reference.get(code)) for code, counts in counted.items()})


@dataclass(frozen=True)
class CalibrationProgress:
    """An evaluator of the panel, and how many files she has scored."""

    name: str
    done: int


def list_calibration_progress(round_id: int) -> list[CalibrationProgress]:
    done = (
        select(func.count())
        .select_from(CalibrationSheet.__table__)
        .join(CalibrationFile.__table__, FILE.id == SHEET.calibration_id)
        .where(FILE.round_id == round_id, SHEET.account_id == PanelSeat.account_id)
    )
    rows = db.session.execute(
        select(Account.name, done.correlate(PanelSeat).scalar_subquery())
        .join(PanelSeat, PanelSeat.account_id == Account.id)
        .where(PanelSeat.round_id == round_id, PanelSeat.state == SeatState.ACCEPTED)
        .order_by(Account.name, Account.id)
    )
    return [CalibrationProgress(*row) for row in rows]


@dataclass(frozen=True)
class CalibrationRound:
    """A round as an evaluator of its panel finds it, with the levels she gave, by calibration file."""

    id: int
    selection: str
    kind: RoundKind
    state: RoundState
    given: Mapping[int, Mapping[str, int]]


def get_calibration_round(round_id: int, account_id: int) -> CalibrationRound | None:
    """None for whoever has not accepted and declared, and while the round is being prepared."""
    row = db.session.execute(
        select(Round.id, Selection.name, Round.kind, Round.state)
        .join(Selection, Selection.id == Round.selection_id)
        .join(PanelSeat, PanelSeat.round_id == Round.id)
        .where(
            Round.id == round_id,
            Round.state.in_((RoundState.OPEN, *RANKED)),
            PanelSeat.account_id == account_id,
            PanelSeat.state == SeatState.ACCEPTED,
            PanelSeat.declared_at.is_not(None),
        )
    ).one_or_none()
    if row is None:
        return None
    given = db.session.execute(
        select(SHEET.calibration_id, SHEET.levels)
        .join(CalibrationFile.__table__, FILE.id == SHEET.calibration_id)
        .where(FILE.round_id == round_id, SHEET.account_id == account_id)
    )
    return CalibrationRound(*row, dict(given.all()))

"""Who may apply: the conditions of a selection as data, and how one woman stands to each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from trainer.domain.programme import common_area, lies_within

# So far below what is asked for is a near miss: five points of attendance, a fifth of broadcasts or sales.
NEAR_BP = 500
NEAR_SHARE = 5


class Condition(StrEnum):
    RESIDENCE = "residence"
    ATTENDANCE = "attendance"
    CERTIFICATE = "certificate"
    BROADCASTS = "broadcasts"
    NET_SALES = "net_sales"


class Standing(StrEnum):
    """`unknown`: the records say nothing of it, which is not the same as missing it."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"


class BroadcastSource(StrEnum):
    """Which broadcasts count: all that are known, or those that a platform's file lists."""

    ALL = "all"
    FILES = "files"


@dataclass(frozen=True)
class Eligibility:
    """What is asked of whoever applies; None and False ask nothing. Attendance in basis points."""

    residence: str | None = None
    attendance_bp: int | None = None
    certificate: bool = False
    broadcasts: int | None = None
    broadcast_source: BroadcastSource = BroadcastSource.ALL
    net_sales_fen: int | None = None

    @property
    def asked(self) -> tuple[Condition, ...]:
        """The conditions there are, in their order."""
        wanted = {
            Condition.RESIDENCE: self.residence,
            Condition.ATTENDANCE: self.attendance_bp,
            Condition.CERTIFICATE: self.certificate or None,
            Condition.BROADCASTS: self.broadcasts,
            Condition.NET_SALES: self.net_sales_fen,
        }
        return tuple(condition for condition, value in wanted.items() if value is not None)

    def as_json(self) -> dict:
        silent = (None, False, BroadcastSource.ALL)
        return {name: value for name, value in asdict(self).items() if not any(value is one for one in silent)}

    @classmethod
    def of(cls, data: Mapping[str, object]) -> "Eligibility":
        source = BroadcastSource(data.get("broadcast_source", BroadcastSource.ALL))
        return cls(**{**data, "broadcast_source": source})


@dataclass(frozen=True)
class Facts:
    """What the registers know of one woman: minutes of closed lessons, broadcasts from files and typed ones.

    `broadcasts` and `net_sales_fen` are None where nothing has been taken in for any shop of hers.
    """

    region_code: str
    attended_minutes: int = 0
    counted_minutes: int = 0
    certificates: int = 0
    listed: int = 0
    typed: int = 0
    net_sales_fen: int | None = None


@dataclass(frozen=True)
class Verdict:
    """How she stands to one condition: what she has and what is asked, in the condition's own unit; residence has codes."""

    condition: Condition
    standing: Standing
    has: int | str | None
    needs: int | str
    is_near: bool = False
    # Of broadcasts: how many come from platforms' files, how many somebody typed in.
    listed: int = 0
    typed: int = 0

    @property
    def short(self) -> int:
        """How much is missing, where it can be counted."""
        return self.needs - self.has if isinstance(self.has, int) and isinstance(self.needs, int) else 0


def judge(asked: Eligibility, facts: Facts) -> tuple[Verdict, ...]:
    """Her standing to every condition there is, in their order."""
    return tuple(_JUDGES[condition](asked, facts) for condition in asked.asked)


def is_missed(verdicts: Sequence[Verdict]) -> bool:
    return any(verdict.standing is Standing.MISSED for verdict in verdicts)


def overall(verdicts: Sequence[Verdict]) -> Standing:
    """Missed where one is missed; unknown where nothing is missed and something is not known."""
    standings = {verdict.standing for verdict in verdicts}
    return next((s for s in (Standing.MISSED, Standing.UNKNOWN) if s in standings), Standing.MET)


def is_near_miss(verdicts: Sequence[Verdict]) -> bool:
    """Something is missed, and nothing by much."""
    missed = [verdict for verdict in verdicts if verdict.standing is Standing.MISSED]
    return bool(missed) and all(verdict.is_near for verdict in missed)


def _residence(asked: Eligibility, facts: Facts) -> Verdict:
    """A record that says only the city, where a county of it is asked for, does not say whether she lives there."""
    if lies_within(facts.region_code, asked.residence):
        standing = Standing.MET
    else:
        standing = Standing.UNKNOWN if common_area(facts.region_code, asked.residence) else Standing.MISSED
    return Verdict(Condition.RESIDENCE, standing, facts.region_code, asked.residence)


def _attendance(asked: Eligibility, facts: Facts) -> Verdict:
    """Whole basis points, rounded down, so that nobody is let in by rounding."""
    if not facts.counted_minutes:
        return Verdict(Condition.ATTENDANCE, Standing.UNKNOWN, None, asked.attendance_bp)
    rate = facts.attended_minutes * 10_000 // facts.counted_minutes
    return _counted(Condition.ATTENDANCE, rate, asked.attendance_bp, near=NEAR_BP)


def _certificate(asked: Eligibility, facts: Facts) -> Verdict:
    return _counted(Condition.CERTIFICATE, min(facts.certificates, 1), 1, near=0)


def _broadcasts(asked: Eligibility, facts: Facts) -> Verdict:
    typed = facts.typed if asked.broadcast_source is BroadcastSource.ALL else 0
    sources = {"listed": facts.listed, "typed": typed}
    if not facts.listed + typed:
        return Verdict(Condition.BROADCASTS, Standing.UNKNOWN, None, asked.broadcasts, **sources)
    near = max(1, asked.broadcasts // NEAR_SHARE)
    return _counted(Condition.BROADCASTS, facts.listed + typed, asked.broadcasts, near=near, **sources)


def _net_sales(asked: Eligibility, facts: Facts) -> Verdict:
    if facts.net_sales_fen is None:
        return Verdict(Condition.NET_SALES, Standing.UNKNOWN, None, asked.net_sales_fen)
    return _counted(
        Condition.NET_SALES, facts.net_sales_fen, asked.net_sales_fen, near=asked.net_sales_fen // NEAR_SHARE
    )


def _counted(condition: Condition, has: int, needs: int, *, near: int, **sources: int) -> Verdict:
    if has >= needs:
        return Verdict(condition, Standing.MET, has, needs, **sources)
    return Verdict(condition, Standing.MISSED, has, needs, is_near=needs - has <= near, **sources)


_JUDGES = {
    Condition.RESIDENCE: _residence,
    Condition.ATTENDANCE: _attendance,
    Condition.CERTIFICATE: _certificate,
    Condition.BROADCASTS: _broadcasts,
    Condition.NET_SALES: _net_sales,
}

"""County indicators: the readings of a programme by series, one reading, its evidence, counties that may be chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from trainer.database import db
from trainer.domain.actors import Actor, region_prefix
from trainer.domain.county_indicator import IndicatorKind
from trainer.models.account import Account
from trainer.models.county_indicator import IndicatorReading
from trainer.models.file import StoredFile
from trainer.models.region import Region
from trainer.permissions import Permission
from trainer.queries.scoping import visible

SERIES = (IndicatorReading.region_code, IndicatorReading.kind, IndicatorReading.subject)


@dataclass(frozen=True)
class ReadingRow:
    """One figure of a county on a day."""

    id: int
    programme_id: int
    region_code: str
    region: str
    kind: IndicatorKind
    subject: str
    unit: str
    value_hundredths: int
    measured_on: date
    source: str
    has_evidence: bool
    at: datetime
    recorded_by: str | None
    taken_back_at: datetime | None
    taken_back_because: str | None


def list_readings(actor: Actor, programme_id: int) -> list[ReadingRow]:
    """That count, in her reach, series by series and day by day. One statement."""
    own = visible(actor, Permission.VIEW_OUTCOME_SUMS, region=IndicatorReading.region_code)
    return _readings(IndicatorReading.programme_id == programme_id, IndicatorReading.taken_back_at.is_(None), own)


def list_series(row: ReadingRow) -> list[ReadingRow]:
    """All readings of the series that one stands in, taken back ones among them; by day."""
    values = (row.region_code, row.kind, row.subject)
    same = (column == value for column, value in zip(SERIES, values, strict=True))
    return _readings(IndicatorReading.programme_id == row.programme_id, *same)


def list_of_county(programme_id: int, region_code: str) -> list[ReadingRow]:
    """That count, of one county; series by series and day by day."""
    mine = (IndicatorReading.programme_id == programme_id, IndicatorReading.region_code == region_code)
    return _readings(*mine, IndicatorReading.taken_back_at.is_(None))


def get_reading(reading_id: int) -> ReadingRow | None:
    return next(iter(_readings(IndicatorReading.id == reading_id)), None)


def _readings(*which: ColumnElement[bool]) -> list[ReadingRow]:
    one = IndicatorReading
    rows = (
        select(
            *(one.id, one.programme_id, one.region_code, Region.name, one.kind, one.subject, one.unit),
            *(one.value_hundredths, one.measured_on, one.source, one.evidence_id.is_not(None), one.at, Account.name),
            *(one.taken_back_at, one.taken_back_because),
        )
        .join(Region, Region.code == one.region_code)
        .outerjoin(Account, Account.id == one.by)
        .where(*which)
        .order_by(*SERIES, one.measured_on, one.id)
    )
    return [ReadingRow(*row) for row in db.session.execute(rows)]


def get_evidence(reading_id: int) -> StoredFile | None:
    of = select(StoredFile).join(IndicatorReading, IndicatorReading.evidence_id == StoredFile.id)
    return db.session.scalar(of.where(IndicatorReading.id == reading_id))


def county_choices(areas: Iterable[str]) -> list[tuple[str, str]]:
    """(code, “city county”) of the counties that lie in one of `areas`, by code."""
    inside = or_(False, *(Region.code.startswith(region_prefix(area)) for area in areas))
    city = select(Region.code, Region.name).where(Region.level == 2).subquery()
    rows = db.session.execute(
        select(Region.code, city.c.name, Region.name)
        .outerjoin(city, city.c.code == Region.parent_code)
        .where(inside, Region.level == 3)
        .order_by(Region.code)
    )
    return [(code, f"{above or ''} {name}".strip()) for code, above, name in rows]


def newest_reading():
    """A clause: no later reading of its series counts, and it counts itself."""
    later = IndicatorReading.__table__.alias("later")
    same = (
        later.c[name] == getattr(IndicatorReading, name) for name in ("programme_id", "region_code", "kind", "subject")
    )
    standing = select(later.c.id).where(
        *same, later.c.taken_back_at.is_(None), later.c.measured_on > IndicatorReading.measured_on
    )
    return (IndicatorReading.taken_back_at.is_(None), ~standing.exists())


def sum_of_newest(programme_id: int, kind: IndicatorKind):
    """Two parts of a statement: the newest reading of each county added up (whole units), and the oldest day of these."""
    mine = (IndicatorReading.programme_id == programme_id, IndicatorReading.kind == kind, *newest_reading())
    total = func.coalesce(func.sum(IndicatorReading.value_hundredths), 0)
    return select(total).where(*mine), select(func.min(IndicatorReading.measured_on)).where(*mine)

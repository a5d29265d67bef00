"""County indicators: a reading entered with where it comes from, and taken back with a reason."""

from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.county_indicator import COUNTED, MOST_HUNDREDTHS, IndicatorKind, ReadingDraft, is_leap
from trainer.domain.days import china_day
from trainer.domain.file import FilePurpose
from trainer.domain.programme import lies_within
from trainer.errors import NotFound, Refused
from trainer.models.county_indicator import IndicatorReading
from trainer.models.programme import Programme
from trainer.models.region import Region
from trainer.services import audit
from trainer.services.evidence import keep_evidence
from trainer.services.file import Sealed
from trainer.services.taken_down import add, find_made, take_row_back


class ReadingToCome(Refused):
    """The day lies in the future."""

    code = "indicator_to_come"


class ReadingNotOfCounty(Refused):
    """The area is no county, or does not lie in the programme's area."""

    code = "indicator_not_of_county"


class ReadingWithoutSubject(Refused):
    """A price says of which product, and in which unit."""

    code = "indicator_no_subject"


class ReadingValueUnfit(Refused):
    """Below nothing, too large to be true, or half a household."""

    code = "indicator_value"


class ReadingOtherUnit(Refused):
    """The series is kept in another unit: the two could not be compared."""

    code = "indicator_other_unit"


class ReadingSameDay(Refused):
    code = "indicator_same_day"


class ReadingLeaps(Refused):
    """A hundred times the last reading, or a hundredth of it: she is asked whether she is sure."""

    code = "indicator_leap"


def record_reading(
    programme_id: int, draft: ReadingDraft, *, nonce: str, evidence: Sealed | None = None, by: Actor, at: datetime
) -> IndicatorReading:
    """Sent twice with one nonce it stands once.

    Raises NotFound, Conflict, ReadingToCome, ReadingNotOfCounty, ReadingWithoutSubject, ReadingValueUnfit,
    ReadingOtherUnit, ReadingSameDay, ReadingLeaps.
    """
    programme = hold_programme(programme_id)
    if made := find_made(IndicatorReading, nonce, by=by):
        return made
    if draft.measured_on > china_day(at):
        raise ReadingToCome(day=draft.measured_on)
    require_county(programme, draft.region_code)
    facts = _checked(draft)
    _fit_into_series(programme_id, draft, facts)
    kept = keep_evidence(evidence, FilePurpose.OUTCOME_EVIDENCE, by=by, at=at)
    row = IndicatorReading(programme_id=programme_id, **facts, evidence_id=kept)
    add(row, nonce, by=by, at=at)
    audit.record("county_indicator.record", "county_indicator", row.id, by=by, at=at, after=_told(row))
    return row


def take_back(reading_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Raises NoReasonToTakeBack, TakenBackBefore, NotFound."""
    row = take_row_back(IndicatorReading, reading_id, reason, by=by, at=at)
    before = _told(row)
    audit.record(
        "county_indicator.take_back", "county_indicator", row.id, by=by, at=at, before=before, with_reason=True
    )


def hold_programme(programme_id: int) -> Programme:
    """Held, so that two who enter the same thing at once see each other. Raises NotFound."""
    programme = db.session.get(Programme, programme_id, with_for_update={"key_share": True}, populate_existing=True)
    if programme is None:
        raise NotFound()
    return programme


def require_county(programme: Programme, region_code: str) -> None:
    """Raises ReadingNotOfCounty."""
    level = db.session.scalar(select(Region.level).where(Region.code == region_code))
    if level != 3 or not lies_within(region_code, programme.region_code):
        raise ReadingNotOfCounty()


def _checked(draft: ReadingDraft) -> dict[str, object]:
    """What is kept: a counted kind has its own unit, and no product."""
    is_price = draft.kind is IndicatorKind.PURCHASE_PRICE
    if is_price and not (draft.subject and draft.unit):
        raise ReadingWithoutSubject()
    value = draft.value_hundredths
    if not 0 <= value <= MOST_HUNDREDTHS or (not is_price and value % 100):
        raise ReadingValueUnfit()
    own = {"subject": draft.subject, "unit": draft.unit} if is_price else {"subject": "", "unit": COUNTED[draft.kind]}
    said = {"region_code": draft.region_code, "kind": draft.kind, "measured_on": draft.measured_on}
    return {**said, "value_hundredths": value, "source": draft.source, **own}


def _fit_into_series(programme_id: int, draft: ReadingDraft, facts: dict[str, object]) -> None:
    rows = db.session.execute(
        select(IndicatorReading.measured_on, IndicatorReading.unit, IndicatorReading.value_hundredths)
        .where(
            *(IndicatorReading.programme_id == programme_id, IndicatorReading.region_code == draft.region_code),
            *(IndicatorReading.kind == draft.kind, IndicatorReading.subject == facts["subject"]),
            IndicatorReading.taken_back_at.is_(None),
        )
        .order_by(IndicatorReading.measured_on)
    ).all()
    if other := next((row.unit for row in rows if row.unit != facts["unit"]), None):
        raise ReadingOtherUnit(unit=other)
    if any(row.measured_on == draft.measured_on for row in rows):
        raise ReadingSameDay(day=draft.measured_on)
    earlier = [row.value_hundredths for row in rows if row.measured_on < draft.measured_on]
    last = earlier[-1] if earlier else rows[0].value_hundredths if rows else None
    if not draft.is_sure and is_leap(draft.value_hundredths, last):
        raise ReadingLeaps(last=f"{last / 100:.2f}", value=f"{draft.value_hundredths / 100:.2f}", unit=facts["unit"])


def _told(row: IndicatorReading) -> dict[str, object]:
    facts = {"programme": row.programme_id, "region": row.region_code, "kind": row.kind, "subject": row.subject}
    value = {"value_hundredths": row.value_hundredths, "unit": row.unit, "measured_on": row.measured_on}
    return {**facts, **value, "with_evidence": row.evidence_id is not None}

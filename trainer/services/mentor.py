"""Mentors: posted to a county, the posting changed, ended early, opened again; their visits."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.days import china_day
from trainer.domain.file import FilePurpose
from trainer.domain.mentor import MOST_MINUTES, MOST_WOMEN, PostingDraft, VisitDraft
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.county_indicator import MentorPosting, MentorVisit
from trainer.services import audit
from trainer.services.county_indicator import hold_programme, require_county
from trainer.services.evidence import keep_evidence
from trainer.services.file import Sealed
from trainer.services.taken_down import add, find_made, take_row_back


class PostingEndsBeforeItBegins(Refused):
    code = "mentor_dates"


class PostingStandsAlready(Refused):
    """She is posted to this county on some of these days already."""

    code = "mentor_posted_already"


class VisitsOutsidePosting(Refused):
    """Visits are on record on days that the posting would not hold any more."""

    code = "mentor_visits_outside"


class PostingNotToBeEnded(Refused):
    """Ended already, its last day is past, or the day given is not before it."""

    code = "mentor_not_to_be_ended"
    status = 409


class PostingNotEnded(Refused):
    code = "mentor_not_ended"
    status = 409


class EndReasonMissing(Refused):
    code = "mentor_no_reason"


class VisitOutsidePosting(Refused):
    code = "mentor_visit_outside"


class VisitToCome(Refused):
    code = "mentor_visit_to_come"


class VisitUnfit(Refused):
    """Minutes or women that cannot be of one day."""

    code = "mentor_visit_numbers"


def post_mentor(programme_id: int, draft: PostingDraft, *, by: Actor, at: datetime) -> int:
    """Raises NotFound, ReadingNotOfCounty, PostingEndsBeforeItBegins, PostingStandsAlready."""
    programme = hold_programme(programme_id)
    require_county(programme, draft.region_code)
    _require_free_days(programme_id, draft, None)
    row = MentorPosting(programme_id=programme_id, **vars(draft), created_at=at, created_by=by.account_id)
    db.session.add(row)
    db.session.flush()
    audit.record("mentor.post", "mentor", row.id, by=by, at=at, after=_told(row))
    return row.id


def change_posting(posting_id: int, draft: PostingDraft, *, seen: int, by: Actor, at: datetime) -> None:
    """Its county stays where it is. Raises Conflict, NotFound, and as `post_mentor`; VisitsOutsidePosting."""
    row = _hold(posting_id, seen=seen)
    draft = replace(draft, region_code=row.region_code)
    _require_free_days(row.programme_id, draft, posting_id)
    _require_visits_within(posting_id, draft.starts_on, draft.ends_on)
    before = _told(row)
    for name, value in vars(draft).items():
        setattr(row, name, value)
    audit.record("mentor.change", "mentor", row.id, by=by, at=at, before=before, after=_told(row))


def end_posting(posting_id: int, day: date, reason: str, *, seen: int, by: Actor, at: datetime) -> None:
    """Before its time; on a day before its first one: it never began.

    Raises EndReasonMissing, PostingNotToBeEnded, VisitsOutsidePosting, Conflict, NotFound.
    """
    if not reason.strip():
        raise EndReasonMissing()
    row = _hold(posting_id, seen=seen)
    if row.ended_on is not None or day >= row.ends_on or day > china_day(at):
        raise PostingNotToBeEnded(ends_on=row.ends_on)
    _require_visits_within(posting_id, row.starts_on, day)
    row.ended_on, row.ended_because = day, reason.strip()
    after = {"ended_on": day}
    audit.record("mentor.end", "mentor", row.id, by=by, at=at, after=after, with_reason=True)


def reopen_posting(posting_id: int, *, seen: int, by: Actor, at: datetime) -> None:
    """It runs to its planned last day again. Raises PostingNotEnded, Conflict, NotFound."""
    row = _hold(posting_id, seen=seen)
    if row.ended_on is None:
        raise PostingNotEnded()
    before = {"ended_on": row.ended_on}
    row.ended_on, row.ended_because = None, ""
    audit.record("mentor.reopen", "mentor", row.id, by=by, at=at, before=before)


def record_visit(
    posting_id: int, draft: VisitDraft, *, nonce: str, evidence: Sealed | None = None, by: Actor, at: datetime
) -> MentorVisit:
    """Sent twice with one nonce it stands once. Raises VisitToCome, VisitOutsidePosting, VisitUnfit, Conflict, NotFound."""
    posting = _hold(posting_id)
    if made := find_made(MentorVisit, nonce, by=by):
        return made
    if draft.day > china_day(at):
        raise VisitToCome(day=draft.day)
    last = posting.ends_on if posting.ended_on is None else posting.ended_on
    if not posting.starts_on <= draft.day <= last:
        raise VisitOutsidePosting(day=draft.day, starts_on=posting.starts_on, ends_on=last)
    if not (0 < draft.minutes <= MOST_MINUTES and 0 <= draft.women <= MOST_WOMEN):
        raise VisitUnfit(most=MOST_MINUTES // 60, women=MOST_WOMEN)
    kept = keep_evidence(evidence, FilePurpose.OUTCOME_EVIDENCE, by=by, at=at)
    row = add(MentorVisit(posting_id=posting_id, **vars(draft), evidence_id=kept), nonce, by=by, at=at)
    audit.record("mentor_visit.record", "mentor_visit", row.id, by=by, at=at, after=_told_of_visit(row))
    return row


def take_visit_back(visit_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Raises NoReasonToTakeBack, TakenBackBefore, NotFound."""
    row = take_row_back(MentorVisit, visit_id, reason, by=by, at=at)
    before = _told_of_visit(row)
    audit.record("mentor_visit.take_back", "mentor_visit", row.id, by=by, at=at, before=before, with_reason=True)


def _hold(posting_id: int, *, seen: int | None = None) -> MentorPosting:
    row = db.session.get(MentorPosting, posting_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound()
    if seen is not None and row.version != seen:
        raise Conflict()
    return row


def _require_free_days(programme_id: int, draft: PostingDraft, posting_id: int | None) -> None:
    if draft.ends_on < draft.starts_on:
        raise PostingEndsBeforeItBegins()
    until = func.coalesce(MentorPosting.ended_on, MentorPosting.ends_on)
    same = select(MentorPosting.starts_on).where(
        *(MentorPosting.programme_id == programme_id, MentorPosting.region_code == draft.region_code),
        *(MentorPosting.name == draft.name, MentorPosting.organisation == draft.organisation),
        *(MentorPosting.starts_on <= draft.ends_on, until >= draft.starts_on, MentorPosting.id != (posting_id or 0)),
    )
    if standing := db.session.scalar(same.limit(1)):
        raise PostingStandsAlready(day=standing)


def _require_visits_within(posting_id: int, first: date, last: date) -> None:
    outside = db.session.scalar(
        select(func.min(MentorVisit.day)).where(
            *(MentorVisit.posting_id == posting_id, MentorVisit.taken_back_at.is_(None)),
            (MentorVisit.day < first) | (MentorVisit.day > last),
        )
    )
    if outside:
        raise VisitsOutsidePosting(day=outside)


def _told(row: MentorPosting) -> dict[str, object]:
    """Without her name and what the plan says."""
    facts = {"programme": row.programme_id, "region": row.region_code, "organisation": row.organisation}
    return {**facts, "starts_on": row.starts_on, "ends_on": row.ends_on, "planned_visits": row.planned_visits}


def _told_of_visit(row: MentorVisit) -> dict[str, object]:
    facts = {"posting": row.posting_id, "day": row.day, "minutes": row.minutes, "women": row.women}
    return {**facts, "with_evidence": row.evidence_id is not None}

"""Mentors: postings with how far they are, one with its visits, the evidence of a visit."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, distinct, func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.mentor import PostingState, posting_state
from trainer.models.account import Account
from trainer.models.county_indicator import MentorPosting, MentorVisit
from trainer.models.file import StoredFile
from trainer.models.region import Region
from trainer.permissions import Permission
from trainer.queries.scoping import visible


@dataclass(frozen=True)
class PostingRow:
    """A posting with what its visits come to."""

    id: int
    programme_id: int
    region_code: str
    region: str
    name: str
    organisation: str
    starts_on: date
    ends_on: date
    ended_on: date | None
    ended_because: str
    plan: str
    planned_visits: int
    version: int
    visits: int
    minutes: int
    last_visit: date | None

    def state(self, today: date) -> PostingState:
        return posting_state(self.starts_on, self.ends_on, self.ended_on, self.last_visit, today)

    def has_begun(self, today: date) -> bool:
        """As `count_mentors` has it: one that ended before its first day never began."""
        return self.starts_on <= today and (self.ended_on is None or self.ended_on >= self.starts_on)


@dataclass(frozen=True)
class VisitRow:
    """A visit; taken back it stays to be read."""

    id: int
    posting_id: int
    region: str
    mentor: str
    day: date
    minutes: int
    place: str
    women: int
    words: str
    has_evidence: bool
    at: datetime
    recorded_by: str | None
    taken_back_at: datetime | None
    taken_back_because: str | None


def list_postings(actor: Actor, programme_id: int) -> list[PostingRow]:
    """In her reach, by county and first day. One statement."""
    own = visible(actor, Permission.VIEW_OUTCOME_SUMS, region=MentorPosting.region_code)
    return _postings(MentorPosting.programme_id == programme_id, own)


def get_posting(posting_id: int) -> PostingRow | None:
    return next(iter(_postings(MentorPosting.id == posting_id)), None)


def _postings(*which: ColumnElement[bool]) -> list[PostingRow]:
    one = MentorPosting
    counted = and_(MentorVisit.posting_id == one.id, MentorVisit.taken_back_at.is_(None))
    sums = (func.count(MentorVisit.id), func.coalesce(func.sum(MentorVisit.minutes), 0), func.max(MentorVisit.day))
    rows = (
        select(
            *(one.id, one.programme_id, one.region_code, Region.name, one.name, one.organisation, one.starts_on),
            *(one.ends_on, one.ended_on, one.ended_because, one.plan, one.planned_visits, one.version, *sums),
        )
        .join(Region, Region.code == one.region_code)
        .outerjoin(MentorVisit, counted)
        .where(*which)
        .group_by(one.id, Region.name)
        .order_by(one.region_code, one.starts_on, one.id)
    )
    return [PostingRow(*row) for row in db.session.execute(rows)]


def list_visits(posting_id: int) -> list[VisitRow]:
    """Of one posting, the newest first."""
    return _visits(MentorVisit.posting_id == posting_id)


def list_visits_of(actor: Actor, programme_id: int) -> list[VisitRow]:
    """Of all postings of a programme in her reach, the newest first."""
    own = visible(actor, Permission.VIEW_OUTCOME_SUMS, region=MentorPosting.region_code)
    return _visits(MentorPosting.programme_id == programme_id, own)


def get_visit(visit_id: int) -> VisitRow | None:
    return next(iter(_visits(MentorVisit.id == visit_id)), None)


def _visits(*which: ColumnElement[bool]) -> list[VisitRow]:
    one = MentorVisit
    rows = (
        select(
            *(one.id, one.posting_id, Region.name, MentorPosting.name, one.day, one.minutes, one.place, one.women),
            *(one.words, one.evidence_id.is_not(None), one.at, Account.name, one.taken_back_at),
            one.taken_back_because,
        )
        .join(MentorPosting, MentorPosting.id == one.posting_id)
        .join(Region, Region.code == MentorPosting.region_code)
        .outerjoin(Account, Account.id == one.by)
        .where(*which)
        .order_by(one.day.desc(), one.id.desc())
    )
    return [VisitRow(*row) for row in db.session.execute(rows)]


def get_evidence(visit_id: int) -> StoredFile | None:
    of = select(StoredFile).join(MentorVisit, MentorVisit.evidence_id == StoredFile.id)
    return db.session.scalar(of.where(MentorVisit.id == visit_id))


def count_mentors(programme_id: int, today: date):
    """Part of a statement: mentors whose posting has begun, each once however many counties she is posted to."""
    begun = (
        MentorPosting.starts_on <= today,
        func.coalesce(MentorPosting.ended_on, MentorPosting.ends_on) >= MentorPosting.starts_on,
    )
    who = MentorPosting.name + "\n" + MentorPosting.organisation
    return select(func.count(distinct(who))).where(MentorPosting.programme_id == programme_id, *begun)

"""Visits of a round as staff see them: what must be found out, who goes where, what was found and what contradicts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, func, or_, select

from trainer.database import db
from trainer.domain.field_visit import VISITORS_NEEDED, FactKind, FactSource, Standing, weigh
from trainer.domain.selection import ApplicationState
from trainer.models.account import Account
from trainer.models.application import Application
from trainer.models.field_visit import FieldVisit, VisitFact, VisitPicture, VisitQuestion, VisitStay
from trainer.models.file import StoredFile
from trainer.models.person import Person
from trainer.models.review import Assignment
from trainer.models.selection import Candidacy
from trainer.queries.conflict import is_held

# Whose word counts: hers still, and no conflict.
COUNTING = (Assignment.withdrawn_at.is_(None), ~is_held(Assignment.application_id, Assignment.account_id))


@dataclass(frozen=True)
class QuestionRow:
    """A fact that every visit must find out; `is_answered`: somebody has."""

    id: int
    position: int
    words: str
    kind: FactKind
    is_veto: bool
    is_answered: bool


def list_questions(round_id: int) -> list[QuestionRow]:
    """In their order; one statement."""
    rows = db.session.execute(
        select(
            *(VisitQuestion.id, VisitQuestion.position, VisitQuestion.words, VisitQuestion.kind, VisitQuestion.is_veto),
            exists().where(VisitFact.question_id == VisitQuestion.id),
        )
        .where(VisitQuestion.round_id == round_id)
        .order_by(VisitQuestion.position)
    )
    return [QuestionRow(*row) for row in rows]


@dataclass(frozen=True)
class Visitor:
    """Somebody the application is dealt to, and how far she is."""

    account_id: int
    name: str
    arrived_at: datetime | None
    signed_at: datetime | None
    has_place: bool


@dataclass(frozen=True)
class VisitRow:
    """A candidate to be visited; `id` is None before anything was planned."""

    application_id: int
    code: str
    candidate: str
    village: str | None
    id: int | None
    planned_on: date | None
    words: str
    version: int
    visitors: tuple[Visitor, ...] = ()

    @property
    def is_underseated(self) -> bool:
        return len(self.visitors) < VISITORS_NEEDED

    @property
    def is_signed(self) -> bool:
        return bool(self.visitors) and all(visitor.signed_at for visitor in self.visitors)


def list_visits(round_id: int, visit_id: int | None = None) -> list[VisitRow]:
    """Of the whole round, or one; by the day, then by the code; two statements."""
    visitors = defaultdict(list)
    for application_id, *facts in db.session.execute(_visitors(round_id)):
        visitors[application_id].append(Visitor(*facts))
    rows = (
        select(
            *(Application.id, Application.code, Person.name, Person.village),
            *(FieldVisit.id, FieldVisit.planned_on, func.coalesce(FieldVisit.words, "")),
            func.coalesce(FieldVisit.version, 0),
        )
        .select_from(Candidacy)
        .join(Application, Application.id == Candidacy.application_id)
        .join(Person, Person.id == Application.person_id)
        .outerjoin(FieldVisit, (FieldVisit.round_id == round_id) & (FieldVisit.application_id == Application.id))
        .where(Candidacy.round_id == round_id, Application.state == ApplicationState.SUBMITTED)
        .order_by(FieldVisit.planned_on.is_(None), FieldVisit.planned_on, Application.code)
    )
    if visit_id is not None:
        rows = rows.where(FieldVisit.id == visit_id)
    return [VisitRow(*row, visitors=tuple(visitors[row.id])) for row in db.session.execute(rows)]


def _visitors(round_id: int) -> Select:
    return (
        select(
            *(Assignment.application_id, Account.id, Account.name, VisitStay.arrived_at, VisitStay.signed_at),
            VisitStay.latitude.is_not(None),
        )
        .join(Account, Account.id == Assignment.account_id)
        .outerjoin(
            FieldVisit,
            (FieldVisit.round_id == Assignment.round_id) & (FieldVisit.application_id == Assignment.application_id),
        )
        .outerjoin(VisitStay, (VisitStay.visit_id == FieldVisit.id) & (VisitStay.account_id == Account.id))
        .where(Assignment.round_id == round_id, *COUNTING)
        .order_by(Account.name, Account.id)
    )


@dataclass(frozen=True)
class Said:
    """A visitor's last word on a question; `by` is her name."""

    account_id: int
    by: str
    value: str
    is_signed: bool


@dataclass(frozen=True)
class Settled:
    """Which one stands, by whom, and why; `value` "": stays open."""

    by: str
    value: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Finding:
    """A question with what each visitor says, what was settled, and what stands."""

    question: QuestionRow
    said: tuple[Said, ...]
    settled: Settled | None
    standing: Standing

    @property
    def values(self) -> list[str]:
        """What may be chosen when it is settled."""
        return list(dict.fromkeys(one.value for one in self.said if one.value))


def list_findings(round_id: int, *, while_open: bool, visit_id: int | None = None) -> dict[int, list[Finding]]:
    """By visit, every question in its order; two statements.

    `while_open`: what a visitor has not signed yet is hers alone. Afterwards it counts, marked as not signed.
    """
    questions = list_questions(round_id)
    said, settled = _last_words(round_id, visit_id, while_open=while_open)
    return {
        visit: [
            _finding(question, said[visit, question.id], settled.get((visit, question.id))) for question in questions
        ]
        for visit in {visit for visit, _question in (*said, *settled)}
    }


def _finding(question: QuestionRow, said: dict[int, Said], settled: Settled | None) -> Finding:
    words = tuple(said.values())
    chosen = None if settled is None else settled.value
    stands = weigh(question.kind, (one.value for one in words), settled=chosen, asks_veto=question.is_veto)
    return Finding(question, words, settled, stands)


def _last_words(round_id: int, visit_id: int | None, *, while_open: bool):
    """({(visit, question): {account: her last word}}, {(visit, question): what was settled last})."""
    said, settled = defaultdict(dict), {}
    for visit, question, source, account, by, value, reason, at, signed in db.session.execute(
        _facts(round_id, visit_id, while_open=while_open)
    ):
        if source is FactSource.SETTLED:
            settled[visit, question] = Settled(by, value, reason, at)
        else:
            said[visit, question][account] = Said(account, by, value, signed)
    return said, settled


def _facts(round_id: int, visit_id: int | None, *, while_open: bool) -> Select:
    counts = exists().where(
        Assignment.round_id == FieldVisit.round_id,
        Assignment.application_id == FieldVisit.application_id,
        Assignment.account_id == VisitFact.account_id,
        *COUNTING,
    )
    statement = (
        select(
            *(VisitFact.visit_id, VisitFact.question_id, VisitFact.source, Account.id, Account.name, VisitFact.value),
            *(VisitFact.reason, VisitFact.received_at, VisitStay.signed_at.is_not(None)),
        )
        .join(FieldVisit, FieldVisit.id == VisitFact.visit_id)
        .join(Account, Account.id == VisitFact.account_id)
        .outerjoin(
            VisitStay, (VisitStay.visit_id == VisitFact.visit_id) & (VisitStay.account_id == VisitFact.account_id)
        )
        .where(FieldVisit.round_id == round_id, or_(VisitFact.source == FactSource.SETTLED, counts))
        .order_by(VisitFact.id)
    )
    if while_open:
        statement = statement.where(or_(VisitFact.source == FactSource.SETTLED, VisitStay.signed_at.is_not(None)))
    return statement.where(VisitFact.visit_id == visit_id) if visit_id is not None else statement


def contradictions(findings: Iterable[Finding]) -> int:
    """How many wait to be settled."""
    return sum(finding.standing.contradicted for finding in findings)


def vetoes(findings: Iterable[Finding]) -> list[str]:
    """The questions whose “no” asks to talk first."""
    return [finding.question.words for finding in findings if finding.standing.is_veto]


def list_vetoes(round_id: int) -> dict[str, tuple[str, ...]]:
    """By code, what was found that must be talked about: each “no” to a veto question that nobody has settled away.

    What was not signed counts too, and so does a “no” that another visitor contradicts: it removes nobody, it asks.
    """
    if not db.session.scalar(select(exists().where(VisitQuestion.round_id == round_id, VisitQuestion.is_veto))):
        return {}
    found = {visit: vetoes(findings) for visit, findings in list_findings(round_id, while_open=False).items()}
    codes = db.session.execute(
        select(FieldVisit.id, Application.code)
        .join(Application, Application.id == FieldVisit.application_id)
        .join(
            Candidacy,
            (Candidacy.round_id == FieldVisit.round_id) & (Candidacy.application_id == FieldVisit.application_id),
        )
        .where(FieldVisit.round_id == round_id, Application.state == ApplicationState.SUBMITTED)
    )
    return {code: tuple(found[visit]) for visit, code in codes if found.get(visit)}


def count_underseated(round_id: int) -> int:
    """Candidates whom fewer than two would visit."""
    visited = (
        select(func.count())
        .where(Assignment.round_id == round_id, Assignment.application_id == Candidacy.application_id, *COUNTING)
        .correlate(Candidacy)
        .scalar_subquery()
    )
    return db.session.scalar(
        select(func.count())
        .select_from(Candidacy)
        .join(Application, Application.id == Candidacy.application_id)
        .where(
            Candidacy.round_id == round_id,
            Application.state == ApplicationState.SUBMITTED,
            visited < VISITORS_NEEDED,
        )
    )


@dataclass(frozen=True)
class PictureRow:
    """A picture taken on a visit."""

    id: int
    account_id: int
    by: str
    words: str
    taken_at: datetime


def list_pictures(visit_id: int, *, of: int | None = None, while_open: bool = False) -> list[PictureRow]:
    """Those of visitors that count; `of`: of one of them alone; `while_open`: of those who have signed."""
    rows = _pictures(visit_id, while_open=while_open and of is None).with_only_columns(
        VisitPicture.id, VisitPicture.account_id, Account.name, VisitPicture.words, VisitPicture.taken_at
    )
    if of is not None:
        rows = rows.where(VisitPicture.account_id == of)
    return [PictureRow(*row) for row in db.session.execute(rows.order_by(VisitPicture.id))]


def get_picture(visit_id: int, picture_id: int, *, shown: Iterable[PictureRow]) -> str | None:
    """Its name in the storage, of one that is `shown` on the page she looks at."""
    if picture_id not in {picture.id for picture in shown}:
        return None
    return db.session.scalar(
        select(StoredFile.stored_as)
        .join(VisitPicture, VisitPicture.file_id == StoredFile.id)
        .where(VisitPicture.id == picture_id, VisitPicture.visit_id == visit_id)
    )


def _pictures(visit_id: int, *, while_open: bool) -> Select:
    statement = (
        select(VisitPicture.id)
        .join(FieldVisit, FieldVisit.id == VisitPicture.visit_id)
        .join(Account, Account.id == VisitPicture.account_id)
        .join(
            Assignment,
            (Assignment.round_id == FieldVisit.round_id)
            & (Assignment.application_id == FieldVisit.application_id)
            & (Assignment.account_id == VisitPicture.account_id),
        )
        .where(VisitPicture.visit_id == visit_id, VisitPicture.file_id.is_not(None), *COUNTING)
    )
    if not while_open:
        return statement
    signed = exists().where(
        VisitStay.visit_id == visit_id,
        VisitStay.account_id == VisitPicture.account_id,
        VisitStay.signed_at.is_not(None),
    )
    return statement.where(signed)


@dataclass(frozen=True)
class PlaceRow:
    """Where a visitor's phone said it was when she arrived."""

    by: str
    arrived_at: datetime
    latitude: float
    longitude: float
    accuracy_m: int | None


def list_places(visit_id: int) -> list[PlaceRow]:
    rows = db.session.execute(
        select(
            *(Account.name, VisitStay.arrived_at, VisitStay.latitude, VisitStay.longitude, VisitStay.accuracy_m),
        )
        .join(Account, Account.id == VisitStay.account_id)
        .join(FieldVisit, FieldVisit.id == VisitStay.visit_id)
        .join(
            Assignment,
            (Assignment.round_id == FieldVisit.round_id)
            & (Assignment.application_id == FieldVisit.application_id)
            & (Assignment.account_id == VisitStay.account_id),
        )
        .where(VisitStay.visit_id == visit_id, VisitStay.latitude.is_not(None), *COUNTING)
        .order_by(VisitStay.arrived_at)
    )
    return [PlaceRow(*row) for row in rows]

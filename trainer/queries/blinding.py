"""Blinding: candidates whose text is not confirmed yet, one file with all that the records know of her, who may redact."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true

from trainer.database import db
from trainer.domain.blinding import Known, list_known
from trainer.domain.panel import SeatState
from trainer.domain.selection import ApplicationState
from trainer.models.account import Account
from trainer.models.application import Application, ApplicationFile
from trainer.models.enrolment import Enrolment
from trainer.models.file import StoredFile
from trainer.models.panel import PanelSeat
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.review import Assignment
from trainer.models.sales import Shop, ShopAlias
from trainer.models.selection import Candidacy, Round
from trainer.queries.scoping import Page, fetch_page

# Nothing was written, so that there is nothing to read either.
_SAYS_SOMETHING = or_(Application.title != "", Application.plan != "", Application.amount_fen.is_not(None))
_WAITS = and_(_SAYS_SOMETHING, Application.blinded_at.is_(None))
_CANDIDATES = (Candidacy.application_id == Application.id, Application.state == ApplicationState.SUBMITTED)


def count_unblinded(round_id: int) -> int:
    """Candidates of a blind round whose text nobody has confirmed; none where the round is not blind."""
    return db.session.scalar(
        select(func.count())
        .select_from(Application)
        .join(Candidacy, and_(*_CANDIDATES))
        .join(Round, Round.id == Candidacy.round_id)
        .where(Round.id == round_id, Round.blind, _WAITS)
    )


@dataclass(frozen=True)
class BlindRow:
    """A candidate in the list of texts: by code, for auditors read it too. `is_empty`: she wrote nothing."""

    id: int
    code: str
    is_empty: bool
    blinded_at: datetime | None
    blinded_by: str | None
    files: int
    blind_files: int


def blinding_page(round_id: int, *, waiting: bool = False, page: int = 1, per_page: int = 20) -> Page[BlindRow]:
    kept = (ApplicationFile.application_id == Application.id, ApplicationFile.removed_at.is_(None))
    files = select(func.count()).where(*kept)
    statement = (
        select(Application.id, Application.code, ~_SAYS_SOMETHING, Application.blinded_at, Account.name)
        .add_columns(files.scalar_subquery(), files.where(ApplicationFile.is_blind).scalar_subquery())
        .join(Candidacy, and_(*_CANDIDATES))
        .outerjoin(Account, Account.id == Application.blinded_by)
        .where(Candidacy.round_id == round_id, _WAITS if waiting else true())
        .order_by(Application.code)
    )
    return fetch_page(statement, lambda row: BlindRow(*row), page=page, per_page=per_page)


def next_unblinded(round_id: int, after: str = "") -> int | None:
    """The next application to confirm, in the order of codes from `after` round to the start."""
    return db.session.scalar(
        select(Application.id)
        .join(Candidacy, and_(*_CANDIDATES))
        .where(Candidacy.round_id == round_id, _WAITS)
        .order_by(Application.code <= after, Application.code)
        .limit(1)
    )


@dataclass(frozen=True)
class BlindFile:
    """A picture she handed in with it."""

    id: int
    words: str
    is_blind: bool


@dataclass(frozen=True)
class BlindView:
    """An application beside what evaluators will read; `known`: what the records hold of her."""

    id: int
    version: int
    code: str
    name: str
    cohort: str
    title: str
    plan: str
    uses: tuple[str, ...]
    blind_title: str
    blind_plan: str
    blind_uses: tuple[str, ...]
    blinded_at: datetime | None
    blinded_by: str | None
    known: tuple[Known, ...]
    files: tuple[BlindFile, ...]


def get_blind_view(round_id: int, application_id: int) -> BlindView | None:
    """A candidate of the round; four statements."""
    row = db.session.execute(
        select(Application, Person, Cohort, Account.name)
        .join(Candidacy, and_(*_CANDIDATES))
        .join(Person, Person.id == Application.person_id)
        .join(Enrolment, Enrolment.id == Application.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(Account, Account.id == Application.blinded_by)
        .where(Candidacy.round_id == round_id, Application.id == application_id)
    ).one_or_none()
    if row is None:
        return None
    application, person, cohort, redactor = row
    uses = tuple(str(use["item"]) for use in application.uses)
    blind_uses = tuple(str(use["item"]) for use in application.blind_uses)
    return BlindView(
        **{name: getattr(application, name) for name in ("id", "version", "code", "title", "plan", "blind_title")},
        **{"name": person.name, "cohort": cohort.name, "uses": uses, "blind_plan": application.blind_plan or ""},
        **{"blind_uses": blind_uses, "blinded_at": application.blinded_at, "blinded_by": redactor},
        known=_known(person, cohort),
        files=_files(application_id),
    )


def _known(person: Person, cohort: Cohort) -> tuple[Known, ...]:
    shops = db.session.execute(
        select(Shop.name, Shop.account_uid, ShopAlias.name)
        .outerjoin(ShopAlias, ShopAlias.shop_id == Shop.id)
        .where(Shop.person_id == person.id)
    )
    return list_known(
        person.name,
        person.name_pinyin,
        village=person.village,
        township=person.township,
        phones=[person.phone and str(person.phone), cohort.teacher_phone],
        id_number=person.id_number and str(person.id_number),
        accounts=[cohort.name, *(word for shop in shops for word in shop)],
        teacher=cohort.teacher_name,
        note=person.note,
    )


def _files(application_id: int) -> tuple[BlindFile, ...]:
    rows = db.session.execute(
        select(ApplicationFile.id, ApplicationFile.words, ApplicationFile.is_blind)
        .where(
            ApplicationFile.application_id == application_id,
            ApplicationFile.file_id.is_not(None),
            ApplicationFile.removed_at.is_(None),
        )
        .order_by(ApplicationFile.position)
    )
    return tuple(BlindFile(*row) for row in rows)


def get_attachment(round_id: int, application_id: int, file_id: int) -> StoredFile | None:
    """A picture of a candidate of the round, for whoever redacts."""
    return db.session.scalar(
        select(StoredFile)
        .join(ApplicationFile, ApplicationFile.file_id == StoredFile.id)
        .join(Application, Application.id == ApplicationFile.application_id)
        .join(Candidacy, and_(*_CANDIDATES))
        .where(
            Candidacy.round_id == round_id,
            Application.id == application_id,
            ApplicationFile.id == file_id,
            ApplicationFile.removed_at.is_(None),
        )
    )


def judges_in(selection_id: int, account_id: int) -> bool:
    """Whether somebody judges in a round of the selection, or is asked to: she must not learn names there."""
    return db.session.scalar(select(_judges(selection_id, account_id)))


def _judges(selection_id: int, account_id: int) -> ColumnElement[bool]:
    seated = (SeatState.INVITED, SeatState.ACCEPTED)
    rounds = select(Round.id).where(Round.selection_id == selection_id)
    return or_(
        exists().where(PanelSeat.account_id == account_id, PanelSeat.round_id.in_(rounds), PanelSeat.state.in_(seated)),
        exists().where(
            Assignment.account_id == account_id, Assignment.round_id.in_(rounds), Assignment.withdrawn_at.is_(None)
        ),
    )


def has_redacted(round_id: int, account_id: int) -> bool:
    """Whether somebody learnt names by blinding texts of the round's selection: she cannot judge in it any more."""
    selection = select(Round.selection_id).where(Round.id == round_id).scalar_subquery()
    return db.session.scalar(
        select(exists().where(Application.selection_id == selection, Application.blinded_by == account_id))
    )

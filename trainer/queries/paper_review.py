"""Score sheets on paper: whose there are, what waits for a second person, one sheet as far as it is typed. Never a score."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.panel import SeatState
from trainer.domain.selection import ApplicationState, SheetSource
from trainer.models.account import Account
from trainer.models.application import Application
from trainer.models.panel import PanelSeat
from trainer.models.review import Assignment, PaperEntry, Review, ReviewVersion
from trainer.models.selection import Round
from trainer.queries.conflict import is_held

_SEATED = and_(PanelSeat.round_id == Assignment.round_id, PanelSeat.account_id == Assignment.account_id)
# As her own sheet on the screen: a sheet that she may not write on is none on paper either.
_COUNTS = (
    Assignment.withdrawn_at.is_(None),
    Application.state == ApplicationState.SUBMITTED,
    PanelSeat.state == SeatState.ACCEPTED,
    PanelSeat.declared_at.is_not(None),
    ~is_held(Assignment.application_id, Assignment.account_id),
)


@dataclass(frozen=True)
class PaperHead:
    """A sheet that may come on paper, and how far it is typed: `first_by` and `second_by` are accounts.

    `submitted`: how the version that counts came in.
    """

    id: int
    round_id: int
    code: str
    account_id: int
    evaluator: str
    submitted: SheetSource | None
    first_by: int | None
    first_name: str | None
    first_at: datetime | None
    second_by: int | None

    def waits_for(self, account_id: int) -> bool:
        """Whether this person can go on with it."""
        return self.first_by is not None and self.first_by != account_id


_FIRST, _SECOND, _TYPIST = aliased(PaperEntry), aliased(PaperEntry), aliased(Account)
_HEADS = (
    select(
        *(Assignment.id, Assignment.round_id, Application.code, Assignment.account_id, Account.name),
        *(ReviewVersion.source, _FIRST.entered_by, _TYPIST.name, _FIRST.entered_at, _SECOND.entered_by),
    )
    .select_from(Assignment)
    .join(Application, Application.id == Assignment.application_id)
    .join(Account, Account.id == Assignment.account_id)
    .join(Round, Round.id == Assignment.round_id)
    .join(PanelSeat, _SEATED)
    .outerjoin(Review, Review.assignment_id == Assignment.id)
    .outerjoin(
        ReviewVersion,
        and_(ReviewVersion.assignment_id == Assignment.id, ReviewVersion.number == Review.submitted_version),
    )
    .outerjoin(_FIRST, and_(_FIRST.assignment_id == Assignment.id, _FIRST.entry == 1))
    .outerjoin(_SECOND, and_(_SECOND.assignment_id == Assignment.id, _SECOND.entry == 2))
    .outerjoin(_TYPIST, _TYPIST.id == _FIRST.entered_by)
    .where(Assignment.wave >= Round.first_open_wave, *_COUNTS)
    .order_by(Account.name, Account.id, Assignment.position)
)


def get_paper(round_id: int, assignment_id: int) -> PaperHead | None:
    """None too where she may not judge this candidate (any more)."""
    row = db.session.execute(
        _HEADS.where(Assignment.round_id == round_id, Assignment.id == assignment_id)
    ).one_or_none()
    return PaperHead(*row) if row else None


def list_papers(round_id: int, account_id: int) -> list[PaperHead]:
    """All sheets of an evaluator, in her reading order; one statement."""
    rows = db.session.execute(_HEADS.where(Assignment.round_id == round_id, Assignment.account_id == account_id))
    return [PaperHead(*row) for row in rows]


def list_waiting(round_id: int) -> list[PaperHead]:
    """Typed once, or twice and not the same."""
    rows = db.session.execute(_HEADS.where(Assignment.round_id == round_id, _FIRST.entered_by.is_not(None)))
    return [PaperHead(*row) for row in rows]


@dataclass(frozen=True)
class PaperReader:
    """An evaluator whose sheets can be printed."""

    account_id: int
    name: str
    organisation: str | None
    assigned: int
    submitted: int


def list_readers(round_id: int) -> list[PaperReader]:
    rows = db.session.execute(
        select(
            *(Account.id, Account.name, Account.organisation),
            *(func.count(Assignment.id), func.count(Review.submitted_version)),
        )
        .join(Assignment, Assignment.account_id == Account.id)
        .join(Application, Application.id == Assignment.application_id)
        .join(PanelSeat, _SEATED)
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .where(Assignment.round_id == round_id, *_COUNTS)
        .group_by(Account.id, Account.name, Account.organisation)
        .order_by(Account.name, Account.id)
    )
    return [PaperReader(*row) for row in rows]


def list_entries(assignment_id: int) -> list[dict]:
    """What was typed, the first copy first: for settling only."""
    found = select(PaperEntry.content).where(PaperEntry.assignment_id == assignment_id).order_by(PaperEntry.entry)
    return list(db.session.scalars(found))

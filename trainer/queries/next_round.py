"""Who goes on from a round, and who of the selection is not in one."""

from dataclasses import dataclass

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.selection import ApplicationState
from trainer.models.application import Application
from trainer.models.person import Person
from trainer.models.ranking import RankingRow, RankingRun
from trainer.models.selection import Candidacy


@dataclass(frozen=True)
class PlacedRow:
    """A candidate with her rank in the last frozen round she was ranked in."""

    id: int
    code: str
    name: str
    rank: int | None


def list_advancing(round_id: int, advances: int) -> list[PlacedRow]:
    """Everybody up to the line of the round's frozen run who has not withdrawn: ties on it as a whole."""
    rows = db.session.execute(
        _placed(_frozen(round_id)).where(RankingRow.rank <= advances).order_by(RankingRow.rank, Application.code)
    )
    return [PlacedRow(*row) for row in rows]


def list_left_behind(round_id: int, selection_id: int) -> list[PlacedRow]:
    """Candidates of the selection who are not in this round, by their rank in the last frozen run."""
    frozen = select(func.max(RankingRow.run_id)).join(RankingRun, RankingRun.id == RankingRow.run_id)
    of_hers = frozen.where(RankingRow.application_id == Application.id, RankingRun.frozen_at.is_not(None))
    inside = select(Candidacy.application_id).where(Candidacy.round_id == round_id)
    rows = db.session.execute(
        select(Application.id, Application.code, Person.name, RankingRow.rank)
        .join(Person, Person.id == Application.person_id)
        .outerjoin(
            RankingRow,
            (RankingRow.application_id == Application.id)
            & (RankingRow.run_id == of_hers.correlate(Application).scalar_subquery()),
        )
        .where(Application.selection_id == selection_id, Application.state == ApplicationState.SUBMITTED)
        .where(Application.id.not_in(inside))
        .order_by(RankingRow.rank.is_(None), RankingRow.rank, Application.code)
    )
    return [PlacedRow(*row) for row in rows]


def _frozen(round_id: int):
    return (
        select(func.max(RankingRun.id))
        .where(RankingRun.round_id == round_id, RankingRun.frozen_at.is_not(None))
        .scalar_subquery()
    )


def _placed(run_id):
    return (
        select(Application.id, Application.code, Person.name, RankingRow.rank)
        .join(RankingRow, RankingRow.application_id == Application.id)
        .join(Person, Person.id == Application.person_id)
        .where(RankingRow.run_id == run_id, Application.state == ApplicationState.SUBMITTED)
    )

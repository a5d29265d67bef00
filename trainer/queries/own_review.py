"""What an evaluator sees only when her own judgement is given: a candidate's figures, and how strict she was herself."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from trainer.database import db
from trainer.domain.panel import SeatState
from trainer.domain.review import OwnSeverity, own_severity
from trainer.domain.round_inputs import Figure
from trainer.domain.selection import ReviewState, RoundKind, RoundState
from trainer.models.panel import PanelSeat
from trainer.models.ranking import RankingRun
from trainer.models.selection import Round, Selection
from trainer.queries.figures import list_figures
from trainer.queries.ranking import evaluator_numbers, get_run_figures
from trainer.queries.review import SHOWN, MySheet, SheetView, list_my_sheets
from trainer.queries.selection import round_criteria


def list_evidence(sheet: SheetView, *, at: datetime) -> list[tuple[str, Figure | None]]:
    """What the computed criteria say of a candidate: (criterion, its figure, None where there is none).

    Nothing before she has submitted (a good record would colour her levels), nor in a blind round (sums tell who it is).
    """
    if sheet.blind or not sheet.is_submitted:
        return []
    computed = [(c.name, c.scoring().needs) for c in round_criteria(sheet.round_id) if not c.judged]
    if not computed:
        return []
    fields = list(dict.fromkeys(name for _, needs in computed for name in needs))
    figures = list_figures(sheet.round_id, fields, at=at).get(sheet.code, {})
    return [(name, next((figures[need] for need in needs if need in figures), None)) for name, needs in computed]


@dataclass(frozen=True)
class FeedbackRound:
    """A round that she judges in; once it is frozen, her files that she may still look at, and what is told of her."""

    id: int
    selection: str
    kind: RoundKind
    is_frozen: bool
    sheets: tuple[MySheet, ...] = ()
    severity: OwnSeverity | None = None

    def link_of(self, code: str) -> int:
        return next(sheet.assignment_id for sheet in self.sheets if sheet.code == code)


def get_feedback(round_id: int, account_id: int) -> FeedbackRound | None:
    """Hers alone, from the run that was frozen and from nothing before it. None where she has no seat."""
    row = db.session.execute(
        select(Selection.name, Round.kind, Round.state, RankingRun.id)
        .select_from(Round)
        .join(Selection, Selection.id == Round.selection_id)
        .join(PanelSeat, (PanelSeat.round_id == Round.id) & (PanelSeat.account_id == account_id))
        .outerjoin(RankingRun, (RankingRun.round_id == Round.id) & RankingRun.frozen_at.is_not(None))
        .where(
            Round.id == round_id,
            Round.state.in_(SHOWN),
            PanelSeat.state == SeatState.ACCEPTED,
            PanelSeat.declared_at.is_not(None),
        )
        .order_by(RankingRun.frozen_at.desc(), RankingRun.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    if row.state is not RoundState.FROZEN:
        return FeedbackRound(round_id, row.name, row.kind, False)
    sheets = tuple(s for s in list_my_sheets(account_id, round_id) if s.state is ReviewState.SUBMITTED)
    rows, number = get_run_figures(row.id)["rows"], evaluator_numbers(round_id).get(account_id)
    scored = {one["candidate"]: [(by, Decimal(score)) for by, score in one["sheets"]] for one in rows}
    severity = own_severity(scored, number, [sheet.code for sheet in sheets])
    return FeedbackRound(round_id, row.name, row.kind, True, sheets, severity)

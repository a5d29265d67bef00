"""Rankings: a run with everything it was made of, and one row a candidate."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.models.types import UTCDateTime


class RankingRun(Base):
    """A computed ranking: advice, not a decision. Frozen, it is never changed."""

    __tablename__ = "ranking_runs"
    __table_args__ = (Index("ix_ranking_runs_round", "round_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    input_sha256: Mapped[str] = mapped_column(String(64))
    output_sha256: Mapped[str] = mapped_column(String(64))
    # When it became the round's result.
    frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    frozen_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # What holds for the whole of it: links, agreement, evaluators, weights, proposals; and the output that was hashed.
    figures: Mapped[dict] = mapped_column(JSON, default=dict, info={"pii": "S1"}, deferred=True)
    # What was ranked and how: rubric, scores by code, library versions; enough to recompute.
    inputs: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"}, deferred=True)


class RankingRow(Base):
    """One candidate of a ranking; scores in hundredths of a point of 100."""

    __tablename__ = "ranking_rows"

    run_id: Mapped[int] = mapped_column(ForeignKey("ranking_runs.id"), primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    rank: Mapped[int | None]
    reviews: Mapped[int]
    # The whole score: judged and computed criteria together.
    total_hundredths: Mapped[int | None]
    # Mean of the evaluators' sheets alone, and their standard deviation.
    judged_mean_hundredths: Mapped[int | None]
    spread_hundredths: Mapped[int | None]
    # The mean with the evaluators' severity taken out, and the same with far-off sheets counting less.
    adjusted_hundredths: Mapped[int | None]
    huber_hundredths: Mapped[int | None]
    # The whole score with the mean and with the adjusted mean: `total` is the one of them that ranks.
    raw_total_hundredths: Mapped[int | None]
    adjusted_total_hundredths: Mapped[int | None]
    # Standard error of the total; the 90 % interval of the rank; how probably she is within the line, in basis points:
    # for the evaluators' noise, and when the weights are in doubt.
    se_hundredths: Mapped[int | None]
    rank_low: Mapped[int | None]
    rank_high: Mapped[int | None]
    p_seat_bp: Mapped[int | None]
    weight_seat_bp: Mapped[int | None]
    bonus_hundredths: Mapped[int] = mapped_column(default=0)
    # Words of the vetoes and of the facts of a visit that somebody must talk about.
    vetoes: Mapped[list] = mapped_column(JSON, default=list, info={"pii": "S1"})
    # {criterion code: {"value": raw value or null, "points": hundredths or null}}
    parts: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})
    flags: Mapped[list] = mapped_column(JSON, info={"pii": "S0"})

"""Rankings: freezing one from what was submitted and what the records say."""

import platform
from datetime import datetime

import numpy as np
from sqlalchemy import insert

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.round_ranking import RankedCandidate, RoundInputs, hundredths, rank_round
from trainer.models.selection import RankingRow, RankingRun, Round, Selection
from trainer.queries.ranking import list_candidacies, list_evidence, list_sheets
from trainer.queries.selection import round_criteria
from trainer.services import audit


def freeze_ranking(round_: Round, *, by: Actor, at: datetime) -> RankingRun:
    """A new run with everything it was made of; an earlier run stays as it is."""
    inputs = RoundInputs(
        criteria=round_criteria(round_.id),
        seats=db.session.get(Selection, round_.selection_id).seats,
        sheets=tuple(list_sheets(round_.id)),
        evidence=list_evidence(round_.selection_id, at=at),
    )
    ranking = rank_round(inputs)
    run = RankingRun(
        round_id=round_.id,
        created_at=at,
        created_by=by.account_id,
        input_sha256=ranking.input_sha256,
        output_sha256=ranking.output_sha256,
        inputs={**inputs.as_json(), "versions": {"python": platform.python_version(), "numpy": np.__version__}},
    )
    db.session.add(run)
    db.session.flush()
    ids = {c.code: c.id for c in list_candidacies(round_.selection_id)}
    db.session.execute(insert(RankingRow), [_row(run.id, ids[row.figures.candidate], row) for row in ranking.rows])
    return run


def _row(run_id: int, application_id: int, row: RankedCandidate) -> dict:
    figures = row.figures
    return {
        "run_id": run_id,
        "application_id": application_id,
        "rank": row.rank,
        "reviews": len(figures.sheets),
        "total_hundredths": hundredths(figures.total),
        "judged_mean_hundredths": hundredths(figures.judged_mean),
        "spread_hundredths": hundredths(figures.spread),
        "adjusted_hundredths": hundredths(row.adjusted),
        "parts": {
            code: {"value": part.value, "points": hundredths(part.points)} for code, part in figures.parts.items()
        },
        "flags": [flag.value for flag in row.flags],
    }


def record_export(run_id: int, rows: int, *, by: Actor, at: datetime) -> None:
    """Names and scores left the house as a file."""
    audit.record("ranking.export", "ranking_run", run_id, by=by, at=at, rows=rows)

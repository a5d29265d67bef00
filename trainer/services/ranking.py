"""Rankings: making a run of what was submitted and what the records say, and freezing it."""

import platform
from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.round_inputs import RoundInputs, fields_of
from trainer.domain.round_ranking import RankedCandidate, basis_points, hundredths, rank_round, sha256_of
from trainer.domain.run_export import RECKONS
from trainer.models.application import Application
from trainer.models.ranking import RankingRow, RankingRun
from trainer.models.selection import Round
from trainer.queries.field_visit import list_vetoes
from trainer.queries.figures import list_figures
from trainer.queries.quota import list_groups, list_quotas
from trainer.queries.ranking import list_candidates, list_sheets
from trainer.queries.selection import get_extras, round_criteria
from trainer.services import audit


def make_run(round_: Round, *, by: Actor, at: datetime) -> RankingRun:
    """A new run with everything it was made of; an earlier run stays as it is."""
    inputs = collect_inputs(round_, at=at)
    ranking = rank_round(inputs)
    run = RankingRun(
        round_id=round_.id,
        created_at=at,
        created_by=by.account_id,
        input_sha256=ranking.input_sha256,
        output_sha256=ranking.output_sha256,
        inputs={**inputs.as_json(), "versions": versions()},
        figures=ranking.as_json(),
    )
    db.session.add(run)
    db.session.flush()
    ids = {c.code: c.id for c in list_candidates(round_.id)}
    if ranking.rows:
        db.session.execute(insert(RankingRow), [_row(run.id, ids[row.figures.candidate], row) for row in ranking.rows])
    return run


def collect_inputs(round_: Round, *, at: datetime) -> RoundInputs:
    """What the ranking of a round is made of, as it stands at `at`."""
    criteria, (bonus, veto) = round_criteria(round_.id), get_extras(round_.id)
    return RoundInputs(
        criteria=criteria,
        seats=round_.advances,
        sheets=tuple(list_sheets(round_.id)),
        figures=list_figures(round_.id, fields_of(criteria, (*bonus, *veto)), at=at),
        bonus=tuple(bonus),
        veto=tuple(veto),
        ranked_by=round_.ranked_by,
        aggregate=round_.aggregate,
        seed=round_.seed,
        quotas=tuple(list_quotas(round_.id)),
        groups=list_groups(round_.id),
        facts=list_vetoes(round_.id),
    )


def stands_on(run: RankingRun, round_: Round) -> bool:
    """Whether sheets, candidates and findings of a run are those of the round still; figures are as of its own moment."""
    frozen = RoundInputs.from_json(run.inputs)
    sheets = sorted(list_sheets(round_.id), key=lambda s: (s.candidate, s.evaluator))
    if list(frozen.sheets) != sheets or set(frozen.figures) != {c.code for c in list_candidates(round_.id)}:
        return False
    found = {code: tuple(sorted(words)) for code, words in list_vetoes(round_.id).items()}
    return {code: tuple(sorted(words)) for code, words in frozen.facts.items()} == found


def holds(run: RankingRun) -> bool:
    """Whether a run is still what was sealed: its figures hash to the seal, and the rows that pages read say the same."""
    if sha256_of(run.figures) != run.output_sha256:
        return False
    rows = db.session.execute(
        select(Application.code, RankingRow.rank, RankingRow.total_hundredths)
        .join(Application, Application.id == RankingRow.application_id)
        .where(RankingRow.run_id == run.id)
    )
    sealed = {
        (row["candidate"], row["rank"], None if row["total"] is None else hundredths(Decimal(row["total"])))
        for row in run.figures["rows"]
    }
    return {tuple(row) for row in rows} == sealed


def versions() -> dict[str, str]:
    """Of what reckons: another version may round otherwise."""
    return {"python": platform.python_version(), **RECKONS}


def _row(run_id: int, application_id: int, row: RankedCandidate) -> dict:
    figures = row.figures
    return {
        "run_id": run_id,
        "application_id": application_id,
        "rank": row.rank,
        "rank_low": row.low,
        "rank_high": row.high,
        "reviews": len(figures.sheets),
        "total_hundredths": hundredths(row.total),
        "raw_total_hundredths": hundredths(figures.raw_total),
        "adjusted_total_hundredths": hundredths(figures.adjusted_total),
        "judged_mean_hundredths": hundredths(figures.judged_mean),
        "spread_hundredths": hundredths(figures.spread),
        "adjusted_hundredths": hundredths(figures.adjusted),
        "huber_hundredths": hundredths(figures.huber),
        "se_hundredths": hundredths(row.se),
        "p_seat_bp": basis_points(row.p_seat),
        "weight_seat_bp": basis_points(row.weight_seat),
        "bonus_hundredths": hundredths(figures.bonus),
        "parts": {
            code: {"value": part.value, "points": hundredths(part.points)} for code, part in figures.parts.items()
        },
        "vetoes": list(figures.vetoes),
        "flags": [flag.value for flag in row.flags],
    }


def record_export(run_id: int, rows: int, *, by: Actor, at: datetime) -> None:
    """Names and scores left the house as a file."""
    audit.record("ranking.export", "ranking_run", run_id, by=by, at=at, rows=rows)

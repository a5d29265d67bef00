"""Rankings: making a run of what was submitted and what the records say, and freezing it."""

import platform
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.round_inputs import RoundInputs, fields_of
from trainer.domain.round_ranking import basis_points, hundredths, rank_round
from trainer.domain.run_export import RECKONS
from trainer.domain.severity_ranking import sha256_of
from trainer.models.application import Application
from trainer.models.audit import AuditEvent
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
    output = ranking.as_json()
    run = RankingRun(
        round_id=round_.id,
        created_at=at,
        created_by=by.account_id,
        input_sha256=ranking.input_sha256,
        output_sha256=ranking.output_sha256,
        inputs={**inputs.as_json(), "versions": versions()},
        figures=output,
    )
    db.session.add(run)
    db.session.flush()
    ids = {c.code: c.id for c in list_candidates(round_.id)}
    rows = [{"run_id": run.id, "application_id": ids[row["candidate"]], **_columns(row)} for row in output["rows"]]
    if rows:
        db.session.execute(insert(RankingRow), rows)
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
    """Whether a run is still what was sealed: its figures hash to the seal, the rows that pages read say the same, and
    the trail has seen it frozen with this seal. Runs of releases that kept no figures are believed.
    """
    if not run.figures:
        return True
    if sha256_of(run.figures) != run.output_sha256 or _frozen_as(run) not in (None, run.output_sha256):
        return False
    sealed = {row["candidate"]: _columns(row) for row in run.figures["rows"]}
    rows = db.session.execute(
        select(Application.code, RankingRow.__table__)
        .join(Application, Application.id == RankingRow.application_id)
        .where(RankingRow.run_id == run.id)
    ).mappings()
    return {row["code"]: {name: row[name] for name in sealed.get(row["code"], ())} for row in rows} == sealed


def _frozen_as(run: RankingRun) -> str | None:
    """The seal with which the trail saw it frozen; None where that entry is not at hand any more."""
    rows = db.session.scalars(
        select(AuditEvent.details).where(
            AuditEvent.action == "round.freeze", AuditEvent.object_id == str(run.round_id), AuditEvent.success
        )
    )
    return next((said["output"] for said in rows if said["run"] == run.id), None)


def first_broken_run() -> RankingRun | None:
    """The first frozen run that is not what was sealed."""
    runs = db.session.scalars(select(RankingRun).where(RankingRun.frozen_at.is_not(None)).order_by(RankingRun.id))
    return next((run for run in runs if not holds(run)), None)


def versions() -> dict[str, str]:
    """Of what reckons: another version may round otherwise."""
    return {"python": platform.python_version(), **RECKONS}


def _columns(row: Mapping) -> dict:
    """What pages read of a candidate, from her row as it is sealed."""
    return {
        **{f"{name}_hundredths": hundredths(_number(row[name])) for name in _POINTS},
        **{"rank": row["rank"], "rank_low": row["low"], "rank_high": row["high"], "reviews": len(row["sheets"])},
        "p_seat_bp": basis_points(_number(row["p_seat"])),
        "weight_seat_bp": basis_points(_number(row["weight_seat"])),
        "parts": {
            code: {"value": value, "points": hundredths(_number(part))} for code, (value, part) in row["parts"].items()
        },
        "vetoes": row["vetoes"],
        "flags": row["flags"],
    }


# What columns count in hundredths, by the name in a sealed row.
_POINTS = (
    *("total", "raw_total", "adjusted_total", "judged_mean", "spread"),
    *("adjusted", "huber", "se", "bonus"),
)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def record_export(run_id: int, rows: int, *, by: Actor, at: datetime) -> None:
    """Names and scores left the house as a file."""
    audit.record("ranking.export", "ranking_run", run_id, by=by, at=at, rows=rows)

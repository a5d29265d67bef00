"""Rankings: the frozen result of a closed round, one candidate's arithmetic, and the workbook."""

from flask import Blueprint, render_template, request

from trainer import clock
from trainer.database import transaction
from trainer.documents.ranking import RankingDocument, ranking_workbook
from trainer.domain.round_inputs import RoundInputs
from trainer.domain.round_ranking import last_inside, reckon
from trainer.domain.selection import RANKED
from trainer.errors import Refused
from trainer.permissions import Permission, can
from trainer.queries.ranking import (
    RunRow,
    count_undecided,
    get_fresh_sales,
    get_run_inputs,
    list_comments,
    list_ranked,
    list_runs,
)
from trainer.queries.selection import Stage, list_rubric, round_criteria
from trainer.services.ranking import record_export
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, found, requires
from trainer.views.selection import stage_for

pages = Blueprint("ranking", __name__, url_prefix="/selections/<int:selection_id>/ranking")


class NotRankedYet(Refused):
    """Nobody sees a live rank: neither before the closing nor while the round is open again."""

    code = "not_ranked_yet"
    status = 404


@pages.get("")
@requires(Permission.VIEW_SELECTION)
def show(selection_id: int):
    stage, runs, run = _closed(selection_id)
    rows = list_ranked(run.id)
    return render_template(
        "ranking/show.html",
        stage=stage,
        runs=runs,
        run=run,
        rows=rows,
        criteria=round_criteria(stage.round.id),
        ranked=sum(row.rank is not None for row in rows),
        line_after=last_inside(rows, stage.round.advances),
        undecided=count_undecided(selection_id) if can(actor(), Permission.VIEW_SALES) else {},
    )


@pages.get("/<int:application_id>")
@requires(Permission.VIEW_SELECTION)
def candidate(selection_id: int, application_id: int):
    """How one candidate's total came about, from the frozen inputs."""
    stage, _runs, run = _closed(selection_id)
    row = found(next((r for r in list_ranked(run.id) if r.application_id == application_id), None))
    inputs = RoundInputs.from_json(get_run_inputs(run.id))
    figures = next(f for f in reckon(inputs) if f.candidate == row.code)
    sees_sales = can(actor(), Permission.VIEW_SALES) and any(
        c.rule.get("field") == "net_sales_fen" for c in inputs.criteria
    )
    return render_template(
        "ranking/candidate.html",
        stage=stage,
        run=run,
        row=row,
        figures=figures,
        criteria=inputs.criteria,
        sheets=[sheet for sheet in inputs.sheets if sheet.candidate == row.code],
        counted=dict(figures.sheets),
        evidence=inputs.figures[row.code],
        fresh=get_fresh_sales(application_id) if sees_sales else None,
        undecided=count_undecided(selection_id).get(application_id, 0) if sees_sales else 0,
        comments=list_comments(stage.round.id, application_id, until=run.created_at),
    )


@pages.get("/export.xlsx")
@requires(Permission.VIEW_SELECTION)
def export(selection_id: int):
    stage, _runs, run = _closed(selection_id)
    inputs = RoundInputs.from_json(get_run_inputs(run.id))
    document = RankingDocument(
        selection=stage.name,
        programme=stage.programme,
        seats=stage.round.advances,
        frozen_at=clock.local(run.created_at),
        exported_at=clock.local(clock.now()),
        exported_by=actor().name,
        input_sha256=run.input_sha256,
        output_sha256=run.output_sha256,
        criteria=inputs.criteria,
        rubric=list_rubric(stage.round.id),
        rows=list_ranked(run.id),
        sheets=inputs.sheets,
    )
    with transaction():
        record_export(run.id, len(document.rows), by=actor(), at=clock.now())
    return workbook_response(ranking_workbook(document), stage.name)


def _closed(selection_id: int) -> tuple[Stage, list[RunRow], RunRow]:
    """The selection with its rankings and the one asked for (the last, unless `run` names an earlier one)."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    if stage.round.state not in RANKED:
        raise NotRankedYet()
    runs = list_runs(stage.round.id)
    wanted = request.args.get("run", None, int)
    return stage, runs, found(next((r for r in runs if wanted in (None, r.id)), None))

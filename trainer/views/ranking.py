"""Rankings of a closed round: the list, one candidate's arithmetic, plots, the evaluators, two runs compared, the workbook."""

from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from trainer import clock
from trainer.database import transaction
from trainer.documents.rank_chart import Place, Range, chance_chart, offset_chart, rank_chart
from trainer.documents.ranking import RankingDocument, ranking_workbook
from trainer.domain.figures import FigureSource, describe
from trainer.domain.ranking_line import last_inside
from trainer.domain.round_inputs import RoundInputs
from trainer.domain.round_ranking import rank_round
from trainer.domain.run_comparison import compare_runs
from trainer.domain.run_figures import RunFigures, fit_again, read_figures, read_row, sheet_shares, without_each
from trainer.domain.selection import RANKED, RankedBy, RankingFlag, RoundState
from trainer.errors import Refused
from trainer.permissions import Permission, can
from trainer.queries.ranking import (
    RunRow,
    count_undecided,
    get_fresh_sales,
    get_left_out,
    get_run_figures,
    get_run_head,
    get_run_inputs,
    get_run_making,
    is_on_panel,
    list_comments,
    list_evaluator_names,
    list_ranked,
    list_runs,
)
from trainer.queries.selection import Stage, list_rubric, round_criteria
from trainer.services.ranking import record_export
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, found, requires
from trainer.views.selection import stage_for
from trainer.wording import ranking as words
from trainer.wording.scoring_rules import bonus_sentence, explain

pages = Blueprint("ranking", __name__, url_prefix="/selections/<int:selection_id>/ranking")

# So many candidates are drawn at once; of more, those around the line first.
DRAWN_AT_ONCE = 60


class NotRankedYet(Refused):
    """Nobody sees a live rank: neither before the closing nor while the round is open again."""

    code = "not_ranked_yet"
    status = 404


class NotFrozenYet(Refused):
    """Until the result is frozen it is the business of whoever runs the selection."""

    code = "ranking_not_frozen"
    status = 404


def ranked_stage(selection_id: int) -> tuple[Stage, list[RunRow], RunRow]:
    """The selection with the rankings of its round and the one asked for (the last, unless `run` names an earlier one).

    Closed, they are for those who manage the selection and judge nobody in the round; frozen, for all who may look.
    """
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    if stage.round.state not in RANKED:
        raise NotRankedYet()
    if stage.round.state is not RoundState.FROZEN:
        if not can(actor(), Permission.MANAGE_SELECTION, stage.scope):
            raise NotFrozenYet()
        if is_on_panel(stage.round.id, actor().account_id):
            found(None)
    runs = list_runs(stage.round.id)
    return stage, runs, _run_named("run", runs)


def _run_named(argument: str, runs: list[RunRow]) -> RunRow:
    wanted = request.args.get(argument, None, int)
    return found(next((r for r in runs if wanted in (None, r.id)), None))


@pages.get("")
@requires(Permission.VIEW_SELECTION)
def show(selection_id: int):
    stage, runs, run = ranked_stage(selection_id)
    rows, criteria = list_ranked(run.id), round_criteria(stage.round.id)
    raised = {flag: count for flag in RankingFlag if (count := sum(flag in row.flags for row in rows))}
    return render_template(
        "ranking/show.html",
        stage=stage,
        runs=runs,
        run=run,
        rows=rows,
        head=get_run_head(run.id),
        making=get_run_making(run.id),
        criteria=criteria,
        names={c.code: c.name for c in criteria},
        ranked=sum(row.rank is not None for row in rows),
        line_after=last_inside(rows, stage.round.advances),
        raised=raised,
        everywhere={flag for flag, count in raised.items() if count == len(rows) > 2},
        flag_words=words.FLAG_WORDS,
        undecided=count_undecided(selection_id) if can(actor(), Permission.VIEW_SALES) else {},
        words=words,
        **_links(stage, run),
    )


@pages.get("/<int:application_id>")
@requires(Permission.VIEW_SELECTION)
def candidate(selection_id: int, application_id: int):
    """How one candidate's total came about, from what the run was made of."""
    stage, _runs, run = ranked_stage(selection_id)
    row = found(next((r for r in list_ranked(run.id) if r.application_id == application_id), None))
    inputs, (rows, head) = RoundInputs.from_json(get_run_inputs(run.id)), _kept(run)
    fitted = fit_again(rows, adjusting=inputs.ranked_by is RankedBy.ADJUSTED)
    sees_sales = can(actor(), Permission.VIEW_SALES) and _asks_for_sales(inputs)
    return render_template(
        "ranking/candidate.html",
        stage=stage,
        run=run,
        row=row,
        hers=read_row(next(r for r in rows if r["candidate"] == row.code)),
        head=head,
        inputs=inputs,
        criteria=inputs.criteria,
        names={c.code: c.name for c in inputs.criteria},
        shares=sheet_shares(rows, head.judges, fitted)[row.code],
        sheets={sheet.evaluator: sheet for sheet in inputs.sheets if sheet.candidate == row.code},
        formulas=_formulas(inputs),
        bonuses=[bonus_sentence(line) for line in inputs.bonus],
        evidence=inputs.figures[row.code],
        fresh=get_fresh_sales(application_id) if sees_sales else None,
        left_out=get_left_out(application_id) if sees_sales else None,
        undecided=count_undecided(selection_id).get(application_id, 0) if sees_sales else 0,
        comments=list_comments(stage.round.id, application_id, until=run.created_at),
        flag_words=words.FLAG_WORDS,
        words=words,
        **_links(stage, run),
    )


@pages.get("/plot")
@requires(Permission.VIEW_SELECTION)
def plot(selection_id: int):
    """Ranks with their ranges around the line; those far from it folded away."""
    stage, _runs, run = ranked_stage(selection_id)
    rows, seats = [row for row in list_ranked(run.id) if row.rank is not None], stage.round.advances
    places = [
        Place(row.code, row.name, row.rank, row.rank_low, row.rank_high, row.p_seat, RankingFlag.GREY_ZONE in row.flags)
        for row in rows
    ]
    first, last = _around_the_line(places, seats)
    shown = {"above": places[:first], "around": places[first:last], "below": places[last:]}
    text = words.chart_words(seats)
    charts = {name: rank_chart(text, group, seats, len(places)) for name, group in shown.items() if group}
    chances = [place for place in places if place.chance is not None]
    return render_template(
        "ranking/plot.html",
        stage=stage,
        run=run,
        places=places,
        shown=shown,
        charts=charts,
        chance=chance_chart(text, chances, seats) if chances else None,
        **_links(stage, run),
    )


def _around_the_line(places: list[Place], seats: int) -> tuple[int, int]:
    """Where those that are drawn at once begin and end: all of few, of many half before and half behind the line."""
    if len(places) <= DRAWN_AT_ONCE:
        return 0, len(places)
    first = min(max(seats - DRAWN_AT_ONCE // 2, 0), len(places) - DRAWN_AT_ONCE)
    return first, first + DRAWN_AT_ONCE


@pages.get("/evaluators")
@requires(Permission.VIEW_SELECTION)
def evaluators(selection_id: int):
    """How each evaluator marked; names for those who run or audit the selection, numbers for all others."""
    stage, _runs, run = ranked_stage(selection_id)
    (rows, head), criteria = _kept(run), round_criteria(stage.round.id)
    fitted = fit_again(rows, adjusting=stage.round.ranked_by is RankedBy.ADJUSTED)
    judged_bp = sum(c.weight_bp for c in criteria if c.judged)
    effects = {w.evaluator: w for w in without_each(rows, fitted, judged_bp, stage.round.advances)}
    ranges = [
        Range(words.evaluator_name(j.evaluator), float(j.offset), float(j.offset_se))
        for j in head.judges
        if j.offset is not None and j.offset_se is not None
    ]
    sees_names = any(can(actor(), p, stage.scope) for p in (Permission.MANAGE_SELECTION, Permission.VIEW_AUDIT))
    return render_template(
        "ranking/evaluators.html",
        stage=stage,
        run=run,
        head=head,
        effects=effects,
        names=list_evaluator_names(stage.round.id) if sees_names else {},
        chart=offset_chart(words.offset_words(), ranges) if ranges else None,
        words=words,
        **_links(stage, run),
    )


@pages.get("/compare")
@requires(Permission.VIEW_SELECTION)
def compare(selection_id: int):
    """Two runs of the round: who moved, who crossed the line. `run` is the later, `before` the earlier."""
    stage, runs, run = ranked_stage(selection_id)
    earlier = [r for r in runs if r.id < run.id]
    before = found(_run_named("before", earlier) if earlier else None)
    return render_template(
        "ranking/compare.html",
        stage=stage,
        runs=runs,
        run=run,
        before=before,
        comparison=compare_runs(list_ranked(before.id), list_ranked(run.id), stage.round.advances),
        **_links(stage, run),
    )


@pages.get("/export.xlsx")
@requires(Permission.VIEW_SELECTION)
def export(selection_id: int):
    stage, _runs, run = ranked_stage(selection_id)
    inputs, (rows, head) = RoundInputs.from_json(get_run_inputs(run.id)), _kept(run)
    fitted = fit_again(rows, adjusting=inputs.ranked_by is RankedBy.ADJUSTED)
    document = RankingDocument(
        selection=stage.name,
        programme=stage.programme,
        made_at=clock.local(run.created_at),
        frozen_at=run.frozen_at and clock.local(run.frozen_at),
        exported_at=clock.local(clock.now()),
        exported_by=actor().name,
        input_sha256=run.input_sha256,
        output_sha256=run.output_sha256,
        inputs=inputs,
        head=head,
        versions=get_run_making(run.id).versions,
        formulas=_formulas(inputs),
        rubric=list_rubric(stage.round.id),
        rows=list_ranked(run.id),
        shares=sheet_shares(rows, head.judges, fitted),
    )
    with transaction():
        record_export(run.id, len(document.rows), by=actor(), at=clock.now())
    return workbook_response(ranking_workbook(document), stage.name)


def _kept(run: RunRow) -> tuple[list[dict], RunFigures]:
    """The rows of a run's figures and what holds for the whole; of a run before they were kept, reckoned again."""
    figures = get_run_figures(run.id)
    if "rows" not in figures:
        figures = rank_round(RoundInputs.from_json(get_run_inputs(run.id))).as_json()
    return figures["rows"], read_figures(figures)


def _asks_for_sales(inputs: RoundInputs) -> bool:
    asked = (describe(name) for c in inputs.criteria if not c.judged for name in c.scoring().needs)
    return any(field is not None and field.source is FigureSource.SALES for field in asked)


def _formulas(inputs: RoundInputs) -> dict[str, str]:
    """Computed criterion → its published sentence."""
    return {c.code: explain(c).formula for c in inputs.criteria if not c.judged}


def _links(stage: Stage, run: RunRow) -> dict:
    """What the links of a page of one run carry: nothing of the last run of the last round."""
    named = {"run": run.id} if request.args.get("run", None, int) == run.id else {}
    carried = {**named, **stage.link}
    return {"carried": carried, "question": f"?{urlencode(carried)}" if carried else ""}

"""Visits of a round for staff: what to find out, the plan, what was found, what contradicts, pictures and places."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.panel import HintKind
from trainer.domain.selection import RoundKind, RoundState
from trainer.errors import NotFound, Refused
from trainer.forms.field_visit import QuestionForm, SettleForm, build_plan_form
from trainer.forms.form import VersionForm
from trainer.permissions import Permission
from trainer.queries.conflict_hint import list_hints
from trainer.queries.field_visit import (
    Finding,
    VisitRow,
    contradictions,
    get_picture,
    list_findings,
    list_pictures,
    list_places,
    list_questions,
    list_visits,
    vetoes,
)
from trainer.queries.ranking import is_on_panel
from trainer.queries.selection import Stage
from trainer.services import field_visit as visits
from trainer.services.file import read_stored
from trainer.views.downloads import picture_response
from trainer.views.form_page import form_page
from trainer.views.guards import actor, found, requires
from trainer.views.selection import stage_for
from trainer.wording import say
from trainer.wording.field_visit import fact_words

pages = Blueprint("field_visit", __name__, url_prefix="/selections/<int:selection_id>/visits")

VIEW, MANAGE = Permission.VIEW_SELECTION, Permission.MANAGE_SELECTION
# Visitors should have neither taught her nor been her mentor.
TEACHING = (HintKind.TAUGHT_HER, HintKind.MENTOR_OF_COUNTY)


@pages.get("")
@requires(VIEW)
def index(selection_id: int):
    """Who goes where and how far it is; while it is prepared, what is missing."""
    stage = _field_round(selection_id, VIEW)
    preparing, rows = stage.round.state is RoundState.DRAFT, list_visits(stage.round.id)
    going = {(row.application_id, visitor.account_id) for row in rows for visitor in row.visitors}
    hints = [
        hint
        for hint in (list_hints(stage.round.id) if preparing else ())
        if hint.hint.kind in TEACHING and (hint.hint.application_id, hint.hint.account_id) in going
    ]
    readable = _may_read(stage)
    facts = list_findings(stage.round.id, while_open=_is_open(stage)) if readable else {}
    return render_template(
        "field_visit/index.html",
        **{"stage": stage, "rows": rows, "hints": hints, "preparing": preparing, "readable": readable},
        alone=sum(row.is_underseated for row in rows),
        questions=len(list_questions(stage.round.id)) if preparing else None,
        unsettled={visit: contradictions(found_) for visit, found_ in facts.items()},
        vetoes={visit: vetoes(found_) for visit, found_ in facts.items()},
    )


@pages.route("/plan", methods=["GET", "POST"])
@requires(MANAGE)
def plan(selection_id: int):
    """The day and the place of every candidate on one page."""
    stage = _field_round(selection_id, MANAGE)
    rows, error = list_visits(stage.round.id), None
    form = build_plan_form(rows, stage.round.version)
    if form.validate_on_submit():
        plans = {id_: visits.Plan(day.data, (words.data or "").strip()) for id_, day, words in form.lines()}
        error = _try(lambda facts: visits.plan_visits(stage.round.id, form.seen, plans, **facts))
        if error is None:
            flash(_("The plan of the visits is kept."))
            return _back(stage)
    about = {row.application_id: row for row in rows}
    return form_page("field_visit/plan.html", form, error, stage=stage, about=about)


@pages.route("/questions", methods=["GET", "POST"])
@requires(MANAGE)
def questions(selection_id: int):
    """What every visit must find out, and one more."""
    stage = _field_round(selection_id, MANAGE)
    form, error = QuestionForm(data={"version": stage.round.version}), None
    if form.validate_on_submit():
        said = (form.words.data, form.kind.data, form.is_veto.data)
        error = _try(lambda facts: visits.add_question(stage.round.id, form.seen, *said, **facts))
        if error is None:
            return _to_questions(stage)
    return form_page("field_visit/questions.html", form, error, stage=stage, questions=list_questions(stage.round.id))


@pages.post("/questions/standard")
@requires(MANAGE)
def standard(selection_id: int):
    """Begin with the ready list."""
    stage, form = _field_round(selection_id, MANAGE), VersionForm()
    _flashed(_try(lambda facts: visits.add_standard(stage.round.id, form.seen, **facts)))
    return _to_questions(stage)


@pages.post("/questions/<int:question_id>/<what>")
@requires(MANAGE)
def change_question(selection_id: int, question_id: int, what: str):
    stage, form = _field_round(selection_id, MANAGE), VersionForm()
    which = found(next((one.id for one in list_questions(stage.round.id) if one.id == question_id), None))
    here = (stage.round.id, form.seen, which)
    if what == "remove":
        _flashed(_try(lambda facts: visits.remove_question(*here, **facts)))
    elif what in ("up", "down"):
        _flashed(_try(lambda facts: visits.move_question(*here, up=what == "up", **facts)))
    else:
        raise NotFound()
    return _to_questions(stage)


@pages.get("/<int:field_visit_id>")
@requires(VIEW)
def show(selection_id: int, field_visit_id: int):
    """What each visitor found beside each other, what stands, and the pictures; made to be printed too."""
    stage, row = _visit(selection_id, field_visit_id, VIEW)
    facts = list_findings(stage.round.id, while_open=_is_open(stage), visit_id=field_visit_id)
    return render_template(
        "field_visit/show.html",
        **{"stage": stage, "row": row, "findings": facts.get(field_visit_id, []), "fact_words": fact_words},
        pictures=list_pictures(field_visit_id, while_open=_is_open(stage)),
    )


@pages.get("/<int:field_visit_id>/pictures/<int:picture_id>")
@requires(VIEW)
def picture(selection_id: int, field_visit_id: int, picture_id: int):
    stage, row = _visit(selection_id, field_visit_id, VIEW)
    shown = list_pictures(field_visit_id, while_open=_is_open(stage))
    stored_as = found(get_picture(field_visit_id, picture_id, shown=shown))
    return picture_response(read_stored(stored_as), f"{row.code}-{picture_id}")


@pages.get("/<int:field_visit_id>/places")
@requires(MANAGE)
def places(selection_id: int, field_visit_id: int):
    """Where the visitors' phones were, as text; that it was looked at is written down."""
    stage, row = _visit(selection_id, field_visit_id, MANAGE)
    with transaction():
        visits.record_places(field_visit_id, by=actor(), at=clock.now())
    return render_template("field_visit/places.html", stage=stage, row=row, places=list_places(field_visit_id))


@pages.route("/<int:field_visit_id>/questions/<int:question_id>", methods=["GET", "POST"])
@requires(MANAGE)
def settle(selection_id: int, field_visit_id: int, question_id: int):
    """Two visitors say different things: which one stands, or neither."""
    stage, row = _visit(selection_id, field_visit_id, MANAGE)
    facts = list_findings(stage.round.id, while_open=_is_open(stage), visit_id=field_visit_id)
    finding = found(next((one for one in facts.get(field_visit_id, ()) if one.question.id == question_id), None))
    form, error = SettleForm(data={"version": row.version}), None
    form.offer({value: _who_says(finding, value) for value in finding.values})
    if form.validate_on_submit():
        said = (form.chosen, form.reason.data)
        error = _try(lambda facts: visits.settle(field_visit_id, form.seen, question_id, *said, **facts))
        if error is None:
            flash(_("It is written down what stands."))
            return redirect(
                url_for("field_visit.show", selection_id=selection_id, field_visit_id=field_visit_id, **stage.link), 303
            )
    about = {"stage": stage, "row": row, "finding": finding, "fact_words": fact_words}
    return form_page("field_visit/settle.html", form, error, **about)


def _who_says(finding: Finding, value: str) -> str:
    names = "、".join(one.by for one in finding.said if one.value == value)
    return _("%(value)s (%(names)s)", value=fact_words(finding.question.kind, value), names=names)


def _field_round(selection_id: int, permission: Permission) -> Stage:
    stage = stage_for(selection_id, permission)
    if stage.round.kind is not RoundKind.FIELD:
        raise NotFound()
    return stage


def _visit(selection_id: int, field_visit_id: int, permission: Permission) -> tuple[Stage, VisitRow]:
    stage = _field_round(selection_id, permission)
    if not _may_read(stage):
        raise NotFound()
    return stage, found(next(iter(list_visits(stage.round.id, field_visit_id)), None))


def _may_read(stage: Stage) -> bool:
    """Findings are there once the round is open; whoever judges in it herself sees them here when it is frozen."""
    if stage.round.state in (RoundState.DRAFT, RoundState.FROZEN):
        return stage.round.state is RoundState.FROZEN
    return not is_on_panel(stage.round.id, actor().account_id)


def _is_open(stage: Stage) -> bool:
    return stage.round.state is RoundState.OPEN


def _try(act: Callable[[dict], object]) -> Refused | None:
    """Do it, or say why not."""
    try:
        with transaction():
            act({"by": actor(), "at": clock.now()})
    except NotFound:
        raise
    except Refused as refused:
        return refused
    return None


def _flashed(refused: Refused | None) -> None:
    if refused:
        flash(say(refused), "bad")


def _back(stage: Stage):
    return redirect(url_for("field_visit.index", selection_id=stage.id, **stage.link), 303)


def _to_questions(stage: Stage):
    return redirect(url_for("field_visit.questions", selection_id=stage.id, **stage.link), 303)

"""Calibration: written and talked through by staff, scored by evaluators before their first real application."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import Scope
from trainer.domain.selection import RoundState
from trainer.errors import NotFound, Refused
from trainer.forms.calibration import CalibrationForm, build_calibration_form, build_levels_form
from trainer.forms.form import VersionForm
from trainer.permissions import Permission
from trainer.queries.calibration import (
    CalibrationRound,
    CalibrationView,
    get_calibration_round,
    list_calibration_progress,
    list_calibrations,
    list_spreads,
)
from trainer.queries.review import list_judged_criteria
from trainer.queries.selection import Stage
from trainer.services import calibration
from trainer.services.round import RoundNotDraft
from trainer.views.form_page import form_page
from trainer.views.guards import actor, ensure, found, requires
from trainer.views.selection import stage_for

pages = Blueprint("calibration", __name__)


@pages.get("/selections/<int:selection_id>/calibration")
@requires(Permission.VIEW_SELECTION)
def index(selection_id: int):
    """The files, who has scored them, and all together against the reference: a page to talk it through."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    return render_template(
        "calibration/index.html",
        stage=stage,
        files=list_calibrations(stage.round.id),
        criteria=list_judged_criteria(stage.round.id),
        spreads=list_spreads(stage.round.id),
        progress=list_calibration_progress(stage.round.id),
        most=calibration.MOST_FILES,
    )


@pages.route("/selections/<int:selection_id>/calibration/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def new(selection_id: int):
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    form = build_calibration_form(list_judged_criteria(stage.round.id), stage.round.version)
    return _written(stage, form, None, _("The calibration file is kept."), lambda: _add(stage, form))


@pages.route("/selections/<int:selection_id>/calibration/<int:calibration_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def edit(selection_id: int, calibration_id: int):
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    file = _one(stage.round.id, calibration_id)
    criteria = list_judged_criteria(stage.round.id)
    form = build_calibration_form(criteria, stage.round.version, file.text, file.words, file.levels)
    return _written(stage, form, file, _("The calibration file is changed."), lambda: _change(stage, form, file))


def _add(stage: Stage, form: CalibrationForm) -> None:
    said = (form.text.data, form.levels, form.words.data)
    calibration.add_calibration(stage.round.id, form.seen, *said, by=actor(), at=clock.now())


def _change(stage: Stage, form: CalibrationForm, file: CalibrationView) -> None:
    said = (form.text.data, form.levels, form.words.data)
    calibration.update_calibration(stage.round.id, form.seen, file.id, *said, by=actor(), at=clock.now())


def _written(stage: Stage, form: CalibrationForm, file: CalibrationView | None, done: str, act: Callable):
    """The form, and what it does while the round is being prepared."""
    error = None if stage.round.state is RoundState.DRAFT else RoundNotDraft()
    if error and not form.is_submitted():
        return _to_list(stage)
    if form.validate_on_submit() and error is None:
        error = _try(act)
        if error is None:
            flash(done)
            return _to_list(stage)
    return form_page("calibration/edit.html", form, error, stage=stage, file=file)


@pages.route("/selections/<int:selection_id>/calibration/<int:calibration_id>/delete", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def delete(selection_id: int, calibration_id: int):
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    file, error = _one(stage.round.id, calibration_id), None
    form = VersionForm(data={"version": stage.round.version})
    if form.validate_on_submit():
        by = {"by": actor(), "at": clock.now()}
        error = _try(lambda: calibration.delete_calibration(stage.round.id, form.seen, file.id, **by))
        if error is None:
            flash(_("The calibration file is gone."))
            return _to_list(stage)
    return form_page("calibration/delete.html", form, error, stage=stage, file=file)


def _to_list(stage: Stage):
    return redirect(url_for("calibration.index", selection_id=stage.id, **stage.link), 303)


def _one(round_id: int, calibration_id: int) -> CalibrationView:
    return found(next((file for file in list_calibrations(round_id) if file.id == calibration_id), None))


def _try(act: Callable[[], object]) -> Refused | None:
    """Do it, or say why not."""
    try:
        with transaction():
            act()
    except NotFound:
        raise
    except Refused as refused:
        return refused
    return None


@pages.get("/reviews/rounds/<int:round_id>/calibration")
@requires(Permission.SCORE)
def mine(round_id: int):
    """An evaluator's own: what is before her, and what she has given."""
    round_ = _round(round_id)
    return render_template("calibration/mine.html", round=round_, files=list_calibrations(round_id))


@pages.route("/reviews/rounds/<int:round_id>/calibration/<int:calibration_id>", methods=["GET", "POST"])
@requires(Permission.SCORE)
def give(round_id: int, calibration_id: int):
    """One file to score; once given, hers beside the reference, why, and how all together scored it."""
    round_, files = _round(round_id), list_calibrations(round_id)
    number, file = found(next(((n, one) for n, one in enumerate(files, start=1) if one.id == calibration_id), None))
    criteria, error = list_judged_criteria(round_id), None
    form = build_levels_form(criteria)
    if file.id not in round_.given:
        if form.validate_on_submit():
            by = {"by": actor(), "at": clock.now()}
            error = _try(lambda: calibration.give_levels(round_id, file.id, form.levels, **by))
            if error is None:
                return redirect(url_for("calibration.give", round_id=round_id, calibration_id=file.id), 303)
        return form_page("calibration/give.html", form, error, round=round_, file=file, number=number)
    spread = list_spreads(round_id).get(file.id)
    return render_template(
        "calibration/given.html",
        round=round_,
        file=file,
        number=number,
        criteria=criteria,
        spread_all=spread.criteria if spread else {},
        answered=spread.answered if spread else 0,
        following=next((one for one in files if one.id not in round_.given), None),
    )


def _round(round_id: int) -> CalibrationRound:
    round_ = found(get_calibration_round(round_id, actor().account_id))
    ensure(Permission.SCORE, Scope(account_ids=frozenset({actor().account_id})))
    return round_

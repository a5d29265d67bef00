"""A round's rubric: read by all who see the selection; written criterion by criterion while the round is prepared."""

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.figures import ASSESSMENT, numbers_after
from trainer.domain.round_inputs import fields_of
from trainer.domain.rubric_file import RubricContent, differences
from trainer.domain.rubric_templates import TEMPLATES
from trainer.domain.selection import CriterionKind, RoundState
from trainer.errors import NotFound, Refused
from trainer.forms.form import VersionForm
from trainer.forms.rubric import FORMS, BonusForm, ExtraForm, LineForm, VetoForm
from trainer.permissions import Permission, can
from trainer.queries.rubric import (
    get_rubric,
    list_offered,
    list_round_tables,
    list_rubric_versions,
    name_assessments,
)
from trainer.queries.selection import Stage
from trainer.services import rubric as rubrics
from trainer.services.round import RoundNotDraft
from trainer.views.form_page import form_page
from trainer.views.guards import actor, found, requires
from trainer.views.selection import stage_for
from trainer.wording import say
from trainer.wording.scoring_rules import KINDS

pages = Blueprint("rubric", __name__, url_prefix="/selections/<int:selection_id>/rubric")


@pages.get("")
@requires(Permission.VIEW_SELECTION)
def show(selection_id: int):
    """The rules in words and formula, what may be done with them, and the table they read."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    rubric = get_rubric(stage.round.id)
    return render_template(
        "rubric/show.html",
        stage=stage,
        rubric=rubric,
        content=rubric.content,
        names=names_in(rubric.content),
        kinds=KINDS,
        templates=TEMPLATES,
        table=next((table for table in list_round_tables(stage.round.id) if table.in_force), None),
        form=VersionForm(data={"version": stage.round.version}),
        writing=is_writing(stage),
    )


def names_in(content: RubricContent) -> dict[str, str]:
    """What only the records know of the figures that rules ask for, and what judged criteria are called."""
    named = fields_of(content.criteria(), (*content.bonus, *content.veto))
    judged = {f"judged.{line.code}": line.name for line in content.lines if line.kind is CriterionKind.JUDGED}
    return name_assessments(numbers_after(ASSESSMENT, named)) | judged


def is_writing(stage: Stage) -> bool:
    return stage.round.state is RoundState.DRAFT and can(actor(), Permission.MANAGE_SELECTION, stage.scope)


def draft_stage(selection_id: int) -> Stage:
    """For pages that change what stands still once the round is open: then the rubric is shown, with why."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    if request.method == "GET":
        only_while_draft(stage)
    return stage


def only_while_draft(stage: Stage) -> None:
    if stage.round.state is not RoundState.DRAFT:
        flash(say(RoundNotDraft()))
        abort(redirect(_here(stage)))


@pages.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def new(selection_id: int):
    """A criterion of the kind that was chosen."""
    stage = draft_stage(selection_id)
    kind = found(next((kind for kind in CriterionKind if kind == request.args.get("kind", CriterionKind.JUDGED)), None))
    content = get_rubric(stage.round.id).content
    form = FORMS[kind]()
    if request.method == "GET" and "points" in form._fields and 0 < content.missing_bp < 10_000:
        form.points.data = content.missing_bp / 100
    return _line_page(stage, content, form, kind, "")


@pages.route("/criteria/<criterion>", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def edit(selection_id: int, criterion: str):
    stage = draft_stage(selection_id)
    content = get_rubric(stage.round.id).content
    line = found(content.line(criterion))
    return _line_page(stage, content, FORMS[line.kind](), line.kind, criterion)


def _line_page(stage: Stage, content: RubricContent, form: LineForm, kind: CriterionKind, code: str):
    offered = list_offered(stage, content)
    form.offer(offered.codes, offered.names)
    if request.method == "GET":
        form.version.data = stage.round.version
        if code:
            form.fill(content.line(code))
    refused = None
    if form.validate_on_submit():
        refused = act(lambda: _save(stage, form, content.put(form.draft(code))))
        if refused is None:
            flash(_("“%(name)s” is saved.", name=form.name.data))
            return redirect(_here(stage))
    return form_page(
        "rubric/criterion.html", form, refused, stage=stage, kind=kind, code=code, words=KINDS[kind], offered=offered
    )


def _save(stage: Stage, form: VersionForm, content: RubricContent) -> None:
    rubrics.set_content(stage.round.id, form.seen, content, by=actor(), at=clock.now())


def act(do: Callable[[], object]) -> Refused | None:
    """Do it, or say why not."""
    try:
        with transaction():
            do()
    except NotFound:
        raise
    except Refused as refused:
        return refused
    return None


def _here(stage: Stage) -> str:
    return url_for("rubric.show", selection_id=stage.id, **stage.link)


@pages.post("/criteria/<criterion>/<what>")
@requires(Permission.MANAGE_SELECTION)
def change(selection_id: int, criterion: str, what: str):
    """Move a criterion by one place, or take it out; earlier versions keep it."""
    stage = draft_stage(selection_id)
    content = get_rubric(stage.round.id).content
    line = found(content.line(criterion))
    found(what in ("up", "down", "remove") or None)
    changed = content.without(criterion) if what == "remove" else content.move(criterion, -1 if what == "up" else 1)
    done = _("“%(name)s” is taken out. The version before has it still.", name=line.name) if what == "remove" else None
    return _changed(stage, changed, done)


def _changed(stage: Stage, content: RubricContent, done: str | None):
    form, refused = VersionForm(), None
    if form.validate_on_submit():
        refused = act(lambda: _save(stage, form, content))
        if refused is None and done:
            flash(done)
    if refused:
        flash(say(refused))
    return redirect(_here(stage))


@pages.route("/bonus", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def bonus(selection_id: int):
    """A new bonus line."""
    add = lambda content, item: replace(content, bonus=(*content.bonus, item))  # noqa: E731
    return _extra_page(selection_id, BonusForm(), "rubric/bonus.html", add)


@pages.route("/veto", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def veto(selection_id: int):
    """A new floor under which people talk."""
    add = lambda content, item: replace(content, veto=(*content.veto, item))  # noqa: E731
    return _extra_page(selection_id, VetoForm(), "rubric/veto.html", add)


def _extra_page(selection_id: int, form: ExtraForm, template: str, add: Callable):
    stage = draft_stage(selection_id)
    content = get_rubric(stage.round.id).content
    offered = list_offered(stage, content)
    form.offer(offered.codes, offered.names)
    if request.method == "GET":
        form.version.data = stage.round.version
    refused = None
    if form.validate_on_submit():
        refused = act(lambda: _save(stage, form, add(content, form.item())))
        if refused is None:
            flash(_("The line is saved."))
            return redirect(_here(stage))
    return form_page(template, form, refused, stage=stage)


@pages.post("/<line>/<int:place>/remove")
@requires(Permission.MANAGE_SELECTION)
def remove_extra(selection_id: int, line: str, place: int):
    """Take the bonus or veto line at a place, from 1, out."""
    stage = draft_stage(selection_id)
    content = get_rubric(stage.round.id).content
    found(line in ("bonus", "veto") or None)
    items = list(getattr(content, line))
    del items[place - 1 : place]  # taken out by somebody meanwhile: then nothing is
    return _changed(stage, replace(content, **{line: tuple(items)}), _("The line is taken out."))


@pages.get("/history")
@requires(Permission.VIEW_SELECTION)
def history(selection_id: int):
    """Every version: when, by whom, and what it changed."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    versions = list_rubric_versions(stage.round.id)
    before = [*(version.content for version in versions[1:]), RubricContent()]
    everything = RubricContent(
        tuple(line for v in versions for line in v.content.lines),
        tuple(item for v in versions for item in v.content.bonus),
        tuple(item for v in versions for item in v.content.veto),
    )
    return render_template(
        "rubric/history.html",
        stage=stage,
        versions=[(version, differences(was, version.content)) for version, was in zip(versions, before, strict=True)],
        names=names_in(everything),
        form=VersionForm(data={"version": stage.round.version}),
        writing=is_writing(stage),
    )


@pages.post("/history/<int:edition>/take-up")
@requires(Permission.MANAGE_SELECTION)
def take_up(selection_id: int, edition: int):
    """What an earlier version said, as a new one."""
    stage, form = draft_stage(selection_id), VersionForm()
    if form.validate_on_submit():
        refused = act(lambda: rubrics.take_up_again(stage.round.id, form.seen, edition, by=actor(), at=clock.now()))
        flash(say(refused) if refused else _("Version %(number)s is in force again, as a new version.", number=edition))
    return redirect(_here(stage))

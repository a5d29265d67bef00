"""Rules as a file: given out, taken in after a look, laid over the figures of the moment; the figures as a table."""

import io
import json

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.figures import write_figures
from trainer.domain.figures import SHEETS
from trainer.domain.round_inputs import RoundInputs, fields_of
from trainer.domain.rubric_file import RubricContent, differences, read_rules_file, write_rules
from trainer.domain.rubric_templates import TEMPLATES
from trainer.domain.rules_preview import preview_rules
from trainer.domain.selection import RoundState
from trainer.errors import Refused
from trainer.forms.rubric import RulesFileForm
from trainer.permissions import Permission
from trainer.queries.figures import list_figures
from trainer.queries.rubric import get_last_inputs, get_rubric, list_offered, list_rubric_versions
from trainer.queries.selection import Stage
from trainer.services import audit
from trainer.services import rubric as rubrics
from trainer.views.guards import actor, found, requires
from trainer.views.rubric import act, draft_stage, names_in, only_while_draft
from trainer.views.selection import stage_for
from trainer.wording import label, say

pages = Blueprint("rules_file", __name__, url_prefix="/selections/<int:selection_id>/rubric")


@pages.get("/rules.json")
@requires(Permission.VIEW_SELECTION)
def export(selection_id: int):
    """The rules as `selection score` reads them."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    rules = written_rules(stage, get_rubric(stage.round.id).content)
    content = json.dumps(rules, ensure_ascii=False, indent=1).encode()
    return _file(content, "application/json", "json", stage)


def written_rules(stage: Stage, content: RubricContent) -> dict:
    return write_rules(
        content,
        title=f"{stage.name} · {label(stage.round.kind)}",
        advance=stage.round.advances,
        aggregate=stage.round.aggregate,
        readers=stage.round.readers,
    )


def _file(content: bytes, kind: str, ending: str, stage: Stage):
    name = f"{stage.name}_{stage.round.number}_{clock.today():%Y%m%d}.{ending}"
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


@pages.get("/figures.csv")
@requires(Permission.MANAGE_SELECTION)
def figures(selection_id: int):
    """What the rules read, one row a candidate: of the last ranking, else of now."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    content = get_rubric(stage.round.id).content
    columns = fields_of(content.criteria(), (*content.bonus, *content.veto))
    # The marks of judged criteria have columns in the rules too: they stay empty here.
    rules = written_rules(stage, content)
    columns += [name for item in rules["criteria"] if "levels" in item for name in item["fields"]]
    values = _figures_of(stage, columns)
    with transaction():
        audit.record("figures.export", "round", stage.round.id, by=actor(), at=clock.now(), rows=len(values))
    return _file(write_figures(values, list(dict.fromkeys(columns))), "text/csv", "csv", stage)


def _figures_of(stage: Stage, fields: list[str]):
    ranked = get_last_inputs(stage.round) if stage.round.state is not RoundState.DRAFT else None
    return RoundInputs.from_json(ranked).figures if ranked else list_figures(stage.round.id, fields, at=clock.now())


@pages.route("/import", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def take_in(selection_id: int):
    """A file, or one of the ready rules: looked at first, then taken in place of what there is."""
    stage = draft_stage(selection_id)
    form, file, refused = RulesFileForm(), None, None
    if request.method == "GET":
        form.version.data = stage.round.version
        template = request.args.get("template")
        if template:
            form.text.data = json.dumps(found(TEMPLATES.get(template)), ensure_ascii=False)
            file = read_rules_file(form.text.data)
    elif form.validate_on_submit():
        try:
            form.text.data = form.rules_text()
            file = read_rules_file(form.text.data)
        except Refused as unfit:
            refused = unfit
        else:
            if request.form.get("act") == "confirm":
                refused = act(
                    lambda: rubrics.take_in_rules(stage.round.id, form.seen, file, by=actor(), at=clock.now())
                )
                if refused is None:
                    flash(_("The rules are taken in."))
                    return redirect(url_for("rubric.show", selection_id=stage.id, **stage.link))
    return _import_page(stage, form, file, refused)


def _import_page(stage: Stage, form: RulesFileForm, file, refused: Refused | None):
    rubric, offered = get_rubric(stage.round.id), list_offered(stage, file.content if file else RubricContent())
    asked = fields_of(file.content.criteria(), (*file.content.bonus, *file.content.veto)) if file else []
    page = render_template(
        "rubric/import.html",
        stage=stage,
        form=form,
        file=file,
        changes=differences(rubric.content, file.content) if file else [],
        unknown=[name for name in asked if name not in offered.codes],
        names=offered.names | (names_in(rubric.content) if file else {}),
        templates=TEMPLATES,
        error=say(refused) if refused else None,
    )
    return page, refused.status if refused else 422 if form.errors else 200


@pages.get("/preview")
@requires(Permission.VIEW_SELECTION)
def preview(selection_id: int):
    """The rules laid over the figures of now, beside another version's; only while nobody scores."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    only_while_draft(stage)  # it would be a live rank
    versions = list_rubric_versions(stage.round.id)
    rubric, number = versions[0], request.args.get("with", None, int)
    other = found(next((v for v in versions if v.number == number), None)) if number else None
    rows, error, before = (), None, {}
    try:
        rows = _laid_over(stage, rubric.content)
        before = {row.candidate: row for row in _laid_over(stage, other.content)} if other else {}
    except Refused as refused:
        error = say(refused)
    return render_template(
        "rubric/preview.html",
        stage=stage,
        content=rubric.content,
        criteria=[c for c in rubric.content.criteria() if not c.judged],
        rows=rows,
        before=before,
        other=other,
        versions=[version for version in versions if version.number != rubric.number and version.content.lines],
        asks_sheets=any(
            str(item["field"]).startswith(SHEETS) for item in (*rubric.content.bonus, *rubric.content.veto)
        ),
        names=names_in(rubric.content),
        error=error,
    )


def _laid_over(stage: Stage, content: RubricContent):
    criteria, extras = content.criteria(), (*content.bonus, *content.veto)
    values = list_figures(stage.round.id, fields_of(criteria, extras), at=clock.now())
    return preview_rules(criteria, content.bonus, content.veto, values)

"""A table of figures for a round: sent, looked through, put in force, taken back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.figures import TABLE
from trainer.domain.round_inputs import fields_of
from trainer.errors import NotFound, Refused
from trainer.forms.form import VersionForm
from trainer.forms.rubric import TableForm
from trainer.permissions import Permission
from trainer.queries.rubric import get_round_table, get_rubric, list_codes, list_round_tables
from trainer.services import round_table as tables
from trainer.views.form_page import form_page
from trainer.views.guards import actor, found, requires
from trainer.views.rubric import act, draft_stage, is_writing
from trainer.views.selection import stage_for
from trainer.wording import say

pages = Blueprint("round_table", __name__, url_prefix="/selections/<int:selection_id>/rubric/table")
SHOWN_ROWS = 100


@pages.route("", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def index(selection_id: int):
    """Send a table; below, those that were sent."""
    stage, form, refused = draft_stage(selection_id), TableForm(), None
    if not form.is_submitted():
        form.version.data = stage.round.version
    if form.validate_on_submit():
        try:
            table_id = _sent(stage, form)
        except NotFound:
            raise
        except Refused as unfit:
            refused = unfit
        else:
            return redirect(url_for("round_table.show", selection_id=stage.id, table_id=table_id, **stage.link))
    wanted = _asked(stage.round.id)
    return form_page(
        "rubric/tables.html", form, refused, stage=stage, tables=list_round_tables(stage.round.id), wanted=wanted
    )


def _sent(stage, form: TableForm) -> int:
    """The file is read before the transaction: that can take a while."""
    upload = form.file.data
    reading = tables.read(upload.filename or "", upload.read())
    with transaction():
        return tables.send(stage.round.id, form.seen, reading, by=actor(), at=clock.now()).id


def _asked(round_id: int) -> list[str]:
    """The columns that the rules read."""
    content = get_rubric(round_id).content
    named = fields_of(content.criteria(), (*content.bonus, *content.veto))
    return [name.removeprefix(TABLE) for name in named if name.startswith(TABLE)]


@pages.get("/<int:table_id>")
@requires(Permission.VIEW_SELECTION)
def show(selection_id: int, table_id: int):
    """What stands in a table, who is not in it, and which columns the rules miss."""
    return _page(stage_for(selection_id, Permission.VIEW_SELECTION), table_id)


def _page(stage, table_id: int, refused: Refused | None = None):
    table = found(get_round_table(stage.round.id, table_id))
    codes = [code for code, _name in list_codes(stage.round.id)]
    page = render_template(
        "rubric/table.html",
        stage=stage,
        table=table,
        rows=sorted(table.cells.items())[:SHOWN_ROWS],
        absent=[code for code in codes if code not in table.cells],
        lacking=[column for column in _asked(stage.round.id) if column not in table.columns],
        form=VersionForm(data={"version": stage.round.version}),
        writing=is_writing(stage),
        error=say(refused) if refused else None,
    )
    return page, refused.status if refused else 200


@pages.post("/<int:table_id>/use")
@requires(Permission.MANAGE_SELECTION)
def use(selection_id: int, table_id: int):
    stage, form = draft_stage(selection_id), VersionForm()
    if form.validate_on_submit():
        refused = act(lambda: tables.put_in_force(stage.round.id, form.seen, table_id, by=actor(), at=clock.now()))
        if refused:
            return _page(stage_for(selection_id, Permission.MANAGE_SELECTION), table_id, refused)
        flash(_("The table counts from now on."))
    return redirect(url_for("rubric.show", selection_id=stage.id, **stage.link))


@pages.post("/take-back")
@requires(Permission.MANAGE_SELECTION)
def take_back(selection_id: int):
    """No table counts any more."""
    stage, form = draft_stage(selection_id), VersionForm()
    if form.validate_on_submit():
        refused = act(lambda: tables.take_back(stage.round.id, form.seen, by=actor(), at=clock.now()))
        flash(say(refused) if refused else _("The table is taken back; it can be put in force again."))
    return redirect(url_for("round_table.index", selection_id=stage.id, **stage.link))

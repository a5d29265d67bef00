"""A trainee's own data: everything that is held about her, a copy to take away, and her requests about it."""

import io

from flask import Blueprint, current_app, flash, redirect, render_template, send_file, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.personal_copy import in_words, write_copy
from trainer.domain.consent import ConsentChannel
from trainer.domain.data_request import RequestKind, RequestState
from trainer.domain.personal_data import PartName
from trainer.errors import Refused
from trainer.forms.data_request import CorrectionForm, WordsForm
from trainer.forms.form import Form
from trainer.permissions import Permission
from trainer.queries.data_request import (
    get_correctable,
    get_footprint,
    get_own_request,
    list_blocks,
    list_requests_of,
)
from trainer.queries.personal_data import collect
from trainer.services import data_request as requests
from trainer.views.confirm import freshly_confirmed
from trainer.views.guards import actor, found, herself, requires
from trainer.wording import say

pages = Blueprint("my_data", __name__, url_prefix="/me/data")


@pages.get("")
@requires(Permission.VIEW_OWN_PROGRESS)
@freshly_confirmed
def show():
    """In plain words, with nothing masked: she has just shown who she is."""
    parts = collect(herself())
    mine = list_requests_of(herself())
    return render_template(
        "my_data/show.html",
        sections=in_words(parts),
        requests=mine,
        open_kinds={request.kind for request in mine if request.state is RequestState.OPEN},
        may_ask_why=any(part.rows for part in parts if part.name is PartName.APPLICATIONS),
    )


@pages.get("/copy")
@requires(Permission.VIEW_OWN_PROGRESS)
@freshly_confirmed
def copy():
    """A zip with a page to read and JSON; made at once and kept nowhere."""
    parts, now = collect(herself()), clock.now()
    with transaction():
        requests.note_copy(herself(), by=actor(), at=now)
    content = write_copy(
        parts,
        title=_("My data"),
        made_on=_("As it stood on %(moment)s", moment=f"{clock.local(now):%Y-%m-%d %H:%M}"),
        file_stem=_("My data"),
        language=str(get_locale()),
    )
    name = f"{_('My data')}_{clock.today():%Y%m%d}.zip"
    return send_file(io.BytesIO(content), mimetype="application/zip", as_attachment=True, download_name=name)


@pages.route("/correct", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
@freshly_confirmed
def correct():
    """What the record says, to be put right where it is wrong; staff look at it before it counts."""
    form = CorrectionForm(get_correctable(herself()), today=clock.today())
    if form.validate_on_submit():
        return _ask(RequestKind.CORRECT, form.words.data, form.changed)
    return render_template("my_data/correct.html", form=form), 422 if form.errors else 200


@pages.route("/erase", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
@freshly_confirmed
def erase():
    """What goes, what stays without her name, and what stands in the way."""
    form = WordsForm()
    if form.validate_on_submit():
        return _ask(RequestKind.ERASE, form.words.data)
    page = render_template(
        "my_data/erase.html",
        form=form,
        footprint=get_footprint(herself()),
        blocks=list_blocks(herself(), at=clock.now()),
        days=current_app.config["DATA_REQUEST_DAYS"],
    )
    return page, 422 if form.errors else 200


@pages.route("/explain", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
@freshly_confirmed
def explain():
    """She may ask people how a reckoned result of hers came about."""
    form = WordsForm()
    if form.validate_on_submit():
        return _ask(RequestKind.EXPLAIN, form.words.data)
    days = current_app.config["DATA_REQUEST_DAYS"]
    return render_template("my_data/explain.html", form=form, days=days), 422 if form.errors else 200


@pages.post("/requests/<int:request_id>/take-back")
@requires(Permission.VIEW_OWN_PROGRESS)
@freshly_confirmed
def take_back(request_id: int):
    found(get_own_request(herself(), request_id))
    if Form().validate_on_submit():
        try:
            with transaction():
                requests.take_back(request_id, by=actor(), at=clock.now())
            flash(_("Your request was taken back."))
        except requests.RequestClosed as refused:
            flash(say(refused), "bad")
    return redirect(url_for("my_data.show"), 303)


def _ask(kind: RequestKind, words: str, wished: dict[str, object] | None = None):
    try:
        with transaction():
            made = requests.ask(
                kind,
                herself(),
                words=words,
                wished=wished,
                channel=ConsentChannel.ONLINE,
                by=actor(),
                at=clock.now(),
                due_in_days=current_app.config["DATA_REQUEST_DAYS"],
            )
        flash(_("Your request is written down. You get an answer by %(day)s.", day=made.due_on))
    except Refused as refused:
        flash(say(refused), "bad")
    return redirect(url_for("my_data.show"), 303)

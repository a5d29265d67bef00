"""Classes held before this system: a workbook sent, its classes looked through, confirmed, taken back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import Scope
from trainer.domain.imports import BatchState
from trainer.errors import NotFound, Refused
from trainer.forms.form import Form
from trainer.forms.past_cohort import PastFileForm
from trainer.permissions import Permission, can
from trainer.queries.past_cohort import get_past_batch, list_made, list_past_files
from trainer.queries.programme import get_programme
from trainer.queries.region import region_choices_within
from trainer.services import past_cohort as past
from trainer.services import roster
from trainer.views.guards import actor, ensure, found, once, requires
from trainer.views.places import own_areas
from trainer.wording import say, sentence_for

pages = Blueprint("past_cohort", __name__)


@pages.route("/programmes/<int:programme_id>/past", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT)
def new(programme_id: int):
    """Send a file; the answer is its classes."""
    programme = found(get_programme(programme_id))
    regions = _regions(programme)
    form, error = PastFileForm(), None
    form.offer(regions)
    if form.validate_on_submit():
        ensure(Permission.MANAGE_COHORT, Scope(form.region_code.data))
        try:
            return redirect(url_for("past_cohort.show", batch_id=_previewed(programme_id, form)), 303)
        except NotFound:
            raise
        except Refused as refused:
            error = say(refused)
    files = list_past_files(programme_id)
    page = render_template("past_cohort/new.html", programme=programme, form=form, error=error, files=files)
    return page, 422 if form.errors or error else 200


def _regions(programme) -> list[tuple[str, str]]:
    """Of the programme's area, what is hers to keep cohorts in; 404 where nothing is."""
    inside = [area or programme.region_code for area in own_areas(Permission.MANAGE_COHORT)]
    within = [one for one in region_choices_within(inside) if one[0].startswith(programme.region_code.rstrip("0")[:4])]
    return found(within or None)


def _previewed(programme_id: int, form: PastFileForm) -> str:
    """The file is read before the transaction: that can take a while."""
    upload, at, defaults = form.file.data, clock.now(), form.defaults()
    reading = roster.read(upload.filename or "", upload.read(), today=clock.today(), is_past=True)
    where = {"region_code": form.region_code.data, "track": form.track.data}
    return once(
        form.idempotency_key.data,
        "past_cohort.preview",
        lambda: past.preview(programme_id, reading, defaults, **where, by=actor(), at=at).id,
    )


@pages.get("/imports/past/<int:batch_id>")
@requires(Permission.MANAGE_COHORT)
def show(batch_id: int):
    """Before: the classes of the file. After: each with its list, which is confirmed one by one."""
    return _page(_batch(batch_id))


def _page(batch, error: str | None = None):
    is_open = batch.state is BatchState.PREVIEWED
    classes = past.classes_of(batch) if is_open else []
    page = render_template(
        "past_cohort/show.html",
        batch=batch,
        programme=get_programme(batch.programme_id),
        classes=classes,
        may_confirm=bool(classes) and not any(one.lacks for one in classes),
        made=list_made(batch),
        remarks=[(row, sentence_for(code, values)) for row, _field, code, values in batch.summary["remarks"]],
        sentence=sentence_for,
        form=Form(),
        error=error,
    )
    return page, 422 if error else 200


@pages.post("/imports/past/<int:batch_id>/confirm")
@requires(Permission.MANAGE_COHORT)
def confirm(batch_id: int):
    return _act(batch_id, past.confirm)


@pages.post("/imports/past/<int:batch_id>/discard")
@requires(Permission.MANAGE_COHORT)
def discard(batch_id: int):
    batch = _batch(batch_id)
    programme_id, filename = batch.programme_id, batch.filename
    if Form().validate_on_submit():
        with transaction():
            past.discard(batch_id, by=actor(), at=clock.now())
        flash(_("%(file)s was discarded; nothing of it was taken in.", file=filename))
    return redirect(url_for("past_cohort.new", programme_id=programme_id), 303)


@pages.post("/imports/past/<int:batch_id>/undo")
@requires(Permission.MANAGE_COHORT)
def undo(batch_id: int):
    return _act(batch_id, past.undo)


def _act(batch_id: int, verb):
    _batch(batch_id)
    if Form().validate_on_submit():
        try:
            with transaction():
                verb(batch_id, by=actor(), at=clock.now())
        except NotFound:
            raise
        except Refused as refused:
            return _page(_batch(batch_id), say(refused))
    return redirect(url_for("past_cohort.show", batch_id=batch_id), 303)


def _batch(batch_id: int):
    """404 for whoever may not keep cohorts where its classes were held."""
    batch = found(get_past_batch(batch_id))
    found(can(actor(), Permission.MANAGE_COHORT, Scope(batch.summary["region_code"])) or None)
    return batch

"""Programmes: the plans with their partners, targets against what was reached, and their cohorts."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import Scope
from trainer.errors import Refused
from trainer.forms.programme import ProgrammeForm, filled_form
from trainer.permissions import Permission
from trainer.queries.cohort import cohorts_page
from trainer.queries.programme import get_programme, programme_draft, programmes_page
from trainer.queries.region import full_region_name, region_choices, region_choices_within
from trainer.queries.target import get_reached
from trainer.services import programme as programmes
from trainer.views.guards import actor, ensure, found, once, requires
from trainer.views.lists import paging
from trainer.views.places import own_areas
from trainer.views.target import target_rows
from trainer.wording import say
from trainer.wording.programme import TARGET_MEANINGS
from trainer.wording.target import TOO_FEW

pages = Blueprint("programme", __name__, url_prefix="/programmes")


@pages.get("")
@requires(Permission.VIEW_PROGRAMME)
def index():
    page = programmes_page(actor(), text=request.args.get("q", ""), **paging())
    return render_template("programme/index.html", page=page)


@pages.get("/<int:programme_id>")
@requires(Permission.VIEW_PROGRAMME)
def show(programme_id: int):
    programme = found(get_programme(programme_id))
    ensure(Permission.VIEW_PROGRAMME, programme.viewing_scope)
    today = clock.today()
    reached = get_reached(programme.id, today)
    return render_template(
        "programme/show.html",
        programme=programme,
        region=full_region_name(programme.region_code),
        **{"reached": reached, "targets": target_rows(programme, reached), "today": today, "too_few": TOO_FEW},
        meanings=TARGET_MEANINGS,
        cohorts=cohorts_page(
            actor(), programme_id=programme.id, oldest_first=True, page=request.args.get("page", 1, int)
        ),
    )


@pages.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PROGRAMME)
def new():
    form, error = ProgrammeForm(), None
    form.offer_regions(_regions())
    if form.validate_on_submit():
        ensure(Permission.MANAGE_PROGRAMME, Scope(form.region_code.data))
        try:
            programme_id = once(
                form.idempotency_key.data,
                "programme.create",
                lambda: programmes.create_programme(form.draft(), by=actor(), at=clock.now()).id,
            )
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("The programme stands. Now add its first cohort."))
            return redirect(url_for("programme.show", programme_id=programme_id))
    page = render_template("programme/form.html", form=form, error=error, programme=None, meanings=TARGET_MEANINGS)
    return page, 422 if form.errors or error else 200


@pages.route("/<int:programme_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_PROGRAMME)
def edit(programme_id: int):
    programme = found(get_programme(programme_id))
    ensure(Permission.MANAGE_PROGRAMME, programme.scope)
    name, error = programme.name, None
    form = ProgrammeForm() if request.method == "POST" else filled_form(programme_draft(programme), programme.version)
    form.offer_regions(_regions())
    if form.validate_on_submit():
        ensure(Permission.MANAGE_PROGRAMME, Scope(form.region_code.data))
        try:
            with transaction():
                programmes.update_programme(
                    get_programme(programme_id), form.draft(), seen=form.seen, by=actor(), at=clock.now()
                )
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("Saved."))
            return redirect(url_for("programme.show", programme_id=programme_id))
    heading = {"id": programme_id, "name": name}
    page = render_template("programme/form.html", form=form, error=error, programme=heading, meanings=TARGET_MEANINGS)
    return page, 422 if form.errors or error else 200


def _regions() -> list[tuple[str, str]]:
    """Where she may make programmes: everywhere to city level, or her own areas to county level."""
    areas = own_areas(Permission.MANAGE_PROGRAMME)
    return region_choices() if None in areas else region_choices_within(areas)

"""Sites: the network as a list, one site, making, changing, closing and reopening it; where a person belongs."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import Scope
from trainer.domain.person import PersonKind
from trainer.domain.site import SiteKind
from trainer.domain.tally import hidden_cells
from trainer.errors import Refused
from trainer.forms.site import NONE, BelongingForm, CloseSiteForm, SiteForm, filled_form
from trainer.permissions import Permission, can
from trainer.queries.person import get_person_for
from trainer.queries.region import full_region_name, region_choices, region_choices_within
from trainer.queries.site import (
    count_people_at,
    get_site,
    list_cohorts_at,
    list_sites_below,
    regions_of_sites,
    site_choices,
    sites_page,
    viewing_scope,
)
from trainer.services import site as sites
from trainer.views.guards import actor, ensure, found, once, requires
from trainer.views.lists import chosen, paging
from trainer.views.places import own_areas
from trainer.wording import choices, say

pages = Blueprint("site", __name__)

OPEN_OR_CLOSED = {"open": True, "closed": False}


@pages.get("/sites")
@requires(Permission.VIEW_PROGRAMME)
def index():
    page = sites_page(
        actor(),
        text=request.args.get("q", "").strip(),
        kind=chosen("kind", SiteKind),
        region_code=request.args.get("region", ""),
        is_open=OPEN_OR_CLOSED.get(request.args.get("state", "")),
        **({"per_page": 50} | paging() if "per_page" in request.args else {"page": request.args.get("page", 1, int)}),
    )
    return render_template(
        "site/index.html",
        page=page,
        sees_people=can(actor(), Permission.VIEW_COHORT),
        kinds=choices(SiteKind),
        regions=regions_of_sites(actor()),
    )


@pages.get("/sites/<int:site_id>")
@requires(Permission.VIEW_PROGRAMME)
def show(site_id: int):
    return _page(_seen(site_id))


def _seen(site_id: int):
    site = found(get_site(site_id))
    ensure(Permission.VIEW_PROGRAMME, viewing_scope(site))
    return site


def _page(site, error: str | None = None):
    people = count_people_at(site.id)
    rows = [(kind, people[kind]) for kind in (*PersonKind, None) if people.get(kind)]
    unseen = {} if can(actor(), Permission.VIEW_COHORT) else hidden_cells([{"people": n} for _kind, n in rows])
    page = render_template(
        "site/show.html",
        site=site,
        region=full_region_name(site.region_code),
        parent=get_site(site.parent_id) if site.parent_id else None,
        below=list_sites_below(site.id),
        cohorts=list_cohorts_at(actor(), site.id),
        people=[(kind, unseen.get((at, "people"), n)) for at, (kind, n) in enumerate(rows)],
        people_total=None if unseen else sum(people.values()),
        may_change=can(actor(), Permission.MANAGE_SITES, Scope(site.region_code)),
        form=CloseSiteForm(data={"version": site.version, "day": clock.today()}),
        error=error,
    )
    return page, 422 if error else 200


@pages.route("/sites/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SITES)
def new():
    form, error = SiteForm(), None
    if request.method == "GET":
        form.parent_id.data = request.args.get("parent", NONE, int)
        form.opened_on.data = clock.today()
    _offer(form)
    if form.validate_on_submit():
        ensure(Permission.MANAGE_SITES, Scope(form.region_code.data))
        try:
            site_id = once(
                form.idempotency_key.data,
                "site.create",
                lambda: sites.create_site(form.draft(), by=actor(), at=clock.now()).id,
            )
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("The site stands."))
            return redirect(url_for("site.show", site_id=site_id))
    page = render_template("site/form.html", form=form, error=error, site=None)
    return page, 422 if form.errors or error else 200


@pages.route("/sites/<int:site_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_SITES)
def edit(site_id: int):
    site = _hers(site_id)
    heading, error = {"id": site.id, "name": site.name}, None
    form = SiteForm() if request.method == "POST" else filled_form(site)
    _offer(form, site)
    if form.validate_on_submit():
        ensure(Permission.MANAGE_SITES, Scope(form.region_code.data))
        try:
            with transaction():
                sites.update_site(site_id, form.draft(), seen=form.seen, by=actor(), at=clock.now())
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("Saved."))
            return redirect(url_for("site.show", site_id=site_id))
    page = render_template("site/form.html", form=form, error=error, site=heading)
    return page, 422 if form.errors or error else 200


def _hers(site_id: int):
    site = found(get_site(site_id))
    ensure(Permission.MANAGE_SITES, Scope(site.region_code))
    return site


def _offer(form: SiteForm, site=None) -> None:
    """Her regions, and what may look after a site there; what the site has already is offered too."""
    areas = own_areas(Permission.MANAGE_SITES)
    regions = region_choices(deepest=3) if None in areas else region_choices_within(areas)
    keep = site.parent_id if site else None
    parents = site_choices(areas, keep=keep, kinds=list(SiteKind)[:-1])
    form.offer(regions, [row for row in parents if site is None or row[0] != site.id])


@pages.post("/sites/<int:site_id>/close")
@requires(Permission.MANAGE_SITES)
def close(site_id: int):
    _hers(site_id)
    form = CloseSiteForm()
    if not form.validate_on_submit():
        return _page(_hers(site_id), _("Say from which day on the site is closed."))
    return _act(site_id, lambda: sites.close_site(site_id, form.day.data, **_by(form)), _("The site is closed."))


@pages.post("/sites/<int:site_id>/reopen")
@requires(Permission.MANAGE_SITES)
def reopen(site_id: int):
    _hers(site_id)
    form = CloseSiteForm()
    return _act(site_id, lambda: sites.reopen_site(site_id, **_by(form)), _("The site is open again."))


def _by(form) -> dict:
    return {"seen": form.seen, "by": actor(), "at": clock.now()}


def _act(site_id: int, act, done: str):
    try:
        with transaction():
            act()
    except Refused as refused:
        return _page(_hers(site_id), say(refused))
    flash(done)
    return redirect(url_for("site.show", site_id=site_id), 303)


@pages.route("/people/<int:person_id>/belonging", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def belonging(person_id: int):
    """What kind of person she is, and her site."""
    person, error = _person(person_id), None
    now = {"kind": person.kind or "", "site_id": person.site_id or NONE, "version": person.version}
    heading = {"id": person.id, "name": person.name}
    form = BelongingForm() if request.method == "POST" else BelongingForm(data=now)
    form.offer(site_choices([person.region_code], keep=person.site_id))
    if form.validate_on_submit():
        site_id = form.site_id.data or None
        try:
            with transaction():
                sites.set_belonging(_person(person_id), form.chosen_kind, site_id, **_by(form))
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("Saved."))
            return redirect(url_for("person.show", person_id=person_id))
    page = render_template("site/belonging.html", form=form, error=error, person=heading)
    return page, 422 if form.errors or error else 200


def _person(person_id: int):
    return found(get_person_for(actor(), Permission.MANAGE_PEOPLE, person_id))

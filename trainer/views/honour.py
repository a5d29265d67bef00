"""Honours: entered and published by staff; the public list, year by year."""

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import Scope
from trainer.domain.honour import HonourState
from trainer.domain.search import parse
from trainer.errors import Refused
from trainer.forms.honour import HonourForm, WithdrawHonourForm
from trainer.permissions import Permission
from trainer.queries.honour import (
    HonourRow,
    get_honour,
    honours_page,
    list_public_honours,
    list_public_years,
    years_of_honours,
)
from trainer.queries.person import get_person_for, people_page
from trainer.queries.region import full_region_name
from trainer.services import honour as honours
from trainer.views.guards import actor, ensure, found, once, public, requires
from trainer.views.lists import chosen, paging
from trainer.wording import choices, say

pages = Blueprint("honour", __name__)
MANAGE = Permission.MANAGE_HONOURS


@pages.get("/honours")
@requires(MANAGE)
def index():
    """The list of staff: drafts, what is public, what was taken away."""
    return render_template(
        "honour/index.html",
        page=honours_page(
            actor(), year=request.args.get("year", type=int), state=chosen("state", HonourState), **paging()
        ),
        years=years_of_honours(actor()),
        states=choices(HonourState),
    )


@pages.route("/honours/new", methods=["GET", "POST"])
@requires(MANAGE)
def new():
    """A woman, looked for by name first, or a project."""
    person_id, is_project = request.args.get("person", type=int), request.args.get("kind") == "project"
    if not (person_id or is_project):
        return _choose_person()
    person = found(get_person_for(actor(), MANAGE, person_id)) if person_id else None
    known = {"year": clock.today().year, "region": full_region_name(person.region_code) if person else ""}
    form, error = HonourForm(person_id=person_id, data=known), None
    if form.validate_on_submit():
        try:
            honour_id = once(form.idempotency_key.data, "honour.new", lambda: _enter(form))
        except Refused as refused:
            error = refused
        else:
            flash(_("Entered. It is not public yet."))
            return redirect(url_for("honour.show", honour_id=honour_id), 303)
    page = render_template("honour/form.html", form=form, person=person, error=say(error) if error else None)
    return page, error.status if error else 422 if form.errors else 200


def _choose_person():
    text = parse(request.args.get("q", ""))
    if not text.may_stand_in_address:
        flash(_("Type a whole number into the search box: it must not stand in an address."), "bad")
        return redirect(url_for("honour.new"), 303)
    return render_template("honour/choose.html", page=people_page(actor(), text=text.text) if text.text else None)


def _enter(form: HonourForm) -> int:
    draft = form.draft()
    ensure(MANAGE, Scope(draft.region_code))
    if draft.person_id:
        found(get_person_for(actor(), MANAGE, draft.person_id))
    return honours.enter(draft, by=actor(), at=clock.now())


def _in_reach(honour_id: int) -> HonourRow:
    row = found(get_honour(honour_id))
    ensure(MANAGE, Scope(row.region_code))
    return row


@pages.route("/honours/<int:honour_id>", methods=["GET", "POST"])
@requires(MANAGE)
def show(honour_id: int):
    """One honour: how it stands on the public page, and the button to put it there or to take it away."""
    row, form, error = _in_reach(honour_id), WithdrawHonourForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                if request.form.get("act") == "withdraw":
                    honours.withdraw(honour_id, form.reason.data or "", by=actor(), at=clock.now())
                else:
                    honours.publish(honour_id, by=actor(), at=clock.now())
        except Refused as refused:
            error = refused
        else:
            flash(_("Saved."))
            return redirect(url_for("honour.show", honour_id=honour_id), 303)
    page = render_template("honour/show.html", honour=row, form=form, error=say(error) if error else None)
    return page, error.status if error else 422 if form.errors else 200


@pages.route("/honours/<int:honour_id>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit(honour_id: int):
    row = _in_reach(honour_id)
    known = {"year": row.year, "title": row.title, "project": row.project, "citation": row.citation}
    known |= {"region": full_region_name(row.region_code), "version": row.version}
    form, error = HonourForm(person_id=row.person_id, data=known), None
    if form.validate_on_submit():
        ensure(MANAGE, Scope(form.region_code))
        try:
            with transaction():
                honours.change(honour_id, form.draft(), seen=form.seen, by=actor(), at=clock.now())
        except Refused as refused:
            error = refused
        else:
            flash(_("Saved."))
            return redirect(url_for("honour.show", honour_id=honour_id), 303)
    page = render_template("honour/form.html", form=form, honour=row, error=say(error) if error else None)
    return page, error.status if error else 422 if form.errors else 200


@pages.get("/honour-roll")
@public
def years():
    """Every year of the public list."""
    return render_template("honour/years.html", years=list_public_years())


@pages.get("/honour-roll/<int:year>")
@public
def roll(year: int):
    """One year of it; whoever does not agree to be named stands there with a star."""
    known = list_public_years()
    this = found(next((one for one in known if one.year == year), None))
    rows = groupby(list_public_honours(year), lambda row: row.title)
    return render_template(
        "honour/roll.html", this=this, years=known, groups=[(title, list(own)) for title, own in rows]
    )

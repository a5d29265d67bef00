"""A woman's yearly statement: a page, and a picture of it to keep."""

import io

from flask import Blueprint, redirect, render_template, request, send_file, url_for

from trainer import clock
from trainer.documents.statement import statement_picture
from trainer.domain.people import mask_name
from trainer.domain.statement import Statement
from trainer.errors import NotFound
from trainer.permissions import Permission
from trainer.queries.person import get_person_for
from trainer.queries.shop import get_seller_for
from trainer.queries.statement import get_newest_year, get_statement
from trainer.services import reading_room
from trainer.views.guards import actor, found, herself, requires

pages = Blueprint("statement", __name__)
EARLIEST = 2000


@pages.get("/me/year")
@requires(Permission.VIEW_OWN_PROGRESS)
def newest():
    """On to the newest year that there is anything of."""
    year = get_newest_year(herself()) or clock.today().year
    return redirect(url_for("statement.show", year=min(year, clock.today().year)))


@pages.get("/me/year/<int:year>")
@requires(Permission.VIEW_OWN_PROGRESS)
def show(year: int):
    return render_template("statement/show.html", year=_own(year))


@pages.get("/me/year/<int:year>/picture")
@requires(Permission.VIEW_OWN_PROGRESS)
def keep(year: int):
    """The picture with what to do with it, and whether her name stands on it in full."""
    _possible(year)
    return render_template("statement/keep.html", year=year, in_full=_in_full())


@pages.get("/me/year/<int:year>.png")
@requires(Permission.VIEW_OWN_PROGRESS)
def picture(year: int):
    """Her name with a star, unless she wants it in full: she may show it to whom she likes."""
    name = actor().name if _in_full() else mask_name(actor().name)
    with reading_room.place():
        content = statement_picture(_own(year), name)
    return send_file(io.BytesIO(content), mimetype="image/png", download_name=f"{year}.png")


def _in_full() -> bool:
    return request.args.get("name") == "full"


def _own(year: int) -> Statement:
    return get_statement(herself(), _possible(year), today=clock.today())


def _possible(year: int) -> int:
    """No year that is still to come, nor one before all this."""
    if not EARLIEST <= year <= clock.today().year:
        raise NotFound()
    return year


@pages.get("/people/<int:person_id>/year/<int:year>")
@requires(Permission.VIEW_SALES)
def of_person(person_id: int, year: int):
    """The same as staff see it: her sales are part of it."""
    person = found(get_person_for(actor(), Permission.VIEW_PEOPLE, person_id))
    found(get_seller_for(actor(), Permission.VIEW_SALES, person_id))
    statement = get_statement(person_id, _possible(year), today=clock.today())
    return render_template("statement/of_person.html", year=statement, person=person)

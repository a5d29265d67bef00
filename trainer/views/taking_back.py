"""The page on which a row is taken back: what it is, why, and on to the page that it stands on."""

from collections.abc import Callable, Sequence

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.errors import Refused
from trainer.forms.taking_back import TakeBackForm
from trainer.views.form_page import form_page
from trainer.views.guards import actor


def take_back_page(act: Callable, id_: int, *, title: str, thing: str, trail: Sequence[tuple[str, str]]):
    """`act(id, reason, by=, at=)`; `thing`: what it is, in words; `trail`: (name, address) of the pages above, its own
    last."""
    form, error = TakeBackForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                act(id_, form.reason.data, by=actor(), at=clock.now())
        except Refused as refused:
            error = refused
        else:
            flash(_("Taken back. It stays in the list and does not count."))
            return redirect(trail[-1][1], 303)
    return form_page("taking_back/show.html", form, error, title=title, thing=thing, trail=trail)


def cohort_trail(cohort, name: str, address: str) -> list[tuple[str, str]]:
    """Down to a list of a class."""
    above = [(_("Cohorts"), url_for("cohort.index")), (cohort.name, url_for("cohort.show", cohort_id=cohort.id))]
    return [*above, (name, address)]


def programme_trail(programme, *below: tuple[str, str]) -> list[tuple[str, str]]:
    above = url_for("programme.show", programme_id=programme.id)
    return [(_("Programmes"), url_for("programme.index")), (programme.name, above), *below]

"""The page on which a call, a cost or paid days are taken back: what it is, why, and on to its list."""

from collections.abc import Callable

from flask import flash, redirect, render_template
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.errors import Refused
from trainer.forms.follow_up import TakeBackForm
from trainer.views.guards import actor
from trainer.wording import say


def take_back_page(act: Callable, id_: int, *, cohort, title: str, thing: str, list_title: str, back: str):
    """`act(id, reason, by=, at=)`; `thing`: what it is, in words; `list_title` and `back`: the list it stands in."""
    form, error = TakeBackForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                act(id_, form.reason.data, by=actor(), at=clock.now())
        except Refused as refused:
            error = refused
        else:
            flash(_("Taken back. It stays in the list and does not count."))
            return redirect(back, 303)
    words = {"title": title, "thing": thing, "list_title": list_title, "back": back}
    said = say(error) if error else None
    page = render_template("follow_up/take_back.html", cohort=cohort, form=form, error=said, **words)
    return page, error.status if error else 422 if form.errors else 200

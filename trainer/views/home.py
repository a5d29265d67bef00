"""The front door: whoever is signed in lands on what needs her; everybody else at the sign-in."""

from flask import Blueprint, g, redirect, render_template, url_for

from trainer.domain.actors import Role
from trainer.permissions import Permission, can
from trainer.queries.account import database_answers, has_accounts
from trainer.views.guards import public, to_the_sign_in

pages = Blueprint("home", __name__)


@pages.get("/")
@public
def index():
    """On to the page where her work begins."""
    if g.actor is None:
        return to_the_sign_in() if has_accounts() else render_template("home/empty.html")
    if not g.actor.is_staff:
        return redirect(url_for("trainee.show" if g.actor.person_id else "profile.show"))
    if g.actor.roles <= {Role.EVALUATOR}:
        return redirect(url_for("review.index"))
    if can(g.actor, Permission.VIEW_COHORT):
        return redirect(url_for("cohort.index"))
    if can(g.actor, Permission.VIEW_PROGRAMME):
        return redirect(url_for("programme.index"))
    return redirect(url_for("account.index"))


@pages.get("/healthz")
@public
def health():
    """For whoever watches the process: the database answers."""
    return {"status": "ok" if database_answers() else "database"}

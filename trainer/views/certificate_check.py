"""Checking a certificate, by anybody: a number typed or the QR code scanned. No session, nothing kept in a cache."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from trainer import clock
from trainer.database import transaction
from trainer.domain.certificate import LONGEST_NUMBER, has_right_digit, is_ours, tidy_number
from trainer.queries.certificate import find_number
from trainer.services import certificate_check as checks
from trainer.views.guards import public
from trainer.views.visitor import visitor
from trainer.wording import say
from trainer.wording.certificate import evidence_sentence

pages = Blueprint("certificate_check", __name__, url_prefix="/check")


@pages.get("")
@public
def ask():
    """A form without a session: what is typed goes into the address, as the QR code has it."""
    typed = request.args.get("number", "").strip()
    if typed:
        return redirect(url_for("certificate_check.show", number=tidy_number(typed)[:LONGEST_NUMBER] or "-"))
    return render_template("certificate_check/ask.html", typed="", error=None)


@pages.get("/<path:number>")
@public
def show(number: str):
    """What the number says. One with a wrong check digit is not looked up; an unknown one gets one neutral sentence."""
    tidy = tidy_number(number)
    if len(tidy) > LONGEST_NUMBER or not tidy.isprintable():
        return _again(checks.NoSuchNumber(), "")
    if tidy != number:
        return redirect(url_for("certificate_check.show", number=tidy))
    if is_ours(tidy, current_app.config["CERTIFICATE_PREFIX"]) and not has_right_digit(tidy):
        return _again(checks.LookAgain(), tidy)
    seen, now = visitor(), clock.now()
    try:
        with transaction():
            checks.count_look(seen.place, is_known=seen.device_id is not None, at=now)
    except checks.CheckedTooOften as refused:
        return _again(refused, tidy)
    checked = find_number(tidy)
    if checked is None:
        return _again(checks.NoSuchNumber(), tidy)
    return render_template("certificate_check/show.html", checked=checked, evidence=evidence_sentence)


def _again(refused: checks.NotChecked, typed: str):
    return render_template("certificate_check/ask.html", typed=typed, error=say(refused)), refused.status

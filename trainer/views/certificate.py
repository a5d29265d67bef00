"""Certificates for staff: the list, one with its history, its paper and picture, replacing and revoking."""

import io
from collections.abc import Callable, Mapping

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.certificate import PDF, PNG, Sheets, certificate_picture, undrawable
from trainer.domain.certificate import PREFIX, CertificateState, Issuer, Printable, check_address
from trainer.errors import Conflict, NotFound, Refused
from trainer.forms.certificate import EndForm
from trainer.forms.form import VersionForm
from trainer.permissions import Permission
from trainer.queries.certificate import (
    CertificateInFull,
    Issued,
    certificates_page,
    get_certificate,
    list_history,
)
from trainer.services import certificate as certificates
from trainer.views.guards import actor, ensure, found, requires
from trainer.views.lists import chosen, paging
from trainer.wording import choices, say
from trainer.wording.certificate import evidence_sentence

pages = Blueprint("certificate", __name__, url_prefix="/certificates")


class Undrawable(Refused):
    """A character that our font lacks: no empty box is ever printed."""

    code = "certificate_undrawable"


def check_prefix(settings: Mapping[str, object]) -> None:
    """Raises SystemExit where no number could be made of it."""
    if not PREFIX.fullmatch(str(settings["CERTIFICATE_PREFIX"])):
        raise SystemExit("CERTIFICATE_PREFIX must be one to eight letters from A to Z.")


def issuer() -> Issuer:
    return Issuer(current_app.config["CERTIFICATE_PREFIX"], current_app.config["ORGANISATION"])


def printable(one: Issued | CertificateInFull) -> Printable:
    """As it goes to paper. Raises NotFound where it was erased, Undrawable."""
    address = check_address(current_app.config["BASE_URL"], one.number)
    drawn = Printable(one.number, one.issued_on, found(one.facts), address)
    if missing := undrawable(drawn):
        raise Undrawable(characters=" ".join(f"{character} (U+{ord(character):04X})" for character in missing))
    return drawn


def certificate_filters() -> dict[str, object]:
    """What the list and the register are cut to."""
    return {"text": request.args.get("q", "").strip(), "state": chosen("state", CertificateState)}


def in_reach(certificate_id: int, permission: Permission = Permission.VIEW_CERTIFICATES) -> CertificateInFull:
    certificate = found(get_certificate(certificate_id))
    ensure(permission, certificate.scope)
    return certificate


@pages.get("")
@requires(Permission.VIEW_CERTIFICATES)
def index():
    page = certificates_page(actor(), **certificate_filters(), **paging())
    return render_template("certificate/index.html", page=page, state_choices=choices(CertificateState))


@pages.get("/<int:certificate_id>")
@requires(Permission.VIEW_CERTIFICATES)
def show(certificate_id: int):
    """What was printed, what became of it, and the others of the same enrolment."""
    certificate = in_reach(certificate_id)
    history = list_history(certificate.enrolment_id)
    return render_template(
        "certificate/show.html",
        certificate=certificate,
        history=history,
        numbers={step.id: step.number for step in history},
        successor=next((step for step in history if step.replaces_id == certificate_id), None),
        evidence=evidence_sentence,
        missing=undrawable(Printable(certificate.number, certificate.issued_on, certificate.facts, ""))
        if certificate.facts
        else "",
    )


@pages.get("/<int:certificate_id>/paper")
@requires(Permission.EXPORT_PEOPLE)
def paper(certificate_id: int):
    """A page to print, once more perhaps: the number stays; that it was printed is written down."""
    certificate = _valid(certificate_id, Permission.EXPORT_PEOPLE)
    drawn, sheets = printable(certificate), Sheets()  # in this order: sheets never finished leave the font's file open
    sheets.add(drawn)
    content = sheets.finish()
    with transaction():
        certificates.note_printing([certificate_id], certificate.cohort_id, by=actor(), at=clock.now())
    return send_file(io.BytesIO(content), mimetype=PDF, download_name=f"{certificate.number}.pdf")


@pages.get("/<int:certificate_id>/picture")
@requires(Permission.VIEW_CERTIFICATES)
def picture(certificate_id: int):
    """As she sees it on her phone."""
    return picture_of(_valid(certificate_id))


def picture_of(one: Issued | CertificateInFull):
    content = certificate_picture(printable(one))
    return send_file(io.BytesIO(content), mimetype=PNG, download_name=f"{one.number}.png")


def _valid(certificate_id: int, permission: Permission = Permission.VIEW_CERTIFICATES) -> CertificateInFull:
    """What does not count any more is neither printed nor shown as a picture."""
    certificate = in_reach(certificate_id, permission)
    if certificate.state is not CertificateState.VALID:
        raise NotFound()
    return certificate


@pages.route("/<int:certificate_id>/replace", methods=["GET", "POST"])
@requires(Permission.ISSUE_CERTIFICATES)
def replace(certificate_id: int):
    """A name was misspelt, an organisation renamed: a new one with what is true now."""

    def act(form: EndForm) -> int:
        return certificates.replace_certificate(
            certificate_id, form.reason.data, version=form.seen, issuer=issuer(), by=actor(), at=clock.now()
        )

    return _act(certificate_id, "replace", EndForm(), act, _("The new certificate is issued."))


@pages.route("/<int:certificate_id>/revoke", methods=["GET", "POST"])
@requires(Permission.ISSUE_CERTIFICATES)
def revoke(certificate_id: int):
    def act(form: EndForm) -> int:
        certificates.revoke(certificate_id, form.reason.data, version=form.seen, by=actor(), at=clock.now())
        return certificate_id

    return _act(certificate_id, "revoke", EndForm(), act, _("The certificate is revoked. The check page says so."))


@pages.route("/<int:certificate_id>/anew", methods=["GET", "POST"])
@requires(Permission.ISSUE_CERTIFICATES)
def anew(certificate_id: int):
    """After a revocation, which is never taken back."""

    def act(form: VersionForm) -> int:
        return certificates.issue_anew(certificate_id, version=form.seen, issuer=issuer(), by=actor(), at=clock.now())

    return _act(certificate_id, "anew", VersionForm(), act, _("The new certificate is issued."))


def _act(certificate_id: int, verb: str, form: VersionForm, act: Callable[[VersionForm], int], done: str):
    certificate = in_reach(certificate_id, Permission.ISSUE_CERTIFICATES)
    error, status = None, 200
    if form.validate_on_submit():
        try:
            with transaction():
                shown = act(form)
        except NotFound:
            raise
        except Refused as refused:
            error, status = say(refused), 409 if isinstance(refused, Conflict) else 422
        else:
            flash(done)
            return redirect(url_for("certificate.show", certificate_id=shown), 303)
    if not form.is_submitted():
        form.version.data = certificate.version
    page = render_template("certificate/act.html", certificate=certificate, verb=verb, form=form, error=error)
    return page, status if error else 422 if form.errors else 200

"""A trainee's certificates: the list, and each as a picture to keep."""

from flask import Blueprint, render_template

from trainer.errors import Refused
from trainer.permissions import Permission
from trainer.queries.certificate import Issued, get_own_certificate, list_own_certificates
from trainer.views.certificate import picture_of, printable
from trainer.views.guards import found, herself, requires

pages = Blueprint("own_certificate", __name__, url_prefix="/me/certificates")


@pages.get("")
@requires(Permission.VIEW_OWN_PROGRESS)
def index():
    return render_template("own_certificate/index.html", certificates=list_own_certificates(herself()))


@pages.get("/<int:certificate_id>")
@requires(Permission.VIEW_OWN_PROGRESS)
def show(certificate_id: int):
    """The picture as large as her screen, to be kept by a long press."""
    certificate = _own(certificate_id)
    try:
        address = printable(certificate).address
    except Refused:  # a character of her name that we cannot draw: the office writes it by hand
        address = None
    return render_template("own_certificate/show.html", certificate=certificate, address=address)


@pages.get("/<int:certificate_id>.png")
@requires(Permission.VIEW_OWN_PROGRESS)
def picture(certificate_id: int):
    return picture_of(_own(certificate_id))


def _own(certificate_id: int) -> Issued:
    certificate = found(get_own_certificate(herself(), certificate_id))
    found(certificate.facts)
    return certificate

"""Where to download each platform's files: for staff, for the women themselves, and templates where nothing is."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from trainer.documents.sales_template import sales_template
from trainer.domain.sales import Platform, SalesKind
from trainer.domain.sales_guide import chapters, find_template
from trainer.errors import NotFound
from trainer.permissions import Permission
from trainer.views.downloads import workbook_response
from trainer.views.guards import found, requires
from trainer.wording import choices, label

pages = Blueprint("sales_guide", __name__)


def _platform(said: str) -> Platform:
    if said not in set(Platform):
        raise NotFound()
    return Platform(said)


@pages.get("/sales/guides")
@requires(Permission.IMPORT_SALES)
def index():
    return render_template("sales_guide/index.html", platforms=choices(Platform))


@pages.get("/sales/guides/<platform>")
@requires(Permission.IMPORT_SALES)
def show(platform: str):
    chosen = _platform(platform)
    return render_template("sales_guide/show.html", platform=chosen, chapters=chapters(chosen))


@pages.get("/sales/templates/<platform>/<kind>.xlsx")
@requires(Permission.IMPORT_SALES)
def template(platform: str, kind: str):
    if kind not in set(SalesKind):
        raise NotFound()
    form = found(find_template(_platform(platform), SalesKind(kind)))
    name = _("Template %(platform)s %(kind)s", platform=label(form.platform), kind=label(form.kind))
    return workbook_response(sales_template(form), name)


@pages.get("/me/guides/<platform>")
@requires(Permission.VIEW_OWN_PROGRESS)
def mine(platform: str):
    """The same for herself: she downloads, and sends the file to her teacher."""
    chosen = _platform(platform)
    return render_template("sales_guide/mine.html", platform=chosen, chapters=chapters(chosen))

"""Templates of letters: the list, a new one, changing and deleting one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.errors import NotFound, Refused
from trainer.forms.form import VersionForm
from trainer.forms.message import TemplateForm
from trainer.permissions import Permission
from trainer.queries.message_template import TemplateRow, areas_to_write_for, get_template_for, list_templates
from trainer.services import message_template as templates
from trainer.views.guards import actor, found, once, requires
from trainer.wording import say

pages = Blueprint("message_template", __name__, url_prefix="/messages/templates")


@pages.get("")
@requires(Permission.SEND_MESSAGES)
def index():
    rows, may_make = list_templates(actor()), bool(areas_to_write_for(actor()))
    return render_template("message_template/index.html", rows=rows, may_make=may_make)


@pages.route("/new", methods=["GET", "POST"])
@requires(Permission.SEND_MESSAGES)
def new():
    form, error = _offered(TemplateForm()), None
    if form.validate_on_submit():
        try:
            once(form.idempotency_key.data, "message_template.create", lambda: _create(form))
        except Refused as refused:
            error = say(refused)
        else:
            return _saved(form)
    return _page(form, error)


def _create(form: TemplateForm) -> int:
    return templates.create_template(*_values(form), by=actor(), at=clock.now()).id


@pages.route("/<int:template_id>/edit", methods=["GET", "POST"])
@requires(Permission.SEND_MESSAGES)
def edit(template_id: int):
    template, error = _changeable(template_id), None
    facts = {name: getattr(template, name) for name in ("name", "subject", "body", "version")}
    form = _offered(TemplateForm(data={**facts, "region_code": template.region_code or ""}))
    if form.validate_on_submit():
        try:
            with transaction():
                templates.update_template(template_id, *_values(form), seen=form.seen, by=actor(), at=clock.now())
        except Refused as refused:
            error = say(refused)
        else:
            return _saved(form)
    return _page(form, error, template)


@pages.post("/<int:template_id>/delete")
@requires(Permission.SEND_MESSAGES)
def delete(template_id: int):
    template, form = _changeable(template_id), VersionForm()
    try:
        with transaction():
            templates.delete_template(template_id, seen=form.seen, by=actor(), at=clock.now())
    except Refused as refused:
        flash(say(refused), "bad")
    else:
        flash(_("The template “%(name)s” was deleted.", name=template.name))
    return redirect(url_for("message_template.index"))


def _changeable(template_id: int) -> TemplateRow:
    """404 unless it is for an area of hers."""
    template = found(get_template_for(actor(), template_id))
    if not template.is_changed_by(actor()):
        raise NotFound()
    return template


def _offered(form: TemplateForm) -> TemplateForm:
    """404 for somebody who works for one cohort only: a template is an area's."""
    areas = areas_to_write_for(actor())
    if not areas:
        raise NotFound()
    form.offer((code, name or _("Every area")) for code, name in areas)
    return form


def _values(form: TemplateForm) -> tuple[str, str, str, str | None]:
    return form.name.data, form.subject.data, form.body.data, form.region_code.data or None


def _saved(form: TemplateForm):
    flash(_("The template “%(name)s” was saved.", name=form.name.data))
    return redirect(url_for("message_template.index"))


def _page(form: TemplateForm, error: str | None, template: TemplateRow | None = None):
    page = render_template("message_template/form.html", form=form, error=error, template=template)
    return page, 422 if error or form.errors else 200

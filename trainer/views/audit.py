"""The audit trail for whoever checks what was done: read, filtered, never changed."""

from flask import Blueprint, render_template, request

from trainer.permissions import Permission
from trainer.queries.audit import events_page, list_object_types
from trainer.views.guards import requires
from trainer.views.lists import paging

pages = Blueprint("audit", __name__, url_prefix="/audit")


@pages.get("")
@requires(Permission.VIEW_AUDIT)
def index():
    page = events_page(
        who=request.args.get("q", ""),
        action=request.args.get("action", ""),
        object_type=request.args.get("thing", ""),
        object_id=request.args.get("number", ""),
        **paging(),
    )
    return render_template("audit/index.html", page=page, things=[(name, name) for name in list_object_types()])

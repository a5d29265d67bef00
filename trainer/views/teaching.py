"""What one teaches oneself: lessons to come, rolls to take and to close, hours by month and class."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.teaching import hours_workbook
from trainer.documents.workbook import export_lines
from trainer.domain.teaching import TaughtLesson, hours_taught
from trainer.permissions import Permission
from trainer.queries.teaching import list_taught
from trainer.services import audit
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, requires
from trainer.wording.teaching import TITLE

pages = Blueprint("teaching", __name__)

# Two school years: what is settled with an office.
BACK = timedelta(days=731)
SHOWN = 60


@pages.get("/my-teaching")
@requires(Permission.MARK_ATTENDANCE)
def index():
    """The next lesson first; what is over and not closed stands out; then the hours."""
    lessons, now = _taught(), clock.now()
    to_come = [lesson for lesson in lessons if lesson.ends_at > now]
    over = [lesson for lesson in reversed(lessons) if lesson.ends_at <= now]
    return render_template(
        "teaching/index.html",
        to_come=to_come[:SHOWN],
        to_close=[lesson for lesson in over if not lesson.is_given][:SHOWN],
        given=[lesson for lesson in over if lesson.is_given][:SHOWN],
        hours=hours_taught(lessons),
        today=clock.today(),
    )


@pages.get("/my-teaching.xlsx")
@requires(Permission.MARK_ATTENDANCE)
def export():
    """The hours as the office files them."""
    hours = hours_taught(_taught())
    title = f"{actor().name} {TITLE}"
    above = export_lines(title, unit=_("She Power training"), at=clock.local(clock.now()), by=actor().name)
    with transaction():
        audit.record("teaching.export", "account", actor().account_id, by=actor(), at=clock.now(), rows=len(hours))
    return workbook_response(hours_workbook(above, hours), title)


def _taught() -> list[TaughtLesson]:
    return list_taught(actor().account_id, since=clock.now() - BACK)

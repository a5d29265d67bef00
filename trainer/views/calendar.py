"""The calendar of lessons, and the secret address from which one's own calendar program fetches them."""

from datetime import date, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.calendar import calendar_file
from trainer.domain.attendance import LessonKind
from trainer.domain.calendar import month_after, weeks_of
from trainer.forms.form import Form
from trainer.permissions import Permission
from trainer.queries.account import get_account, get_actor
from trainer.queries.calendar import (
    find_feed,
    get_feed_of,
    list_feed_lessons,
    list_lessons_between,
    list_running_cohorts,
)
from trainer.queries.holiday import get_holidays
from trainer.services import calendar as feeds
from trainer.views.guards import actor, found, public, requires, signed_in
from trainer.views.lists import chosen
from trainer.wording import choices

pages = Blueprint("calendar", __name__)


@pages.get("/calendar")
@requires(Permission.VIEW_CALENDAR)
def index():
    """A month of lessons within reach, by weeks; on a phone as a list."""
    month, kind = _month(), chosen("kind", LessonKind)
    first, last = month - timedelta(days=month.weekday()), month_after(month, 1) + timedelta(days=6)
    lessons = list_lessons_between(actor(), first, last, cohort_id=request.args.get("cohort", type=int), kind=kind)
    weeks = weeks_of(month, lessons)
    days = [day.day for week in weeks for day in week]
    return render_template(
        "calendar/index.html",
        month=month,
        weeks=weeks,
        holidays=get_holidays(days),
        cohorts=list_running_cohorts(actor(), days[0], days[-1]),
        kinds=choices(LessonKind),
        before=month_after(month, -1),
        after=month_after(month, 1),
        today=clock.today(),
    )


def _month() -> date:
    """The month that the address names, else the present one."""
    try:
        named = date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return clock.today().replace(day=1)
    return named if 2000 <= named.year <= 2100 else clock.today().replace(day=1)


@pages.route("/calendar/address", methods=["GET", "POST"])
@signed_in
def address():
    """Her address: made (and told this once), or taken back."""
    form, token = Form(), None
    if form.validate_on_submit():
        with transaction():
            if request.form.get("act") == "revoke":
                feeds.revoke_feed(by=actor(), at=clock.now())
            else:
                token = feeds.make_feed(by=actor(), at=clock.now())
        if token is None:
            flash(_("The address no longer works."))
            return redirect(url_for("calendar.address"), 303)
    page = render_template(
        "calendar/address.html",
        form=form,
        feed=get_feed_of(actor().account_id),
        url=_absolute(url_for("calendar.feed", secret=token)) if token else None,
    )
    return page, 422 if form.errors else 200


def _absolute(path: str) -> str:
    return current_app.config["BASE_URL"].rstrip("/") + path


@pages.get("/calendar/<secret>.ics")
@public
def feed(secret: str) -> Response:
    """What the account may see now, to whoever knows the address: lessons, and nothing of any woman."""
    now = clock.now()
    one = found(find_feed(secret))  # 256 random bits: nobody needs to be slowed down
    who = get_actor(get_account(one.account_id))
    lessons = list_feed_lessons(who, at=now)
    if feeds.is_worth_noting(one, at=now):
        with transaction():
            feeds.note_fetch(one.id, at=now)
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "trainer"
    answer = make_response(calendar_file(lessons, name=_("She Power training"), host=host, at=now))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer

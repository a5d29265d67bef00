"""The view for a wall: great numbers for a leader's visit, that turn by themselves and name nobody."""

from datetime import timedelta

from flask import Blueprint, current_app, g, make_response, render_template, request, url_for
from flask_babel import gettext as _

from trainer.documents.outcome_comparison import age_chart
from trainer.domain.outcome_comparison import by_area
from trainer.permissions import Permission
from trainer.queries.programme import get_programme
from trainer.queries.region import region_names
from trainer.views.guards import ensure, found, requires
from trainer.views.outcome_comparison import asked, compared
from trainer.wording.outcome_comparison import HEADS

pages = Blueprint("outcome_wall", __name__)

TURN_AFTER = 60  # seconds
AREAS_A_SCREEN, MOST_SCREENS = 7, 20


@pages.get("/outcomes/wall")
@requires(Permission.VIEW_OUTCOME_SUMS)
def show():
    """Screen 1 numbers, 2 the ages, 3 and on the areas. A wall is public: small numbers are hidden whoever opened it.

    It turns by a header of the answer, so it needs no script, and does not count as work: see guards.UNATTENDED.
    """
    cut = asked()
    programme = found(get_programme(cut.programme_id)) if cut.programme_id else None
    if programme:
        ensure(Permission.VIEW_PROGRAMME, programme.viewing_scope)
    comparison, _cities = compared(cut, hide_small=True)
    areas = by_area(comparison)
    screens = min(2 + -(-len(areas) // AREAS_A_SCREEN), MOST_SCREENS) if comparison.together else 1
    screen = min(max(request.args.get("screen", 1, int), 1), screens)
    on_screen = areas[(screen - 3) * AREAS_A_SCREEN :][:AREAS_A_SCREEN] if screen > 2 else []
    page = render_template(
        "outcome_wall/show.html",
        comparison=comparison,
        programme=programme,
        region=region_names({cut.region_code}).get(cut.region_code) if cut.region_code else None,
        organisation=current_app.config["ORGANISATION"] or _("She Power training"),
        screen=screen,
        screens=screens,
        chart=age_chart(comparison) if screen == 2 else None,
        areas=on_screen,
        names=region_names({line.region_code for line in on_screen}),
        ends_at=g.live.last_seen_at + timedelta(minutes=current_app.config["SESSION_IDLE_MINUTES"]),
        is_held="hold" in request.args,
        heads=HEADS,
    )
    answer = make_response(page)
    if "hold" not in request.args:
        answer.headers["Refresh"] = f"{TURN_AFTER}; url={_next(screen % screens + 1)}"
    return answer


def _next(screen: int) -> str:
    kept = {name: request.args.get(name) for name in ("programme", "region", "track", "year", "day", "lang")}
    return url_for("outcome_wall.show", **kept, screen=screen)

"""The charts of a cohort's outcomes."""

from datetime import timedelta

from markupsafe import Markup

from trainer.documents.chart import Axis, Line, lines
from trainer.domain.outcomes import MONTH, CohortFigures, Week
from trainer.wording.outcomes import CHARTS, DEFINITIONS

# Fewer points are no curve.
FEWEST_POINTS = 2


def outcome_charts(figures: CohortFigures) -> dict[str, Markup]:
    """By name; what has too few points to be drawn is left out."""
    weeks = [week for week in figures.weeks if week.n]
    shares = [(week.number, week.broadcasting / week.n) for week in weeks if week.broadcasting is not None]
    sales = [
        (week.number, week.firm_net_fen / week.n / 100)
        for week in weeks
        if week.firm_net_fen is not None and _is_firm(week, figures)
    ]
    ordered = [(0, 0.0), *((step.day, 1 - step.survival) for step in figures.first_order.steps)]
    by_week, whole = Axis(str(CHARTS["weeks"])), (0, 1)
    drawn = {
        "broadcasting": (shares, by_week, Axis(str(CHARTS["share_of_women"]), "percent", *whole), False),
        "sales": (sales, by_week, Axis(str(CHARTS["yuan_each"]), "yuan"), False),
        "first_order": (
            _until_today(ordered, figures),
            Axis(str(CHARTS["days"])),
            Axis(str(CHARTS["share_of_women"]), "percent", *whole),
            True,
        ),
    }
    return {
        name: _curve(name, points, across, up, steps=steps)
        for name, (points, across, up, steps) in drawn.items()
        if len(points) >= FEWEST_POINTS
    }


def _is_firm(week: Week, figures: CohortFigures) -> bool:
    """Thirty days later orders do not come back; before that the curve would fall at its end, whatever was sold."""
    return figures.course_end + timedelta(weeks=week.number) + MONTH <= figures.as_of


def _until_today(ordered, figures: CohortFigures):
    """The last step holds to the day of the figures."""
    days = (figures.as_of - figures.course_end).days
    return [*ordered, (days, ordered[-1][1])] if len(ordered) > 1 and days > ordered[-1][0] else ordered[1:] and ordered


def _curve(name: str, points, across: Axis, up: Axis, *, steps: bool) -> Markup:
    title = str(CHARTS[name])
    return lines(title, str(DEFINITIONS[name]), (Line(title, tuple(points)),), across, up, steps=steps)

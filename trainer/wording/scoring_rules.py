"""Words for the published formula of each scoring rule."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

FORMULAS: dict[str, object] = {
    "rank_step": _("The best in %(field)s gets %(points)s points, each following rank %(step)s less, not below zero."),
    "per_unit": _("%(points_per_unit)s points for every %(unit)s of %(field)s, parts in proportion."),
    "min_max": _("%(points)s × (%(field)s − %(low)s) ÷ (%(high)s − %(low)s), between 0 and %(points)s points."),
    "percentile": _("%(points)s × the share of all whose %(field)s is lower, equals (herself too) counting half."),
    "percentile_in_group": _(
        "%(points)s × the share of those with the same %(group)s whose %(field)s is lower, "
        "equals (herself too) counting half."
    ),
    "bands": _("Points by %(field)s: %(bands)s; below the lowest threshold 0."),
    "weighted": _("%(points)s × %(field)s ÷ %(of)s."),
    "judged_mean": _("%(points)s × the mean of the judges' marks (%(fields)s) ÷ %(of)s."),
    "judged_median": _("%(points)s × the median of the judges' marks (%(fields)s) ÷ %(of)s."),
    "judged_drop_extremes": _(
        "%(points)s × the mean of the marks of %(judges)s judges, without one highest and one lowest, ÷ %(of)s."
    ),
}
LIMITS: dict[str, object] = {"floor": _(" At least %(floor)s points."), "cap": _(" At most %(cap)s points.")}


def formula_sentence(kind: str, values: Mapping[str, str]) -> str:
    """The published formula of one criterion of a scoring rule."""
    if kind == "judged":
        kind = f"judged_{values['aggregate']}"
    elif kind == "percentile" and values["group"]:
        kind = "percentile_in_group"
    limits = (str(words) % values for name, words in LIMITS.items() if name in values)
    return str(FORMULAS[kind]) % values + "".join(limits)

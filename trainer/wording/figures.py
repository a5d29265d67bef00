"""Words for the figures that rules ask for: what each is called, how it is counted, where it comes from."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from trainer.domain.figures import ASSESSMENT, ROUND, SHEETS, TABLE, FigureSource, FigureUnit, describe, survey_question
from trainer.wording.survey import ASKED, ASKED_WHEN

LABELS = {
    FigureSource: {
        FigureSource.ATTENDANCE: _("From the roll"),
        FigureSource.SALES: _("From order files"),
        FigureSource.BROADCASTS: _("From broadcasts"),
        FigureSource.ASSESSMENTS: _("From assessments"),
        FigureSource.SURVEYS: _("From questionnaires"),
        FigureSource.RECORD: _("From her record"),
        FigureSource.TABLE: _("From your own table"),
        FigureSource.ROUNDS: _("From an earlier round"),
        FigureSource.SHEETS: _("From the score sheets"),
    },
    FigureUnit: {
        FigureUnit.PERCENT: _("in percent"),
        FigureUnit.HOURS: _("in hours"),
        FigureUnit.FEN: _("in yuan"),
        FigureUnit.COUNT: _("a number"),
        FigureUnit.POINTS: _("in points"),
        FigureUnit.LEVEL: _("mean level"),
        FigureUnit.YES_NO: _("1 yes, 0 no"),
        FigureUnit.TEXT: _("a word"),
        FigureUnit.ANY: _("as in the table"),
    },
}
TONES: dict = {}
NAMES: dict[str, object] = {
    "attendance_rate": _("Attendance rate"),
    "attended_hours": _("Hours attended"),
    "net_sales_fen": _("Net sales"),
    "gross_sales_fen": _("Sales before refunds"),
    "paid_orders": _("Paid orders (number)"),
    "weekly_net_fen": _("Net sales a week after the course"),
    "net_growth_fen": _("Growth of net sales"),
    "still_selling": _("Still broadcasting on day 90"),
    "livestreams": _("Broadcasts held"),
    "live_viewers": _("Viewers of her broadcasts"),
    "service_hours": _("Hours of service given"),
    "certificate": _("Certificate of her class"),
    "county": _("County"),
    "cohort": _("Cohort"),
    "business": _("Business"),
}
COUNTED: dict[str, object] = {
    "attendance_rate": _(
        "Attended of the counted hours of closed lessons, as the rule of her class counts them. 80 is four fifths."
    ),
    "attended_hours": _("Hours of closed lessons that count as attended by the rule of her class."),
    "net_sales_fen": _(
        "Paid less refunded, of orders that are settled or whose file came 30 days after payment; what a check excluded "
        "does not count. Goods sold for others: her commission."
    ),
    "gross_sales_fen": _("Paid in orders that are settled or whose file came 30 days after payment, before refunds."),
    "paid_orders": _("How many orders that were paid and are settled or whose file came 30 days after payment."),
    "weekly_net_fen": _("Net sales after the course, divided by the weeks that her own data reach; from one week on."),
    "net_growth_fen": _(
        "Net sales of the 90 days after the course less those of the 90 days before it. Known only with files of before, "
        "or where her shop was opened since."
    ),
    "still_selling": _("Whether she broadcast in the thirty days before day 90 after the course, where that is known."),
    "livestreams": _("Since the course began: those that a platform's list knows, or that were typed in and checked."),
    "live_viewers": _("All viewers of those broadcasts together, where their number is known."),
    "service_hours": _("Approved hours of help to others. Whoever has none in the ledger has no figure."),
    "certificate": _("Whether she has a valid one of the class she applies from."),
    "county": _("Where she lives."),
    "cohort": _("The code of the class she applies from."),
    "business": _("As it stands in her record."),
}
SENTENCES: dict[str, object] = {
    "too_many_criteria": _("There can be %(most)s at most."),
    "too_many_digits": _("%(value)s has too many digits to be kept exactly."),
    "code_unfit": _("“%(criterion)s” cannot be a code: letters, digits, _ and - only, 30 at most."),
    "name_unfit": _("The name of %(criterion)s must be a text of %(most)s characters at most."),
    "levels_unfit": _("%(criterion)s needs 2 to 10 levels, each with words of 200 characters at most."),
    "levels_and_scale": _("%(criterion)s has %(levels)s levels: “of” must be one less, not %(of)s."),
    "not_on_sheets": _("%(criterion)s is judged on sheets: it cannot have the setting %(setting)s."),
    "needs_a_cap": _("%(criterion)s needs a cap: in a round each criterion has a highest number of points."),
    "points_unfit": _(
        "The points of %(criterion)s must be above 0 and at most 100, with two decimals; not %(points)s."
    ),
    "unknown_figure": _("%(criterion)s asks for “%(field)s”, which is no figure of ours."),
    "weighted_unbounded": _(
        "%(criterion)s is a share of a highest value, but this figure can grow past any. Use thresholds, or the range "
        "between the lowest and the highest."
    ),
    "figure_cell_not_a_number": _("%(candidate)s: “%(value)s” (%(field)s) is not a number."),
    "figure_mark_outside_scale": _("%(candidate)s: “%(value)s” (%(field)s) is not between 0 and %(maximum)s."),
    "figure_mark_missing_to_drop": _(
        "A mark of %(candidate)s for %(criterion)s is missing. The highest and lowest may be dropped only where every "
        "judge has marked everybody."
    ),
    "table_without_codes": _("No column headed “code” or “name” was found in the first ten rows."),
    "table_without_rows": _("There are no rows below the headings."),
    "table_without_figures": _("There is no column beside the codes or names."),
    "table_column_twice": _("There are two columns called “%(column)s”. Give each its own heading."),
    "table_too_large": _("A table can have %(rows)s rows and %(columns)s columns at most."),
    "table_heading_long": _("The heading “%(column)s…” is longer than %(most)s characters."),
    "table_row_nameless": _("Row %(row)s names nobody: code or name is empty."),
    "table_row_unknown": _("Row %(row)s: “%(value)s” is no candidate of this round."),
    "table_row_namesakes": _("Row %(row)s: several candidates are called %(value)s. Use the codes."),
    "table_row_twice": _("Row %(row)s: %(value)s stands in the table twice."),
    "rules_too_large": _("The file is larger than 200 KB."),
    "closes_in_the_past": _("The end of scoring must lie ahead."),
}


def figure_name(code: str, names: Mapping[str, str] = {}) -> str:
    """What people call a figure. `names`: what only the records know, such as what an assessment is called."""
    if code in names:
        return names[code]
    if code in NAMES:
        return str(NAMES[code])
    if code.startswith(TABLE):
        return code.removeprefix(TABLE)
    if code.startswith(ROUND):
        return str(_("Total of round %(number)s") % {"number": code.removeprefix(ROUND)})
    if code.startswith(ASSESSMENT):
        return str(_("Score of an assessment"))
    if code.startswith(SHEETS):
        return str(_("Mean level on the sheets (%(code)s)") % {"code": code.removeprefix(SHEETS)})
    asked = survey_question(code)
    return f"{ASKED_WHEN[asked[0]]}：{ASKED[asked[1].code][0]}" if asked else code


def with_unit(code: str, names: Mapping[str, str] = {}) -> str:
    """Net sales (in yuan); what has no unit of its own, plain."""
    field = describe(code)
    plain = field is None or field.unit in (FigureUnit.ANY, FigureUnit.TEXT, FigureUnit.COUNT)
    name = figure_name(code, names)
    return name if plain else f"{name} ({LABELS[FigureUnit][field.unit]})"

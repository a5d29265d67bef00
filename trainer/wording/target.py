"""Words for targets of a programme: their states, headings of the results sheet, what its columns mean."""

from flask_babel import lazy_gettext as _

from trainer.domain.target import TargetState

LABELS: dict[type, dict] = {
    TargetState: {
        TargetState.REACHED: _("Target reached"),
        TargetState.ON_THE_WAY: _("On the way"),
        TargetState.OVERDUE: _("Past its day, not reached"),
    },
}
TONES: dict[type, dict] = {
    TargetState: {
        TargetState.REACHED: "good",
        TargetState.ON_THE_WAY: "plain",
        TargetState.OVERDUE: "attention",
    },
}
SENTENCES: dict[str, object] = {}

TOO_FEW = _("not shown: too few people")
NOTES = (
    _(
        "“As of” is the day the figure speaks of: today for what is counted now, the day of the last reckoning for outcomes, "
        "the oldest of the readings added up for counties."
    ),
    _("Outcomes go along with the courses; that the courses alone brought them about, these figures do not say."),
    _(
        "Figures with fewer than five people behind them, or fewer than five left out, are not shown outside the federation."
    ),
)
SHEET = {
    "title": _("Targets and results of %(programme)s"),
    "targets": _("Targets"),
    "evidence": _("What stands behind"),
    "kind": _("What was promised"),
    "value": _("Target"),
    "actual": _("Reached"),
    "share": _("Share of the target"),
    "state": _("State"),
    "due_on": _("By when"),
    "as_of": _("As of"),
    "source": _("Where it is written"),
    "meaning": _("How it is counted"),
    "words": _("Cohort, county or mentor"),
    "said": _("How much of it"),
    "note": _("Note"),
}

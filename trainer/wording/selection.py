"""Words for selections, rounds, reviews and rankings."""

from flask_babel import lazy_gettext as _

from trainer.domain.selection import (
    ApplicationState,
    CriterionKind,
    RankingFlag,
    ReviewState,
    RoundKind,
    RoundState,
    SelectionKind,
)

LABELS = {
    SelectionKind: {
        SelectionKind.ADVANCED_TRAINING: _("Advanced training"),
        SelectionKind.STARTUP_FUNDING: _("Startup funding"),
    },
    RoundKind: {
        RoundKind.SCREENING: _("Screening"),
        RoundKind.EXPERT: _("Expert review"),
        RoundKind.FIELD: _("Field visit"),
        RoundKind.FINAL: _("Final"),
    },
    RoundState: {
        RoundState.DRAFT: _("Being prepared"),
        RoundState.OPEN: _("Scoring open"),
        RoundState.CLOSED: _("Scoring closed"),
    },
    CriterionKind: {
        CriterionKind.JUDGED: _("Judged by evaluators"),
        CriterionKind.ATTENDANCE_RATE: _("Attendance rate"),
        CriterionKind.NET_SALES: _("Net sales"),
    },
    ReviewState: {
        ReviewState.NOT_STARTED: _("Not started"),
        ReviewState.DRAFT: _("Draft"),
        ReviewState.SUBMITTED: _("Submitted"),
    },
    ApplicationState: {
        ApplicationState.SUBMITTED: _("Candidate"),
        ApplicationState.WITHDRAWN: _("Withdrawn"),
    },
    RankingFlag: {
        RankingFlag.TIE_ON_CUT_LINE: _("tie on the line"),
        RankingFlag.TOO_FEW_REVIEWS: _("fewer than two sheets"),
        RankingFlag.NO_ATTENDANCE_DATA: _("no attendance data"),
        RankingFlag.NO_SALES_DATA: _("no sales data"),
        RankingFlag.TOO_LITTLE_KNOWN: _("less than 60 percent known"),
    },
}

TONES = {
    RoundState: {
        RoundState.OPEN: "attention",
        RoundState.CLOSED: "good",
    },
    ReviewState: {
        ReviewState.DRAFT: "attention",
        ReviewState.SUBMITTED: "good",
    },
    ApplicationState: {ApplicationState.WITHDRAWN: "quiet"},
    RankingFlag: dict.fromkeys(RankingFlag, "attention"),
}

SENTENCES: dict[str, object] = {
    "area_outside_programme": _("The area lies outside the programme's. Choose one within it."),
    "cohort_outside_area": _("This cohort lies outside the selection's area."),
    "computed_twice": _("“%(kind)s” stands in the score sheet twice. Each record counts once."),
    "plan_names_her": _("The text names her (“%(part)s”). Evaluators read blind: take it out."),
    "already_withdrawn": _("She has withdrawn already."),
    "round_not_draft": _(
        "The round has been opened: score sheet, candidates, texts and evaluators stand still now, so that all are "
        "scored alike."
    ),
    "round_not_open": _("The round is not open for scoring (any more). Nothing was changed."),
    "round_not_closed": _("The round is not closed."),
    "rubric_missing": _("There is no score sheet yet. Write it first."),
    "no_judged_criterion": _("The score sheet has nothing for the evaluators to judge. Add a judged criterion."),
    "no_candidates": _("There are no candidates yet. Add them first."),
    "unread_candidates": _("%(count)s candidates have no evaluator. Deal the applications out (again)."),
    "no_evaluators": _("Choose at least one evaluator."),
    "too_few_evaluators": _(
        "%(readers)s evaluators for each application were asked for, but %(evaluators)s are chosen."
    ),
    "no_sheets": _("Nobody has submitted a sheet yet. A ranking of nothing would be no advice."),
    "reason_missing": _("Say why: the reason is kept with the change."),
    "level_outside_rubric": _("The sheet holds a level that the score sheet does not have. Open the page afresh."),
    "too_little_answered": _(
        "Less than 60 percent of the weight is answered. Such a sheet cannot be counted; answer more, or leave it as a draft."
    ),
    "unanswered": _(
        "Not answered: %(criteria)s. Answer, or tick below that you abstain; the rest is then weighted anew."
    ),
    "nothing_changed": _("This very sheet was submitted already. Nothing was changed."),
    "not_ranked_yet": _("There is a ranking only while the round is closed. Nobody sees a live one."),
}

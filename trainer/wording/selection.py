"""Words for selections, rounds, reviews and rankings."""

from flask_babel import lazy_gettext as _

from trainer.domain.selection import (
    Aggregate,
    ApplicationState,
    AssignmentOrigin,
    CandidacyOrigin,
    CriterionKind,
    QuotaAttribute,
    RankedBy,
    RankingFlag,
    Recommendation,
    ReferralKind,
    ReviewState,
    RoundKind,
    RoundState,
    SelectionKind,
    SheetSource,
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
        RoundState.FROZEN: _("The round result is frozen"),
    },
    CriterionKind: {
        CriterionKind.JUDGED: _("Judged by evaluators"),
        CriterionKind.RANK_STEP: _("By rank: the best full points, each rank a step less"),
        CriterionKind.PER_UNIT: _("So many points for every unit"),
        CriterionKind.MIN_MAX: _("Between the lowest and the highest"),
        CriterionKind.PERCENTILE: _("Share of those she is ahead of"),
        CriterionKind.BANDS: _("Points by thresholds"),
        CriterionKind.WEIGHTED: _("In proportion to a full mark"),
        CriterionKind.MARKS: _("Judges' marks from a table"),
    },
    ReviewState: {
        ReviewState.NOT_STARTED: _("Not started"),
        ReviewState.DRAFT: _("Draft"),
        ReviewState.SUBMITTED: _("Submitted"),
    },
    ApplicationState: {
        ApplicationState.DRAFT: _("Not handed in"),
        ApplicationState.SUBMITTED: _("Candidate"),
        ApplicationState.REFERRED: _("Led to other support"),
        ApplicationState.WITHDRAWN: _("Withdrawn"),
    },
    RankedBy: {
        RankedBy.RAW: _("the plain mean of the sheets"),
        RankedBy.ADJUSTED: _("the mean with the evaluators' severity taken out"),
    },
    Aggregate: {
        Aggregate.MEAN: _("mean"),
        Aggregate.MEDIAN: _("median"),
        Aggregate.DROP_EXTREMES: _("without one highest and one lowest, mean of the rest"),
    },
    CandidacyOrigin: {
        CandidacyOrigin.APPLIED: _("Applied"),
        CandidacyOrigin.ADVANCED: _("By her rank"),
        CandidacyOrigin.NAMED: _("Named with a reason"),
    },
    QuotaAttribute: {
        QuotaAttribute.COUNTY: _("County"),
        QuotaAttribute.COHORT: _("Cohort"),
        QuotaAttribute.BUSINESS: _("Business"),
    },
    ReferralKind: {
        ReferralKind.NEXT_COURSE: _("A place in the next course"),
        ReferralKind.PRACTICE: _("Livestream practice with a mentor"),
        ReferralKind.MICROLOAN: _("A guaranteed microloan for women"),
        ReferralKind.MENTOR: _("A mentor for her business"),
        ReferralKind.SHOP_HELP: _("Help with her shop"),
        ReferralKind.OTHER_BODY: _("Another office or organisation"),
    },
    AssignmentOrigin: {
        AssignmentOrigin.AUTO: _("dealt out"),
        AssignmentOrigin.ANCHOR: _("read by all"),
        AssignmentOrigin.MANUAL: _("given by hand"),
        AssignmentOrigin.ADAPTIVE: _("one more reader near the line"),
        AssignmentOrigin.THIRD_READER: _("third reader"),
        AssignmentOrigin.REPLACEMENT: _("in place of another"),
    },
    Recommendation: {
        Recommendation.SUPPORT: _("Support"),
        Recommendation.SUPPORT_WITH_CHANGES: _("Support, with changes"),
        Recommendation.NOT_NOW: _("Not this time"),
    },
    SheetSource: {SheetSource.SCREEN: _("on the screen"), SheetSource.PAPER: _("on paper")},
    RankingFlag: {
        RankingFlag.TIE_ON_CUT_LINE: _("tie on the line"),
        RankingFlag.TOO_FEW_REVIEWS: _("fewer than two sheets"),
        RankingFlag.GREY_ZONE: _("grey zone"),
        RankingFlag.ONE_JUDGE_DECIDES: _("one evaluator decides"),
        RankingFlag.INFLATED_REVIEW: _("a sheet far too high"),
        RankingFlag.UNLINKED_JUDGES: _("evaluators not linked"),
        RankingFlag.MISSING_FIGURE: _("a figure is missing"),
        RankingFlag.VETO: _("to be discussed"),
        RankingFlag.AGAINST_ADVICE: _("advice and levels disagree"),
        RankingFlag.TOO_LITTLE_KNOWN: _("less than 60 percent known"),
    },
}

TONES = {
    RoundState: {
        RoundState.OPEN: "attention",
        RoundState.CLOSED: "attention",
        RoundState.FROZEN: "good",
    },
    ReviewState: {
        ReviewState.DRAFT: "attention",
        ReviewState.SUBMITTED: "good",
    },
    ApplicationState: {ApplicationState.WITHDRAWN: "quiet", ApplicationState.DRAFT: "attention"},
    RankingFlag: dict.fromkeys(RankingFlag, "attention"),
}

SENTENCES: dict[str, object] = {
    "area_outside_programme": _("The area lies outside the programme's. Choose one within it."),
    "cohort_outside_area": _("This cohort lies outside the selection's area."),
    "plan_names_her": _("The text names her (“%(part)s”). Evaluators read blind: take it out."),
    "already_withdrawn": _("She has withdrawn already."),
    "round_not_draft": _(
        "The round has been opened: score sheet, candidates, texts and evaluators stand still now, so that all are "
        "scored alike."
    ),
    "round_not_open": _("The round is not open for scoring (any more). Nothing was changed."),
    "round_not_closed": _("The round is not closed."),
    "round_not_frozen": _("The result is not frozen yet. Freeze it first; then the best go on."),
    "later_round_exists": _("There is a later round already, and it stands on this one."),
    "run_outdated": _(
        "Sheets or candidates are others now than in this ranking. Make the ranking again, look at it, then freeze."
    ),
    "run_tampered": _(
        "The frozen result is not what was sealed: somebody changed it behind the site's back. Tell whoever runs the site."
    ),
    "conflicts_undecided": _(
        "Submitted sheets are left out for conflicts that nobody has decided (%(count)s). Somebody who did not raise them "
        "must decide first."
    ),
    "quota_twice": _("There is a quota for %(value)s already. Take it away first."),
    "quota_upside_down": _("Say at least how many or at most how many, and the first no more than the second."),
    "quota_above_line": _("Only %(line)s go on from this round; no quota can demand more."),
    "nobody_asked": _("Choose at least one file and who reads it."),
    "named_herself": _("You named a candidate into this round yourself. Somebody else must open it."),
    "in_round_already": _("%(code)s is a candidate of this round already."),
    "too_few_to_drop": _(
        "The highest and lowest sheet may be dropped only where everybody is read by the same number of at least "
        "%(needed)s evaluators; the fewest now is %(fewest)s."
    ),
    "reopening_asked_already": _("Somebody has asked to open it again; that must be answered first."),
    "own_reopening": _("You asked for it yourself. Somebody else must answer."),
    "same_name_twice": _("“%(name)s” stands in the score sheet twice. Give each criterion its own name."),
    "rubric_missing": _("There is no score sheet yet. Write it first."),
    "no_candidates": _("There are no candidates yet. Add them first."),
    "unread_candidates": _("%(count)s candidates have no evaluator. Deal the applications out (again)."),
    "no_evaluators": _("Choose at least one evaluator."),
    "too_few_evaluators": _(
        "%(readers)s evaluators for each application were asked for, but %(evaluators)s are chosen."
    ),
    "nothing_to_deal": _("There must be at least one candidate and one judge."),
    "too_few_left": _(
        "%(readers)s are to read each candidate, but of those without a conflict only %(left)s are there for: "
        "%(candidates)s. Ask for fewer readers, take in further evaluators, or settle a conflict."
    ),
    "capacity_short": _(
        "%(needed)s sheets are needed, but the limits of the evaluators leave room for %(room)s: %(missing)s too few. "
        "Raise a limit, take in further evaluators, or ask for fewer readers."
    ),
    "too_many_anchors": _("%(anchors)s candidates cannot be read by all: there are only %(candidates)s."),
    "anchors_beyond_limit": _(
        "%(anchors)s candidates are to be read by all, but %(judge)s reads at most %(most)s. Ask for fewer such "
        "candidates, or raise her limit."
    ),
    "cross_out_of_reach": _(
        "So large a share outside the evaluators' own counties cannot be reached: at most %(reached)s percent. Ask for "
        "less, or take in evaluators of other counties."
    ),
    "limits_and_conflicts": _(
        "Limits and conflicts together leave %(missing)s sheets that nobody can write: %(candidates)s. Raise a limit, "
        "take in further evaluators, or settle a conflict."
    ),
    "share_outside_one": _("The share must lie between 0 and 1, not be “%(share)s”."),
    "limit_not_a_number": _("Row %(row)s: the limit “%(value)s” is not a whole number of 0 or more."),
    "duplicate_judge": _("Row %(row)s: %(judge)s is in the list twice."),
    "unknown_candidate": _("Row %(row)s: %(candidate)s is not among the candidates."),
    "unknown_judge": _("Row %(row)s: %(judge)s is not among the judges."),
    "round_at_rest": _("Readers change only while the round is being prepared or open."),
    "reads_already": _("She reads this application already."),
    "kept_apart": _("A conflict stands between the two. Decide it first, or choose somebody else."),
    "nothing_in_doubt": _(
        "No file needs one more reader: nobody is near the line and no sheet stands out, or nobody is left to read."
    ),
    "nothing_to_fill": _("Every candidate has her readers. Nothing was changed."),
    "no_sheets": _("Nobody has submitted a sheet yet. A ranking of nothing would be no advice."),
    "reason_missing": _("Say why: the reason is kept with the change."),
    "level_outside_rubric": _("The sheet holds a level that the score sheet does not have. Open the page afresh."),
    "too_little_answered": _(
        "Less than 60 percent of the weight is answered. Such a sheet cannot be counted; answer more, or leave it as a draft."
    ),
    "unanswered": _(
        "Not answered: %(criteria)s. Answer, or say beside each why you leave it open; the rest is then weighted anew."
    ),
    "sheet_stands": _(
        "The round is open for further readers only. Your sheet stands as it was submitted; nothing was changed."
    ),
    "nothing_changed": _("This very sheet was submitted already. Nothing was changed."),
    "not_ranked_yet": _("There is a ranking only while the round is closed. Nobody sees a live one."),
    "ranking_not_frozen": _(
        "The result is not frozen yet. Until then it is shown only to those who run the selection."
    ),
    "weights_not_100": _("The weights of the criteria must sum to 100; they sum to %(total)s."),
    "weight_not_positive": _("The weight of %(criterion)s must be above zero."),
    "scale_upside_down": _("For %(criterion)s the highest value must be above the lowest."),
    "duplicate_criterion": _("The criterion %(criterion)s is there twice. Give each its own code."),
    "no_seats": _("There must be at least one place, not %(seats)s."),
    "unknown_criterion": _("Row %(row)s: the rubric has no criterion %(criterion)s."),
    "level_outside_scale": _(
        "Row %(row)s: level %(level)s of %(criterion)s is outside the scale from %(minimum)s to %(maximum)s."
    ),
    "duplicate_score": _("Row %(row)s: judge %(judge)s has scored %(candidate)s on %(criterion)s already."),
    "cell_blank": _("Row %(row)s: the column %(field)s is empty."),
    "cell_not_a_number": _("Row %(row)s (%(candidate)s): “%(value)s” in the column %(field)s is not a number."),
    "column_missing": _("The column %(column)s is missing."),
    "column_unknown": _("There should be no column “%(column)s”."),
    "column_named_twice": _("The column %(column)s is there twice."),
    "wrong_cell_count": _("Row %(row)s has %(found)s cells, but there are %(expected)s columns."),
    "not_csv": _("Row %(row)s cannot be read as CSV. A quotation mark may not be closed."),
    "not_an_export": _("This is no export of a frozen ranking, or it is damaged."),
    "inputs_differ": _(
        "The inputs in the file are not those that were frozen: their SHA-256 is %(found)s, the file names %(named)s."
    ),
    "output_differs": _(
        "Another result is reached: its SHA-256 is %(found)s, the file names %(named)s. Either the result in the file was "
        "changed, or another version of the program reckons."
    ),
    "not_json": _("The file is not a JSON object."),
    "duplicate_candidate": _("Row %(row)s: %(candidate)s is in the table twice."),
    "missing_setting": _("The setting %(setting)s is missing, empty or of the wrong kind."),
    "setting_not_a_number": _("The setting %(setting)s must be a number, not “%(value)s”."),
    "unknown_setting": _("There is no setting %(setting)s for this kind of criterion."),
    "unknown_kind": _("There is no kind “%(kind)s” (criterion %(criterion)s)."),
    "unknown_aggregate": _("The marks of %(criterion)s cannot be put together by “%(aggregate)s”."),
    "needs_one_of": _("%(where)s needs exactly one of %(first)s and %(second)s."),
    "not_positive": _("The setting %(setting)s must be above zero."),
    "duplicate_threshold": _("A threshold is there twice in %(setting)s."),
    "mark_outside_scale": _(
        "Row %(row)s (%(candidate)s): “%(value)s” in the column %(field)s is not between 0 and %(maximum)s."
    ),
    "too_few_judges_to_drop": _(
        "%(criterion)s: the highest and lowest mark may be dropped only with at least %(needed)s judges; "
        "here are %(judges)s."
    ),
    "mark_missing_to_drop": _(
        "Row %(row)s: a mark of %(candidate)s for %(criterion)s is missing. "
        "The highest and lowest may be dropped only where every judge has marked everybody."
    ),
}

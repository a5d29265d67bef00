"""Words for mentors: states of a posting, refusals, headings of the workbook."""

from flask_babel import lazy_gettext as _

from trainer.domain.mentor import PostingState

LABELS: dict[type, dict] = {
    PostingState: {
        PostingState.TO_COME: _("Begins later"),
        PostingState.RUNNING: _("Posted"),
        PostingState.QUIET: _("No visit for 60 days"),
        PostingState.OVER: _("Posting over"),
        PostingState.ENDED_EARLY: _("Ended early"),
    },
}
TONES: dict[type, dict] = {
    PostingState: {
        PostingState.TO_COME: "plain",
        PostingState.RUNNING: "good",
        PostingState.QUIET: "attention",
        PostingState.OVER: "quiet",
        PostingState.ENDED_EARLY: "quiet",
    },
}

SENTENCES: dict[str, object] = {
    "mentor_dates": _("It cannot end before it begins."),
    "mentor_posted_already": _(
        "This mentor is posted to this county from %(day)s already. Change that posting, or choose other days."
    ),
    "mentor_visits_outside": _(
        "A visit of %(day)s is on record. The posting must hold it, or take the visit back first."
    ),
    "mentor_not_to_be_ended": _(
        "A posting is ended on a past day before its planned last day (%(ends_on)s), and only once. For later days change its dates."
    ),
    "mentor_not_ended": _("This posting was not ended early."),
    "mentor_no_reason": _("Please write why the posting ends early."),
    "mentor_visit_outside": _(
        "%(day)s lies outside the posting (%(starts_on)s – %(ends_on)s). Correct the day, or have the posting's dates changed."
    ),
    "mentor_visit_to_come": _("%(day)s has not come yet. Record a visit when it has taken place."),
    "mentor_visit_numbers": _("A visit lasts up to %(most)s hours, with up to %(women)s women."),
}

SHEET = {
    "title": _("Mentors of %(programme)s"),
    "postings": _("Postings"),
    "visits": _("Visits of mentors"),
    "region": _("County"),
    "name": _("Name of the mentor"),
    "organisation": _("Organisation"),
    "starts_on": _("Posted from"),
    "ends_on": _("Posted until"),
    "state": _("State"),
    "ended_on": _("Ended early on"),
    "ended_because": _("Ended early because"),
    "planned_visits": _("Planned visits"),
    "done": _("Visits made"),
    "hours": _("Hours there"),
    "last_visit": _("Last visit"),
    "plan": _("Plan"),
    "day": _("Day"),
    "minutes": _("Minutes there"),
    "place": _("Place"),
    "women": _("How many women took part"),
    "words": _("What was done"),
    "has_evidence": _("Evidence on file"),
    "recorded_by": _("Entered by"),
    "taken_back": _("Taken back because"),
}

"""Words for tallies: what they are grouped by, the heads of their columns, what is counted in each."""

from flask_babel import lazy_gettext as _

from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.tally import ALL, BROADCAST, CAME, CERTIFICATES, SHOP, SOLD, WAITING, Hidden, Level, TallyBy

LABELS = {
    TallyBy: {
        TallyBy.TRACK: _("Track of the cohort"),
        TallyBy.REGION: _("Region of the cohort"),
        TallyBy.HOME: _("Where people live"),
        TallyBy.KIND: _("Kind of person"),
        TallyBy.SITE: _("Site of the cohort"),
    },
    Hidden: {
        Hidden.FEW: _("fewer than 3"),
        Hidden.WITHHELD: _("not shown"),
    },
    Level: {
        Level.CITY: _("City by city"),
        Level.COUNTY: _("County by county"),
    },
}

TONES = {}

SENTENCES: dict[str, object] = {}

HEADS = {
    ALL: _("All places"),
    EnrolmentStatus.APPLIED: _("Applied"),
    EnrolmentStatus.WAITLISTED: _("Waitlisted"),
    EnrolmentStatus.ACTIVE: _("Admitted or in training"),
    EnrolmentStatus.COMPLETED: _("Completed"),
    EnrolmentStatus.NOT_COMPLETED: _("Not completed"),
    EnrolmentStatus.WITHDRAWN: _("Withdrawn"),
    EnrolmentStatus.REJECTED: _("Not admitted"),
    CERTIFICATES: _("Valid certificates"),
    WAITING: _("Sign-ups waiting"),
    CAME: _("Came to a lesson"),
    SHOP: _("With a shop"),
    BROADCAST: _("Have broadcast"),
    SOLD: _("Have sold"),
}
PARTS = {
    "trainees": _("Trainees, each counted once"),
    "cadres": _("Cadres in cadre cohorts, each counted once"),
    "together": _("Together, each counted once"),
}
UNSAID = {
    TallyBy.KIND: _("Kind not said"),
    TallyBy.SITE: _("No site chosen"),
}
ITSELF = _("%(name)s itself")
# (term, what it means), for the page and the second sheet of the workbook.
DEFINITIONS = (
    (
        _("As of a day"),
        _("How things stood at the end of that day in China. What was entered later does not exist yet on that day."),
    ),
    (
        _("People counted"),
        _("Each person once, however many cohorts she is in; two records put together are one person."),
    ),
    (_("Person-times"), _("Places in cohorts: a woman in two cohorts is one person and two person-times.")),
    (
        _("Total rows"),
        _("Whoever stands in several groups counts once in the total, so people in the groups may add up to more."),
    ),
    (_("Stage"), _("The last step of her place in the cohort up to that day. Admitted counts with in training.")),
    (
        _("Valid certificates"),
        _(
            "Issued by that day and neither replaced nor revoked by its end; certificates, and how many people hold them."
        ),
    ),
    (_("Sites open"), _("Opened by that day and not closed on it or before.")),
    (
        _("Sign-ups waiting"),
        _("Sent in by then and not settled yet. Nobody has said who they are, so they are in no other column."),
    ),
    (
        _("Kind, home and site"),
        _("As they are on record today; who changed her village or kind is counted by what she is now."),
    ),
)
SHEET = {
    "tally": _("Tally"),
    "board": _("Board"),
    "definitions": _("What is counted"),
    "term": _("Term"),
    "meaning": _("Meaning"),
    "group": _("Group"),
    "people": _("%(name)s: people"),
    "times": _("%(name)s: person-times"),
    "number": _("%(name)s"),
    "change": _("%(name)s: change since %(day)s"),
    "sites": _("Sites open"),
    "title": _("Training tally as of %(day)s, by: %(by)s"),
    "board_title": _("Training board, county by county, as of %(day)s"),
    "unit": _("Made by: %(unit)s"),
    "made": _("Exported on %(moment)s by %(by)s"),
    "cut": _("Cut to: %(words)s"),
    "compared": _("Compared with %(day)s"),
}
BOARD_HEADS = {
    "city": _("City"),
    "county": _("County"),
    "planned": _("Cohorts to come"),
    "running": _("Cohorts running"),
    "finished": _("Cohorts finished"),
    "completed_of": _("Completed of those whose training is over"),
    "completion": _("Completion rate"),
    "attendance": _("Attendance rate"),
    SHOP: _("With a shop (person-times)"),
    BROADCAST: _("Have broadcast (person-times)"),
    SOLD: _("Have sold (person-times)"),
    "last": _("Last lesson closed"),
}

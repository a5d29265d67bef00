"""Words for programmes and cohorts."""

from flask_babel import lazy_gettext as _

from trainer.domain.programme import CohortPhase, ExcusedCounts, PartnerKind, TargetKind, Track

LABELS = {
    Track: {
        Track.FOUNDATION: _("Foundation"),
        Track.ADVANCED: _("Advanced"),
        Track.CADRE: _("Cadre"),
    },
    CohortPhase: {
        CohortPhase.PLANNED: _("Cohorts to come"),
        CohortPhase.RUNNING: _("Cohorts running"),
        CohortPhase.FINISHED: _("Cohorts finished"),
    },
    PartnerKind: {
        PartnerKind.ORGANISER: _("Organiser"),
        PartnerKind.FUNDER: _("Funder"),
        PartnerKind.PLATFORM: _("Platform"),
        PartnerKind.HOST: _("Host"),
    },
    TargetKind: {
        TargetKind.PEOPLE_TRAINED: _("People trained"),
        TargetKind.COHORTS_RUN: _("Cohorts run"),
        TargetKind.ADVANCED_TRAINED: _("People in advanced training"),
        TargetKind.SHOPS_OPENED: _("Trainees with a shop"),
    },
    ExcusedCounts: {
        ExcusedCounts.ABSENT: _("counts as absent"),
        ExcusedCounts.IGNORED: _("is left out of the rate"),
        ExcusedCounts.PRESENT: _("counts as present"),
    },
}

TONES = {}

SENTENCES: dict[str, object] = {
    "programme_name_taken": _("There is a programme named “%(name)s” already. Choose another name."),
    "partner_twice": _("“%(name)s” stands twice among the partners. Keep one of the rows."),
    "cohorts_outside_area": _(
        "The programme has cohorts in %(region)s, which the new area leaves out. Choose an area that holds them all."
    ),
    "cohort_code_taken": _("The code %(cohort)s belongs to “%(name)s” already. Choose another code."),
    "outside_programme": _("“%(programme)s” does not reach this area. Choose an area inside the programme's."),
    "lessons_outside_dates": _(
        "There are lessons from %(first)s to %(last)s. The dates of the cohort must hold them; "
        "move or cancel those lessons first."
    ),
}

# How the system counts what was reached, shown beside the number.
TARGET_MEANINGS = {
    TargetKind.PEOPLE_TRAINED: _("Women on the roll of its cohorts, each counted once"),
    TargetKind.COHORTS_RUN: _("Cohorts with at least one closed lesson"),
    TargetKind.ADVANCED_TRAINED: _("Women on the roll of its advanced cohorts, each counted once"),
    TargetKind.SHOPS_OPENED: _("Women on the roll who have a shop in this system"),
}

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
        TargetKind.COMPLETED: _("Graduates"),
        TargetKind.BROADCASTING: _("Graduates who have broadcast"),
        TargetKind.SELLING: _("Graduates with a paid order"),
        TargetKind.SUSTAINED_SELLERS: _("Sustained sellers"),
        TargetKind.NET_SALES_YUAN: _("Net sales after the course (yuan)"),
        TargetKind.JOBS_FTE: _("Jobs (full-time equivalents)"),
        TargetKind.MENTORS_POSTED: _("Mentors posted"),
        TargetKind.LOGISTICS_POINTS: _("Village logistics points"),
        TargetKind.PRACTITIONERS: _("E-commerce practitioners"),
        TargetKind.HOUSEHOLDS: _("Households that earn more"),
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
    TargetKind.COMPLETED: _("Women who completed one of its cohorts, each counted once"),
    TargetKind.BROADCASTING: _("Graduates with at least one qualifying broadcast, each counted once"),
    TargetKind.SELLING: _("Graduates with at least one paid order, each counted once"),
    TargetKind.SUSTAINED_SELLERS: _(
        "Graduates with at least four qualifying broadcasts in each of three months in a row and net sales in two of them, each counted once"
    ),
    TargetKind.NET_SALES_YUAN: _(
        "Firm net sales of the first ninety days after the course, of graduates whose data reach so far, each with the "
        "course after which she sold most; whole yuan"
    ),
    TargetKind.JOBS_FTE: _("Paid days by name list, divided by 240"),
    TargetKind.MENTORS_POSTED: _("Mentors posted to a county in this programme"),
    TargetKind.LOGISTICS_POINTS: _("The newest reading of each county, added up"),
    TargetKind.PRACTITIONERS: _("The newest reading of each county, added up"),
    TargetKind.HOUSEHOLDS: _("The newest reading of each county, added up"),
}

"""Words for programmes and cohorts."""

from flask_babel import lazy_gettext as _

from trainer.domain.programme import ExcusedCounts, PartnerKind, TargetKind, Track

LABELS = {
    Track: {
        Track.FOUNDATION: _("Foundation"),
        Track.ADVANCED: _("Advanced"),
        Track.CADRE: _("Cadre"),
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

SENTENCES: dict[str, object] = {}

"""Words for sites."""

from flask_babel import lazy_gettext as _

from trainer.domain.site import SiteKind

LABELS = {
    SiteKind: {
        SiteKind.HUB: _("Hub"),
        SiteKind.CITY_CENTRE: _("City centre"),
        SiteKind.COUNTY_POINT: _("County point"),
        SiteKind.VILLAGE_STATION: _("Village station"),
    },
}

TONES = {}

SENTENCES: dict[str, object] = {}

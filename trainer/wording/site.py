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

SENTENCES: dict[str, object] = {
    "site_name_taken": _("There is a site named “%(name)s” in this region already. Choose another name."),
    "site_not_wider": _(
        "“%(upper)s” (%(upper_kind)s) cannot look after “%(lower)s” (%(lower_kind)s): only a site of a wider kind can. "
        "Choose another one, or another kind."
    ),
    "site_elsewhere": _(
        "“%(upper)s” lies in a region that does not hold “%(lower)s”. Choose one whose region holds it."
    ),
    "site_closed": _("“%(name)s” is closed. Choose a site that is open, or reopen this one first."),
    "site_has_open_below": _(
        "%(count)s open sites stand under this one. Put them under another site or close them first, then close this one."
    ),
    "site_day_out_of_order": _("A site closes between the day it opened (%(opened)s) and today. Choose another day."),
    "site_outside_region": _(
        "“%(name)s” lies elsewhere: the region of the site and this region must lie one in the other. Choose another site."
    ),
}

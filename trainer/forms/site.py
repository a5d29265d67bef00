"""Sites: the form of one, of closing it, and of where a person belongs."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, StringField, TelField
from wtforms.validators import Length, Optional, Regexp

from trainer.domain.person import PersonKind
from trainer.domain.site import SiteDraft, SiteKind
from trainer.forms.form import EditableForm, VersionForm, enum_field, options, required
from trainer.wording import choices, label

NONE = 0


class SiteForm(EditableForm):
    name = StringField(_("Name of the site"), [required(), Length(max=120)])
    kind = enum_field(_("Kind of site"), SiteKind)
    region_code = SelectField(_("Region"))
    parent_id = SelectField(
        _("The wider site that looks after it"),
        coerce=int,
        description=_("Of a wider kind, in a region that holds it."),
    )
    address = StringField(_("Address"), [Length(max=120)])
    contact_name = StringField(_("Whom people call there"), [Length(max=60)])
    contact_phone = TelField(
        _("Phone of the site"),
        [
            Optional(),
            Length(max=20),
            Regexp(r"^\+?[0-9][0-9 -]{4,}$", message=_("Digits, blanks and hyphens only.")),
        ],
    )
    opened_on = DateField(_("In service since"), [required()])

    def offer(self, regions: Iterable[tuple[str, str]], parents: Iterable[tuple[int, str, SiteKind, str]]) -> None:
        self.region_code.choices = options(regions)
        self.parent_id.choices = site_options(parents)

    def draft(self) -> SiteDraft:
        plain = ("name", "kind", "region_code", "opened_on")
        texts = {name: self[name].data or "" for name in ("address", "contact_name", "contact_phone")}
        return SiteDraft(**{name: self[name].data for name in plain}, parent_id=self.parent_id.data or None, **texts)


class CloseSiteForm(VersionForm):
    day = DateField(_("From this day on it is closed"), [required()])


class BelongingForm(VersionForm):
    kind = SelectField(_("What kind of person she is"))
    site_id = SelectField(_("The site she belongs to"), coerce=int)

    def offer(self, sites: Iterable[tuple[int, str, SiteKind, str]]) -> None:
        self.kind.choices = options([("", _("Not said")), *choices(PersonKind)])
        self.site_id.choices = site_options(sites)

    @property
    def chosen_kind(self) -> PersonKind | None:
        return PersonKind(self.kind.data) if self.kind.data else None


def site_options(sites: Iterable[tuple[int, str, SiteKind, str]]) -> list:
    """None first, then each with its kind and region."""
    named = [(id_, f"{name}（{region} · {label(kind)}）") for id_, name, kind, region in sites]
    return options([(NONE, _("No site")), *named])


def filled_form(site) -> SiteForm:
    """The form of a site that exists."""
    names = ("name", "kind", "region_code", "address", "contact_name", "contact_phone", "opened_on", "version")
    return SiteForm(data={name: getattr(site, name) for name in names} | {"parent_id": site.parent_id or NONE})

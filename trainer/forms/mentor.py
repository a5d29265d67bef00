"""Mentors: a posting, its early end, a visit, taking a visit back."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange

from trainer.domain.mentor import MOST_MINUTES, MOST_VISITS, MOST_WOMEN, PostingDraft, VisitDraft
from trainer.forms.evidence import evidence_field
from trainer.forms.form import CreatingForm, EditableForm, VersionForm, not_before, required
from trainer.forms.form import required_number as number

DIGITS = {"inputmode": "numeric"}


class PostingForm(EditableForm):
    region_code = SelectField(_("County"))
    name = StringField(_("Name of the mentor"), [required(), Length(max=60)])
    organisation = StringField(_("Organisation"), [Length(max=120)])
    starts_on = DateField(_("Posted from"), [required()])
    ends_on = DateField(_("Posted until"), [required(), not_before("starts_on", _("It cannot end before it begins."))])
    planned_visits = IntegerField(
        _("Planned visits"), [number(), NumberRange(min=1, max=MOST_VISITS)], render_kw=DIGITS
    )
    plan = TextAreaField(
        _("Plan"),
        [required(), Length(max=4000)],
        description=_("What is to be different in the county when the posting ends, and what she does for it."),
        render_kw={"rows": 5},
    )

    def draft(self) -> PostingDraft:
        return PostingDraft(
            self.region_code.data,
            self.name.data,
            self.organisation.data or "",
            self.starts_on.data,
            self.ends_on.data,
            self.plan.data,
            self.planned_visits.data,
        )


class EndPostingForm(VersionForm):
    day = DateField(_("Its last day"), [required()])
    reason = StringField(_("Why does it end early?"), [required(), Length(max=300)])


class VisitForm(CreatingForm):
    day = DateField(_("Day"), [required()])
    minutes = IntegerField(_("Minutes there"), [number(), NumberRange(min=1, max=MOST_MINUTES)], render_kw=DIGITS)
    place = StringField(_("Place"), [required(), Length(max=120)])
    women = IntegerField(
        _("How many women took part"), [number(), NumberRange(min=0, max=MOST_WOMEN)], render_kw=DIGITS
    )
    words = TextAreaField(
        _("What was done"),
        [required(), Length(max=2000)],
        description=_("Funders do not read it; please name nobody all the same."),
        render_kw={"rows": 4},
    )
    evidence = evidence_field(_("A picture or a PDF of the visit."))

    def draft(self) -> VisitDraft:
        return VisitDraft(self.day.data, self.minutes.data, self.place.data, self.women.data, self.words.data)

"""Visits: what must be found out, the plan of a round, a picture, and which of two words stands."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from trainer.domain.field_visit import FactKind
from trainer.forms.form import CreatingForm, VersionForm, enum_field, options, required


class QuestionForm(VersionForm):
    """One more fact to find out."""

    words = StringField(
        _("What must be found out"),
        [required(), Length(max=120)],
        description=_("Ask for what anybody sees or counts on the spot, not for an opinion."),
    )
    kind = enum_field(_("How it is answered"), FactKind)
    is_veto = BooleanField(_("A “no” is to be talked about first, whatever her rank (only for yes or no)"))


class PlanForm(VersionForm):
    """A day and words for each candidate; `build_plan_form` adds them."""

    application_ids: tuple[int, ...] = ()

    def lines(self) -> list[tuple[int, DateField, StringField]]:
        return [(id_, self[f"day_{id_}"], self[f"words_{id_}"]) for id_ in self.application_ids]


def build_plan_form(visits: Iterable, version: int) -> PlanForm:
    """`visits`: rows of queries.field_visit.list_visits."""
    rows = list(visits)
    data: dict[str, object] = {"version": version}
    for row in rows:
        data |= {f"day_{row.application_id}": row.planned_on, f"words_{row.application_id}": row.words}
    return _plan_form(tuple(row.application_id for row in rows))(data=data)


@lru_cache(maxsize=50)
def _plan_form(application_ids: tuple[int, ...]) -> type[PlanForm]:
    fields: dict[str, object] = {"application_ids": application_ids}
    for id_ in application_ids:
        fields[f"day_{id_}"] = DateField(_("Planned day"), [Optional()])
        fields[f"words_{id_}"] = StringField(_("Where to go and whom to ask for"), [Length(max=200)])
    return type("RoundPlanForm", (PlanForm,), fields)


class SettleForm(VersionForm):
    """Which one stands, or neither, and why."""

    value = RadioField(_("What stands"), [InputRequired(_("Please choose what stands."))])
    reason = StringField(
        _("Why"),
        [required(), Length(max=200)],
        description=_("Both visitors and the auditors read it, for example: seen again on the photo of the licence."),
    )

    def offer(self, values: Mapping[str, str]) -> None:
        """`values`: what was said, and who says so."""
        said = [(f"={value}", words) for value, words in values.items()]
        self.value.choices = options([*said, ("open", gettext("It stays open: neither can be relied on"))])

    @property
    def chosen(self) -> str:
        return "" if self.value.data == "open" else self.value.data[1:]


class VisitPictureForm(CreatingForm):
    """A picture with a few words."""

    picture = FileField(_("Picture to add"), [FileRequired(_("Please choose a picture."))])
    words = StringField(_("What is to be seen on it"), [Length(max=80)])

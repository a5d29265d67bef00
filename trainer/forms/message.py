"""Letters and their templates: what is written, and to whom."""

from collections.abc import Iterable
from enum import StrEnum

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from trainer.domain.actors import Role
from trainer.domain.message import Audience, Circle, LetterDraft, UnknownPlaceholder, placeholders
from trainer.forms.form import ChecksField, CreatingForm, EditableForm, Form, enum_field, options, required
from trainer.wording import label, say


class NameList(StrEnum):
    """What a text for a WeChat group says of who is meant."""

    NONE = "none"
    MASKED = "masked"
    FULL = "full"


class Words(Form):
    """A subject and a text with placeholders."""

    subject = StringField(_("Subject"), [required(), Length(max=120)])
    body = TextAreaField(
        _("Text"),
        [required(), Length(max=2000)],
        description=_(
            "{name}, {cohort}, {next_lesson} and {next_place} are filled in: her name, the cohort, when and where its "
            "next lesson is."
        ),
        render_kw={"rows": 7},
    )

    def validate_body(self, field: TextAreaField) -> None:
        try:
            placeholders(self.subject.data or "", field.data)
        except UnknownPlaceholder as refused:
            raise ValidationError(say(refused)) from None


class LetterForm(CreatingForm, Words):
    """To the women of a cohort, or to colleagues with a role; never both."""

    cohort_id = SelectField(_("To the women of"), default="")
    circle = enum_field(_("Which of them"), Circle, default=Circle.ON_THE_ROLL)
    role = SelectField(_("Or to colleagues"), default="", description=_("Those of your area, without yourself."))
    channels = ChecksField(_("Besides the inbox also by"))
    names = SelectField(
        _("Names in the text for the WeChat group"),
        default=NameList.NONE,
        coerce=NameList,
        choices=options(
            [
                (NameList.NONE.value, _("No names")),
                (NameList.MASKED.value, _("Partly hidden")),
                (NameList.FULL.value, _("As full names")),
            ]
        ),
    )

    def offer(self, cohorts: Iterable[tuple[int, str]], roles: Iterable[Role], channels: Iterable[str]) -> None:
        self.cohort_id.choices = options([("", "—"), *((str(number), name) for number, name in cohorts)])
        self.role.choices = options([("", "—"), *((role.value, label(role)) for role in roles)])
        self.channels.choices = options((name, name) for name in channels)

    def validate_role(self, field: SelectField) -> None:
        if bool(field.data) == bool(self.cohort_id.data):
            raise ValidationError(_("Choose either a cohort or a role of colleagues."))

    @property
    def draft(self) -> LetterDraft:
        if self.role.data:
            audience = Audience(role=Role(self.role.data))
        else:
            audience = Audience(int(self.cohort_id.data), self.circle.data)
        return LetterDraft(self.subject.data, self.body.data, audience, tuple(self.channels.data))


class TemplateForm(EditableForm, Words):
    """A template, and whose it is."""

    name = StringField(_("Name of the template"), [required(), Length(max=60)])
    region_code = SelectField(
        _("For the area"), default="", description=_("Colleagues of this area use it and may change it.")
    )
    field_order = ("name", "region_code", "subject", "body")

    def offer(self, regions: Iterable[tuple[str, str]]) -> None:
        self.region_code.choices = options(regions)


class ChannelForm(Form):
    """Which channel's copies are to go out once more."""

    channel = StringField(validators=[required(), Length(max=30)])

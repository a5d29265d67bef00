"""Consents: her own buttons, the paper that staff keep, a withdrawal taken down for her."""

from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, StringField
from wtforms.validators import Length, ValidationError

from trainer.domain.consent import TOLD_TO_STAFF, ConsentChannel, ConsentScope
from trainer.forms.form import ChecksField, CreatingForm, Form, enum_field, options, required
from trainer.wording import choices, label

EARLIEST_PAPER = date(2000, 1, 1)


class OwnConsentForm(Form):
    scope = enum_field(_("What for"), ConsentScope, validators=[required()])


class PaperForm(CreatingForm):
    scopes = ChecksField(
        _("What she ticked on the paper"),
        choices=options(choices(ConsentScope)),
        coerce=ConsentScope,
        validators=[required(_("Tick at least one."))],
    )
    signed_on = DateField(_("Signed on"), [required()])
    file = FileField(
        _("Photograph or scan of the paper"),
        [FileRequired(_("Please choose a file."))],
        description=_("JPG, PNG or WebP, at most 8 MB. It is stored encrypted, without what the camera wrote down."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )

    def validate_signed_on(self, field: DateField) -> None:
        if field.data and field.data < EARLIEST_PAPER:
            raise ValidationError(
                _("Look at the year: papers are from after %(year)s.") % {"year": EARLIEST_PAPER.year}
            )


class TakenDownForm(Form):
    channel = enum_field(_("How did she tell you?"), ConsentChannel, validators=[required()])
    reason = StringField(
        _("What she said"),
        [required(), Length(max=200)],
        description=_("In a few words. She need not give a reason; then write that she gave none."),
    )

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.channel.choices = options((way.value, label(way)) for way in TOLD_TO_STAFF)

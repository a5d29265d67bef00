"""Asking about attendance, and answering."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length

from trainer.domain.attendance import AttendanceStatus
from trainer.forms.form import CreatingForm, Form, enum_field, options, required
from trainer.wording import choices

LONGEST = 300


class LeaveForm(CreatingForm):
    """Which lessons she cannot come to (ticked on the page), and why, if she likes."""

    words = TextAreaField(_("Why? (need not be)"), [Length(max=LONGEST)])


class WrongForm(CreatingForm):
    """What is right, in her words."""

    wished = RadioField(
        _("What is right?"),
        [required(_("Choose one."))],
        choices=options(
            (status, words)
            for status, words in choices(AttendanceStatus)
            if status in (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.EXCUSED)
        ),
        coerce=AttendanceStatus,
    )
    words = TextAreaField(_("Who can say so, or what else should we know? (need not be)"), [Length(max=LONGEST)])


class TakenDownLeaveForm(CreatingForm):
    """A leave that she told staff of: granted at once."""

    words = TextAreaField(_("What she said"), [required(), Length(max=LONGEST)])


class AnswerForm(Form):
    """The answer that she reads; `status` may differ from what she asked for."""

    status = enum_field(_("What shall count"), AttendanceStatus)
    answer = StringField(_("Answer, in words she understands"), [Length(max=200)])


class GrantAllForm(Form):
    answer = StringField(_("Answer to all of them (needed where a roll is closed)"), [Length(max=200)])

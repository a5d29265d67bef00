"""Files of marks: sending one, confirming and undoing it."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from trainer.domain.mark_import import MarkFileKind
from trainer.forms.form import CreatingForm, Form, enum_field


class CohortMarksForm(CreatingForm):
    """Marks of several lessons."""

    file = FileField(
        _("File of marks"),
        [FileRequired(_("Please choose a file."))],
        description=_("Excel (.xlsx, .xls) or CSV, at most 20 MB. Nothing is changed before you confirm."),
        render_kw={"accept": ".xlsx,.xls,.csv,.txt"},
    )


class LessonMarksForm(CohortMarksForm):
    kind = enum_field(_("What the file is"), MarkFileKind, default=MarkFileKind.MARKS)
    share = IntegerField(
        _("Present from how much of the lesson on (%)"),
        [InputRequired(_("Please fill this in.")), NumberRange(1, 100)],
        default=60,
        description=_("Only for a list of who watched: whoever watched less is listed and stays not marked."),
        render_kw={"inputmode": "numeric", "min": 1, "max": 100},
    )


class MarkReasonForm(Form):
    """Confirming, or undoing: where a roll is closed, a change needs a reason."""

    reason = StringField(_("Reason (the roll is closed)"), [Length(max=200)])

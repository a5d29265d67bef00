"""Tasks of a cohort: what staff write of one, what is handed in, how it is marked."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import DateField, IntegerField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange, Optional

from trainer.domain.course_task import CourseTaskKind, Proof, find_link
from trainer.forms.form import CreatingForm, EditableForm, VersionForm, enum_field, required

MOST_MINUTES = 24 * 60


class CourseTaskForm(EditableForm):
    title = StringField(
        _("Task, in a few words"), [required(), Length(max=120)], description=_("Such as: one broadcast of 30 minutes.")
    )
    what_to_do = TextAreaField(
        _("What to do, step by step"),
        [Length(max=1000)],
        description=_("She reads it on her phone. Say what is to be seen on the picture."),
    )
    kind = enum_field(_("Kind"), CourseTaskKind)
    proof = enum_field(_("What she hands in"), Proof)
    min_minutes = IntegerField(
        _("Minutes at least (may stay empty)"),
        [Optional(), NumberRange(1, MOST_MINUTES)],
        description=_("Where it is filled in, she is asked how many minutes it was."),
        render_kw={"inputmode": "numeric"},
    )
    due_on = DateField(
        _("To be handed in by (may stay empty)"),
        [Optional()],
        description=_("Later is possible too; the page says that it was late."),
    )


class HandInForm(CreatingForm):
    picture = FileField(
        _("Picture"), description=_("One picture, at most 8 MB: JPG, PNG or WebP."), render_kw={"accept": "image/*"}
    )
    link = TextAreaField(
        _("Link"),
        [Length(max=2000)],
        description=_("Tap “share”, then “copy link”, and paste it here. Pasting all of the words is fine."),
        render_kw={"rows": 2, "autocomplete": "off"},
    )
    minutes = IntegerField(
        _("How many minutes was it?"),
        [Optional(), NumberRange(0, MOST_MINUTES)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    words = TextAreaField(_("Your words (need not be)"), [Length(max=1000)], render_kw={"rows": 3})
    helper_name = StringField(
        _("Did somebody help you hand it in? Her or his name (need not be)"),
        [Length(max=60)],
        render_kw={"autocomplete": "off"},
    )

    def validate_link(self, field: TextAreaField) -> None:
        """What was pasted may be a platform's whole share text: the address in it is kept."""
        if not field.data:
            return
        found = find_link(field.data)
        if found is None:
            raise ValidationError(
                gettext("There is no link in it. In the app tap “share”, then “copy link”, and paste it here.")
            )
        field.data = found


def build_hand_in_form(task, *, helped: bool = False) -> HandInForm:
    """The fields that the task asks for; `helped`: staff hand it in, whose help is written down anyway."""
    form = HandInForm()
    if task.proof in (Proof.LINK, Proof.NONE):
        del form.picture
    if task.proof in (Proof.PICTURE, Proof.NONE):
        del form.link
    if not task.min_minutes:
        del form.minutes
    if helped:
        del form.helper_name
    if task.proof is Proof.NONE:
        form.words.label.text = _("Your words")
    return form


class MarkForm(VersionForm):
    remark = TextAreaField(_("Remark that she reads"), [Length(max=300)], render_kw={"rows": 2})

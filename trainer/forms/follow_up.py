"""A call or a visit after the course."""

from collections.abc import Iterable
from enum import StrEnum

from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, SelectField, TextAreaField
from wtforms.validators import Length, NumberRange

from trainer.domain.follow_up import MOST_MINUTES, FollowUpDraft, FollowUpKind, FollowUpOutcome, FollowUpPurpose
from trainer.forms.form import CreatingForm, enum_field, options, required, required_number
from trainer.wording import choices
from trainer.wording.follow_up import STILL

ANSWERS = {"": None, "yes": True, "no": False}


def _to_choose(words: object, kind: type[StrEnum]) -> SelectField:
    """Nothing is chosen beforehand: whoever overlooked it would have spoken with her."""
    return SelectField(words, [required()], choices=options([("", _("Please choose")), *choices(kind)]))


class FollowUpForm(CreatingForm):
    field_order = ("woman", "kind", "purpose", "outcome", "day", "minutes", "still", "words")

    woman = SelectField(_("Which woman"), [required()], coerce=int)
    kind = enum_field(_("Call or visit"), FollowUpKind)
    purpose = _to_choose(_("Why she was called"), FollowUpPurpose)
    outcome = _to_choose(_("What came of it"), FollowUpOutcome)
    day = DateField(_("Day"), [required()])
    minutes = IntegerField(
        _("Minutes"),
        [required_number(), NumberRange(min=1, max=MOST_MINUTES)],
        description=_("Your time, the way there and back included."),
        render_kw={"inputmode": "numeric"},
    )
    still = SelectField(
        _("Did she broadcast in the last thirty days?"),
        choices=options([("", _("Not asked")), ("yes", _("Yes, she did")), ("no", _("No, she did not"))]),
        description=STILL,
    )
    words = TextAreaField(
        _("What she told (may stay empty)"),
        [Length(max=500)],
        description=_("Only what helps her business. She can read it."),
        render_kw={"rows": 3},
    )

    def __init__(self, women: Iterable[tuple[int, str]], **kwargs) -> None:
        super().__init__(**kwargs)
        self.woman.choices = options([(0, _("Please choose")), *women])

    def draft(self) -> FollowUpDraft:
        came = (FollowUpPurpose(self.purpose.data), FollowUpOutcome(self.outcome.data))
        facts = (self.kind.data, *came, self.day.data, self.minutes.data)
        return FollowUpDraft(*facts, ANSWERS[self.still.data], self.words.data or "")

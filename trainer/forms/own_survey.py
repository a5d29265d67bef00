"""One question of her questionnaire, on a page of its own: a tap on an answer, or a figure."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectMultipleField

from trainer.domain.survey import DECLINED
from trainer.forms.form import Form


class AnswerForm(Form):
    """`answer` as buttons, boxes or a field give it; the rules of the question itself say whether it is one."""

    answer = SelectMultipleField(validate_choice=False)
    # A minus is hard to find on the keyboard of a phone.
    is_loss = BooleanField(_("That is a loss: I lost this much"))
    sure = BooleanField(_("Yes, this number is right"))

    @property
    def given(self) -> list[str]:
        given = self.answer.data or []
        typed = given and given[0].strip()
        return [f"-{typed.lstrip('-')}"] if typed and given != [DECLINED] and self.is_loss.data else given

"""What staff type of a questionnaire: a call with its answers, the copies of a paper, a correction; who calls."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from trainer.domain.follow_up import MOST_MINUTES
from trainer.domain.survey import Answer, AnswerUnfit, Question, Wave, as_given, check_answer, questions_of
from trainer.domain.survey_call import CallResult
from trainer.domain.survey_typing import read_typed, typed
from trainer.forms.form import CreatingForm, Form, VersionForm, options, required
from trainer.wording import choices, label, say
from trainer.wording.survey import options as answer_options
from trainer.wording.survey import rather_not

F = TypeVar("F", bound="AnswersForm")
_MISSING = _("There is no answer yet. Ask her, or choose that she would rather not say.")
_EMPTY_ON_PAPER = _("Nothing is typed here. Where she left it empty on the paper, type x.")


class AnswerField(Field):
    """One question with boxes or a figure: `data` is what was given, `answer` what it says, once it was read."""

    answer: Answer | None = None
    looks_again = False

    def __init__(self, question: Question, **kwargs) -> None:
        super().__init__(question.code, **kwargs)
        self.question = question

    @property
    def words(self) -> str:
        return label(self.question)

    @property
    def options(self) -> list[tuple[str, str]]:
        return [*answer_options(self.question), rather_not()]

    def process_data(self, value: Answer | None) -> None:
        self.data = as_given(self.question, value) if value else []

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = [one for one in valuelist if one.strip()]

    def pre_validate(self, form: "AnswersForm") -> None:
        if self.data:
            self.read(self.data, sure=form.is_sure(self.question))

    def read(self, given: Sequence[str], *, sure: bool) -> None:
        try:
            self.answer = check_answer(self.question, given, sure=sure)
        except AnswerUnfit as unfit:
            self.looks_again = unfit.code == "survey_look_again"
            raise ValidationError(say(unfit)) from None


class TypedField(AnswerField):
    """The same by the keyboard alone; whoever copies has the paper before her and is not asked twice."""

    def process_data(self, value: Answer | None) -> None:
        self.data = typed(self.question, as_given(self.question, value)) if value else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = valuelist[0].strip() if valuelist else ""

    def pre_validate(self, form: "AnswersForm") -> None:
        if not self.data:
            return
        try:
            given = read_typed(self.question, self.data)
        except AnswerUnfit as unfit:
            raise ValidationError(say(unfit)) from None
        self.read(given, sure=True)


class AnswersForm(CreatingForm, VersionForm):
    """A whole questionnaire on one page; `build_form` adds a field for each question."""

    # Codes of questions whose unusual figure was looked at again.
    sure = SelectMultipleField(validate_choice=False)
    asked: tuple[Question, ...] = ()
    missing_words: object = _MISSING
    must_be_whole = True

    def validate(self, extra_validators=None) -> bool:
        is_fit = super().validate(extra_validators)
        return (not self.must_be_whole or self.is_whole()) and is_fit

    def is_sure(self, question: Question) -> bool:
        return question.code in (self.sure.data or ())

    @property
    def answer_fields(self) -> list[AnswerField]:
        return [self[f"answer_{one.code}"] for one in self.asked]

    @property
    def answers(self) -> dict[str, list[str]]:
        """By question as the services take it; what was not given, or is not asked after the others, left out."""
        read = {field.question.code: field.answer for field in self.answer_fields if field.answer}
        return {one.code: as_given(one, read[one.code]) for one in self.asked if one.code in read and one.applies(read)}

    def is_whole(self) -> bool:
        """Whether nothing that is asked was left out; says so at each question."""
        read = {field.question.code: field.answer for field in self.answer_fields if field.answer}
        left = [f for f in self.answer_fields if not f.answer and not f.errors and f.question.applies(read)]
        for field in left:
            field.errors = [*field.errors, str(self.missing_words)]
        return not left


class CallForm(AnswersForm):
    result = RadioField(
        _("How did the call end?"),
        [required(_("Choose how the call ended."))],
        choices=options(choices(CallResult)),
        coerce=lambda value: CallResult(value) if value in set(CallResult) else None,
    )
    minutes = IntegerField(
        _("Minutes that the call took"),
        [
            InputRequired(_("How many minutes did it take? Trying in vain is one minute too.")),
            NumberRange(1, MOST_MINUTES, _("Type minutes, from 1 to %(most)s.", most=MOST_MINUTES)),
        ],
        render_kw={"inputmode": "numeric", "min": 1, "autocomplete": "off"},
    )
    words = TextAreaField(
        _("What she said (may stay empty)"),
        [Length(max=500)],
        description=_("Why she would rather not, or when to call again. She can read it."),
        render_kw={"rows": 2},
    )

    @property
    def must_be_whole(self) -> bool:
        return self.result.data is CallResult.ANSWERED


class CorrectionForm(AnswersForm):
    reason = StringField(_("Why it is corrected"), [required(_("Write why it is corrected.")), Length(max=200)])

    def is_sure(self, _question: Question) -> bool:
        return True


class CopyForm(AnswersForm):
    """The second copy: answers alone."""

    missing_words = _EMPTY_ON_PAPER


class FirstCopyForm(CopyForm):
    answered_on = DateField(_("Day on which she filled it in"), [required(_("Type the day that stands on the paper."))])


class SettlingForm(AnswersForm):
    """Only the questions in which two copies differ."""

    missing_words = _("Choose what the paper says.")


class ReopenForm(Form):
    reason = StringField(_("Why it is opened again"), [required(_("Write why it is opened again.")), Length(max=200)])


class CallerForm(Form):
    """Who calls: of the ticked ones, or of all that are open; nobody takes it back."""

    caller = SelectField(_("Who calls"), [Optional()], coerce=lambda value: int(value) if value else None)
    sheets = SelectMultipleField(coerce=int, validate_choice=False)
    whose = StringField(validators=[Length(max=10)])

    def __init__(self, callers: Sequence[tuple[int, str]] = (), **kwargs) -> None:
        super().__init__(**kwargs)
        self.callers = callers
        self.caller.choices = options([("", _("Nobody (take back)")), *callers])


def build_form(kind: type[F], wave: Wave, answers: Mapping[str, Answer] | None = None, **values) -> F:
    """A form with every question of a wave, filled with what she has answered."""
    return build_form_of(kind, questions_of(wave), answers, **values)


def build_form_of(
    kind: type[F], asked: tuple[Question, ...], answers: Mapping[str, Answer] | None = None, **values
) -> F:
    given = {f"answer_{code}": answer for code, answer in (answers or {}).items()}
    return _form_of(kind, asked)(data={**given, **values})


@lru_cache(maxsize=100)  # making a class costs as much as a page
def _form_of(kind: type[AnswersForm], asked: tuple[Question, ...]) -> type[AnswersForm]:
    field = TypedField if issubclass(kind, CopyForm) else AnswerField
    return type(kind.__name__, (kind,), {**{f"answer_{one.code}": field(one) for one in asked}, "asked": asked})

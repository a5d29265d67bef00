"""Conflicts of interest: what an evaluator declares, what staff or a candidate raise, and what is decided."""

from collections.abc import Iterable, Sequence

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import AnyOf, Length, ValidationError

from trainer.domain.panel import ConflictKind
from trainer.forms.form import CreatingForm, Form, VersionForm, enum_field, options, required
from trainer.queries.panel import NameRow
from trainer.wording import choices

KINDS = options([("", _("Please choose")), *choices(ConflictKind)])


def _words(words: object) -> StringField:
    return StringField(words, [Length(max=200)])


class KindForm(Form):
    """What kind, and a few words."""

    kind = enum_field(_("What it is"), ConflictKind)
    words = _words(_("In a few words"))


class DeclarationForm(Form):
    """A tick, a kind and words for every name; without a tick the box “none”. Built by `build_declaration_form`."""

    names: Sequence[NameRow] = ()
    is_first = True
    none = BooleanField(_("I know none of them so that I could not judge freely."))
    silent = BooleanField(
        _("I judge by myself, tell nobody what I read or score, and keep no copies."),
    )

    def said(self) -> list[tuple[int, ConflictKind, str]]:
        return [
            (row.application_id, ConflictKind(self[f"kind_{row.key}"].data), self[f"words_{row.key}"].data or "")
            for row in self.names
            if self[f"tick_{row.key}"].data
        ]

    @property
    def is_anybody_ticked(self) -> bool:
        return any(self[f"tick_{row.key}"].data for row in self.names)

    def validate_none(self, field: BooleanField) -> None:
        if field.data and self.is_anybody_ticked:
            raise ValidationError(_("You ticked candidates and “none”. Please take one of them away."))
        if not field.data and not self.is_anybody_ticked:
            raise ValidationError(_("Tick whom you must not judge, or “none”."))

    def validate_silent(self, field: BooleanField) -> None:
        if self.is_first and not field.data:
            raise ValidationError(_("Please promise this too: without it no file opens."))


class _KindOfTicked:
    """A validator: whoever is ticked needs a kind."""

    def __init__(self, tick: str) -> None:
        self.tick = tick

    def __call__(self, form, field) -> None:
        if form[self.tick].data and not field.data:
            raise ValidationError(_("Please choose what it is."))


def build_declaration_form(names: Sequence[NameRow], *, is_first: bool) -> DeclarationForm:
    fields = {"names": names, "is_first": is_first}
    for row in names:
        fields[f"tick_{row.key}"] = BooleanField(row.name)
        fields[f"kind_{row.key}"] = SelectField(
            _("What it is"), [_KindOfTicked(f"tick_{row.key}")], choices=KINDS, default=""
        )
        fields[f"words_{row.key}"] = _words(_("In a few words"))
    return type("BuiltDeclarationForm", (DeclarationForm,), fields)()


class DisputeForm(Form):
    words = StringField(_("Why it is not so"), [required(), Length(max=200)])


class RaiseForm(CreatingForm, KindForm):
    application_id = SelectField(_("Candidate"), [required()], coerce=lambda value: int(value) if value else 0)
    account_id = SelectField(_("Evaluator"), [required()], coerce=lambda value: int(value) if value else 0)
    field_order = ("application_id", "account_id", "kind", "words")

    def offer(self, candidates: Iterable[tuple[int, str]], evaluators: Iterable[tuple[int, str]]) -> None:
        self.application_id.choices = options([("", _("Please choose")), *candidates])
        self.account_id.choices = options([("", _("Please choose")), *evaluators])


class HintForm(Form):
    """A click beside a hint."""

    application_id = HiddenField()
    account_id = HiddenField()
    act = HiddenField(validators=[AnyOf(("raise", "dismiss"))])

    @property
    def pair(self) -> tuple[int, int]:
        """(application, account); zeros where the page sent none."""
        return tuple(
            int(str(f.data)[:9]) if str(f.data).isdecimal() else 0 for f in (self.application_id, self.account_id)
        )


class DecisionForm(VersionForm):
    act = HiddenField(validators=[AnyOf(("uphold", "reject"))])
    reason = StringField(_("Reason"), [required(), Length(max=200)])


class NameForm(VersionForm):
    account_id = SelectField(_("Whom she means"), [required()], coerce=lambda value: int(value) if value else 0)

    def offer(self, evaluators: Iterable[tuple[int, str]]) -> None:
        self.account_id.choices = options([("", _("Please choose")), *evaluators])


class OwnWordForm(CreatingForm, Form):
    """A candidate names somebody who must not judge her."""

    name = StringField(_("Her or his name"), [required(), Length(max=40)])
    kind = enum_field(_("What it is"), ConflictKind)
    words = StringField(_("In a few words"), [required(), Length(max=150)])

    @property
    def said(self) -> str:
        return f"{self.name.data}：{self.words.data}"

"""Dealing out: who reads, on which terms; one given or taken by hand; how many further readers."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, NumberRange, Optional

from trainer.forms.form import VersionForm, options, required, required_number
from trainer.queries.dealing import Member


class DealingForm(VersionForm):
    account_ids = SelectMultipleField(coerce=int)
    readers = IntegerField(_("Evaluators for each application"), [Optional(), NumberRange(min=1, max=100)], default=2)
    everybody = BooleanField(_("Everybody reads every application"))
    anchors = IntegerField(
        _("Applications that all of them read"),
        [required_number(), NumberRange(min=0, max=100)],
        default=0,
        description=_("Drawn by lot and spread over counties. They tie evaluators together who share few others."),
    )
    cross = IntegerField(
        _("Readings outside the evaluator's own county, in % at least"),
        [required_number(), NumberRange(min=0, max=100)],
        default=0,
        description=_("Where counties judge their own, nobody can tell a strict county from a weak one."),
    )
    looked_at = HiddenField(validators=[Length(max=64)])

    def offer(self, members: Iterable[Member]) -> None:
        self.account_ids.choices = options((m.account_id, m.name) for m in members)

    @property
    def asked_readers(self) -> int | None:
        return None if self.everybody.data else self.readers.data or 1


class FillForm(VersionForm):
    """`reason` is asked for where somebody leaves."""

    reason = StringField(_("Why she leaves"), [Length(max=200)])
    looked_at = HiddenField(validators=[Length(max=64)])


class GiveForm(VersionForm):
    account_id = SelectField(_("Evaluator"), coerce=int)
    reason = StringField(_("Why by hand"), [required(), Length(max=200)], description=_("The evaluator never sees it."))

    def offer(self, members: Iterable[Member]) -> None:
        self.account_id.choices = options((m.account_id, m.name) for m in members)


class TakeForm(VersionForm):
    assignment_id = HiddenField()
    reason = StringField(_("Why it is taken away"), [required(), Length(max=200)])

    @property
    def chosen(self) -> int:
        """0, which is nobody's, where the page sent none."""
        return int(str(self.assignment_id.data)[:9]) if str(self.assignment_id.data).isdecimal() else 0


class FurtherForm(VersionForm):
    count = IntegerField(_("Files with one more reader"), [required_number(), NumberRange(min=1, max=500)], default=10)
    looked_at = HiddenField(validators=[Length(max=64)])

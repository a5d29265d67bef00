"""Acts on one enrolment: each a form of its own on the same page."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import Length

from trainer.domain.enrolment import EnrolmentAct, EnrolmentStatus, WhoAsked
from trainer.forms.form import Form, options, required
from trainer.wording import choices


class ActForm(Form):
    """`status`: what the page said she is."""

    status = HiddenField()
    reason = StringField(_("Reason"), [required(), Length(max=200)], render_kw={"maxlength": 200})

    def __init__(self, act: EnrolmentAct, **kwargs) -> None:
        super().__init__(prefix=act, **kwargs)

    @property
    def seen(self) -> EnrolmentStatus | None:
        return EnrolmentStatus(self.status.data) if self.status.data in set(EnrolmentStatus) else None


class AdmittingForm(ActForm):
    over = BooleanField(_("Also over the number of places"))


class TransferForm(AdmittingForm):
    cohort = SelectField(_("To which cohort"), [required(_("Choose a cohort."))], coerce=int)

    def offer(self, cohorts: Iterable[tuple[int, str]]) -> None:
        self.cohort.choices = options(cohorts)


class WithdrawForm(ActForm):
    asked_by = RadioField(_("Who asked for it?"), [required(_("Choose who asked."))], coerce=str)

    def __init__(self, act: EnrolmentAct, **kwargs) -> None:
        super().__init__(act, **kwargs)
        self.asked_by.choices = options(choices(WhoAsked))
        self.reason.description = _("In a few words. No details of an illness are needed: “for her health” is enough.")


_OTHERS = {
    EnrolmentAct.ADMIT: AdmittingForm,
    EnrolmentAct.TAKE_BACK: AdmittingForm,
    EnrolmentAct.TRANSFER_BACK: AdmittingForm,
    EnrolmentAct.TRANSFER: TransferForm,
    EnrolmentAct.WITHDRAW: WithdrawForm,
}


def act_form(act: EnrolmentAct, cohorts: Iterable[tuple[int, str]], **kwargs) -> ActForm:
    """The form of one act; `cohorts`: where a transfer can go."""
    form = _OTHERS.get(act, ActForm)(act, **kwargs)
    if isinstance(form, TransferForm):
        form.offer(cohorts)
    return form

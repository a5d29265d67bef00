"""Paid days of a worker in a graduate's business."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import Length, NumberRange

from trainer.domain.paid_work import PaidWorkDraft
from trainer.domain.people import LONGEST_NAME
from trainer.forms.evidence import evidence_field
from trainer.forms.form import CreatingForm, not_before, options, required, required_number


class PaidWorkForm(CreatingForm):
    field_order = ("employer", "worker", "is_woman", "is_seasonal", "from_on", "until_on", "paid_days", "evidence")

    employer = SelectField(_("Whose business pays"), [required()], coerce=int)
    worker = StringField(
        _("Name of the worker"),
        [required(), Length(max=LONGEST_NAME)],
        description=_("Write it the same way each time, so that nobody is counted twice."),
    )
    is_woman = SelectField(_("Is the worker a woman?"), choices=options([("yes", _("a woman")), ("no", _("a man"))]))
    is_seasonal = SelectField(
        _("All the year or in the season?"),
        choices=options([("no", _("all the year")), ("yes", _("seasonal"))]),
        description=_("Seasonal: hired for the harvest, for packing before a feast, and so on."),
    )
    from_on = DateField(_("First day of work"), [required()])
    until_on = DateField(
        _("Last day of work"), [required(), not_before("from_on", _("It cannot end before it begins."))]
    )
    paid_days = IntegerField(
        _("Days paid"),
        [required_number(), NumberRange(min=1, max=366)],
        description=_("Days that were really worked and paid, not the days of the calendar."),
        render_kw={"inputmode": "numeric"},
    )
    evidence = evidence_field(_("A picture or a PDF of the wage list or the transfers."))

    def __init__(self, employers: Iterable[tuple[int, str]], **kwargs) -> None:
        super().__init__(**kwargs)
        self.employer.choices = options([(0, _("Please choose")), *employers])

    def draft(self) -> PaidWorkDraft:
        return PaidWorkDraft(
            *(self.worker.data, self.is_woman.data == "yes", self.is_seasonal.data == "yes"),
            *(self.from_on.data, self.until_on.data, self.paid_days.data),
        )

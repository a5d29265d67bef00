"""Approving a month of sales, and unlocking it."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import Length

from trainer.domain.sales_period import PeriodStage
from trainer.forms.form import Form, options, required
from trainer.wording import label


class ApproveForm(Form):
    reason = StringField(_("Why it is approved although work is left"), [Length(max=300)])


class UnlockForm(Form):
    """`seen`: the stage that the page showed."""

    seen = HiddenField()
    to_stage = RadioField(_("Back to"), [required()], coerce=PeriodStage)
    reason = StringField(_("Why is it unlocked?"), [required(), Length(max=300)])

    def __init__(self, stages: Iterable[PeriodStage], **kwargs) -> None:
        super().__init__(**kwargs)
        self.to_stage.choices = options((stage.value, label(stage)) for stage in stages)

    @property
    def stage_seen(self) -> PeriodStage:
        return PeriodStage(self.seen.data) if self.seen.data in set(PeriodStage) else PeriodStage.OPEN

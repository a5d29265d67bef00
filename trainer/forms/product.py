"""Sorting products: a category and the months of their season, for those that are ticked."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.validators import ValidationError

from trainer.domain.product import ProductCategory, Season, Sorting
from trainer.forms.form import Form, options
from trainer.wording import choices
from trainer.wording.product import month_words

KEEP, NONE = "", "none"


class SortForm(Form):
    into = SelectField(_("Category"), default=KEEP)
    season_from = SelectField(_("Season from"), default=KEEP)
    season_to = SelectField(_("Season to"), default=KEEP)

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        keep, months = (KEEP, _("leave as it is")), [(str(month), month_words(month)) for month in range(1, 13)]
        self.into.choices = options([keep, *choices(ProductCategory), (NONE, _("without a category"))])
        self.season_from.choices = options([keep, *months, (NONE, _("no season"))])
        self.season_to.choices = options([keep, *months])

    def validate_season_to(self, field: SelectField) -> None:
        if self.season_from.data != NONE and (self.season_from.data == KEEP) != (field.data == KEEP):
            raise ValidationError(_("A season has a first and a last month."))

    def sorting(self) -> Sorting:
        category = self.into.data
        said = None if category == KEEP else "" if category == NONE else ProductCategory(category)
        return Sorting(said, self._season())

    def _season(self) -> Season | str | None:
        if self.season_from.data == NONE:
            return ""
        if self.season_from.data == KEEP:
            return None
        return Season(int(self.season_from.data), int(self.season_to.data))

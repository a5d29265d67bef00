"""Which column of a sales file is which figure: a select of headings for each."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext
from wtforms import SelectField

from trainer.forms.form import Form, options
from trainer.wording.sales_mapping import field_name

PREFIX = "column_"


class MappingForm(Form):
    """One field a figure; `columns` is what was chosen."""

    @property
    def columns(self) -> dict[str, str]:
        return {
            name.removeprefix(PREFIX): field.data
            for name, field in self._fields.items()
            if name.startswith(PREFIX) and field.data
        }

    def select(self, field: str):
        return self[PREFIX + field]


def build_mapping_form(
    fields: Iterable[str], samples: Mapping[str, Sequence[str]], guesses: Mapping[str, str]
) -> MappingForm:
    """`samples`: every heading of the file with cells from below it, which stand beside it in the list."""
    offered = [("", gettext("— not in this file —"))]
    offered += [
        (
            heading,
            gettext("%(heading)s (such as %(cells)s)", heading=heading, cells="、".join(cells)) if cells else heading,
        )
        for heading, cells in samples.items()
    ]
    made = {
        PREFIX + field: SelectField(field_name(field), choices=options(offered), default=guesses.get(field, ""))
        for field in fields
    }
    return type("MappingForm", (MappingForm,), made)()

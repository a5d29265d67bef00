"""An area as people type it: a name or a code that names one area."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import ValidationError

from trainer.queries.region import find_regions


class OfRegion:
    """For a form with a field `region`; valid, `region_code` is the area it names."""

    region_code = ""

    def validate_region(self, field: StringField) -> None:
        found = find_regions(field.data or "")
        if not found:
            raise ValidationError(_("No area has this name or code."))
        if len(found) > 1:
            raise ValidationError(
                _("Several areas have this name: %(names)s.") % {"names": "、".join(n for _c, n in found[:5])}
            )
        self.region_code = found[0][0]

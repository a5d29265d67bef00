"""The field for a picture or a PDF that shows where a row comes from."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField

ACCEPTED = {"accept": "image/jpeg,image/png,image/webp,application/pdf"}


def evidence_field(description: object) -> FileField:
    return FileField(_("Evidence (need not be)"), render_kw=ACCEPTED, description=description)

"""The training dossier: which parts go in."""

from flask_babel import lazy_gettext as _

from trainer.domain.dossier import DossierPart
from trainer.forms.form import ChecksField, Form, options, required
from trainer.wording import choices


class DossierForm(Form):
    parts = ChecksField(
        _("What goes in"),
        choices=options(choices(DossierPart)),
        coerce=DossierPart,
        default=list(DossierPart),
        validators=[required(_("Tick at least one part of the dossier."))],
    )

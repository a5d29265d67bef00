"""Forms about certificates: issuing those of a cohort, and why one is replaced or revoked."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from trainer.forms.form import Form, VersionForm, required


class IssueForm(Form):
    leave_out = BooleanField(_("Leave these women out for now"), default=True)


class EndForm(VersionForm):
    """Why a certificate does not count any more."""

    reason = TextAreaField(
        _("Reason"),
        [required(), Length(max=200)],
        description=_("Kept with the certificate. The public check page does not show it."),
        render_kw={"rows": 3},
    )

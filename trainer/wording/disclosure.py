"""Words for protected values: what they are called, why they may be shown in full, and when not."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from trainer.domain.disclosure import DisclosureReason, ProtectedField, Purpose

LABELS = {
    ProtectedField: {
        ProtectedField.PHONE: _("Phone"),
        ProtectedField.ID_NUMBER: _("ID number"),
    },
    DisclosureReason: {
        DisclosureReason.CALL_HER: _("to call her"),
        DisclosureReason.CHECK_IDENTITY: _("to check who she is"),
        DisclosureReason.PAYMENT: _("to pay a subsidy or support"),
        DisclosureReason.SAFETY: _("for her safety"),
        DisclosureReason.AUTHORITY: _("an authority asks for it by law"),
        DisclosureReason.HER_REQUEST: _("she asked for it herself"),
        DisclosureReason.OTHER: _("something else"),
    },
}

TONES: dict[type, dict] = {}

SENTENCES: dict[str, object] = {
    "reason_without_words": _("Say in a few words what it is needed for."),
    "nothing_on_record": _("There is no such value on record for her: %(field)s."),
    "too_many_looks": _(
        "You have looked at %(most)s values today; more are not shown before tomorrow. If you need a whole list, ask "
        "the manager for an export."
    ),
    "nobody_to_export": _("Nobody fits these filters, so there is nothing to export."),
    "list_to_export_changed": _(
        "Somebody joined or left the list since you opened this page. Look at the number again, then send it."
    ),
    "too_many_to_export_at_once": _(
        "These are %(count)s people, too many to wait for. Press “Export these people” on the list: the file is made "
        "in the background."
    ),
}


def purpose_line(purpose: Purpose, fields: list[str]) -> str:
    """What stands above an export in full."""
    reason = str(LABELS[DisclosureReason][purpose.reason])
    return gettext(
        "Contains protected data (%(fields)s). Needed for: %(reason)s. Given to: %(recipient)s.",
        fields="、".join(str(LABELS[ProtectedField][ProtectedField(field)]) for field in sorted(fields)),
        reason=f"{reason} · {purpose.note}" if purpose.note else reason,
        recipient=purpose.recipient,
    )

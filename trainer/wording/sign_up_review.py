"""Words for the review of sign-ups."""

from flask_babel import lazy_gettext as _

from trainer.domain.sign_up_review import Tab

LABELS = {
    Tab: {
        Tab.OPEN: _("To answer"),
        Tab.WAITLIST: _("On the waitlist"),
        Tab.TO_TELL: _("To be told"),
        Tab.DECIDED: _("All answered"),
        Tab.GONE: _("Struck out or taken back"),
    }
}
TONES: dict = {}
SENTENCES: dict[str, object] = {
    "sign_up_answered": _("Somebody else dealt with this sign-up first (%(state)s). Look at it again."),
    "sign_up_known": _(
        "The register has a %(name)s with this phone already. Choose her record, so that she does not stand there twice."
    ),
    "sign_up_id_number_taken": _(
        "This ID number stands in another record. Choose that record, or ask her for the number again."
    ),
    "sign_up_on_the_roll": _(
        "%(name)s is on the roll of this class already. Admit her here, or withdraw her on the page of her enrolment."
    ),
    "sign_up_rejected_without_reason": _("Say why she is not admitted. The reason stays in her history."),
    "sign_up_not_settled": _("This sign-up is not answered or struck out any more. Look at it again."),
    "sign_up_built_upon": _(
        "More has happened in the class since the answer. Withdraw her on the page of her enrolment instead."
    ),
    "sign_up_nobody_ticked": _("Tick at least one sign-up."),
}

FIELDS = {
    "name": _("Name"),
    "phone": _("Phone"),
    "id_number": _("ID number"),
    "kind": _("Kind of person"),
    "region_code": _("County"),
    "township": _("Township"),
    "village": _("Village"),
}


def field_name(field: str) -> str:
    return str(FIELDS[field])

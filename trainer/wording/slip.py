"""Words of the sign-in slips: on the paper, and where one is refused."""

from flask_babel import lazy_gettext as _

SLIP_WORDS = {
    "do": _("Scan it with WeChat, then type the last 4 digits of your phone number."),
    "until": _("Good until %(moment)s"),
    "once": _("For you alone, and for one use. Lost? Ask your teacher for a new one."),
    "print": _(
        "Print on A4, eight slips a sheet, and cut along the lines. Give each woman her own. Then delete this file."
    ),
    "left_out": _("No slip could be made for these women: the register has neither phone nor ID number of theirs."),
}

LABELS: dict[type, dict] = {}

TONES: dict[type, dict] = {}

SENTENCES: dict[str, object] = {
    "slip_spent": _("This slip has been used or has run out. Ask your teacher for a new one."),
    "slips_for_nobody": _("There is nobody to make a slip for: look at the roll, or choose “Everybody”."),
    "no_number_for_slip": _(
        "The register has neither a phone nor an ID number of %(name)s. Her slip asks for the last four digits of one, "
        "so add it first."
    ),
}

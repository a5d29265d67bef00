"""Words for walk-ins."""

from flask_babel import lazy_gettext as _

from trainer.domain.walk_in import Likeness

LABELS = {
    Likeness: {
        Likeness.ID_NUMBER: _("same ID number"),
        Likeness.NAME_AND_PHONE: _("same name and phone"),
        Likeness.NAME_AND_VILLAGE: _("same name and village"),
        Likeness.NAME: _("same name"),
        Likeness.PHONE: _("same phone"),
        Likeness.SOUND: _("name sounds the same"),
    },
}
TONES: dict = {Likeness: {Likeness.ID_NUMBER: "good", Likeness.NAME_AND_PHONE: "good", Likeness.NAME: "attention"}}
SENTENCES: dict[str, object] = {
    "walk_in_closed": _(
        "This lesson is closed and its heads are counted. Open the roll again first, or mark her there with a reason."
    ),
    "walk_in_matched": _("Somebody has said already who she is. Take that match back first."),
    "walk_in_struck_out": _("She was struck out. If she was there after all, note her down again."),
    "walk_in_known": _(
        "The register has a %(name)s with this phone already. Choose her, so that she does not stand there twice."
    ),
    "walk_in_not_matched": _("The match was taken back already. Nothing was changed."),
    "walk_in_nobody_chosen": _("Choose who she is."),
}

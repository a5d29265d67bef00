"""Words of the demonstration."""

from flask_babel import lazy_gettext as _

LABELS = {}

TONES = {}

SENTENCES: dict[str, object] = {
    "demonstration_not_empty": _(
        "This database holds accounts or people already. The demonstration fills only an empty one: name another by "
        "DATABASE_URL or INSTANCE_PATH."
    ),
    "demonstration_other_size": _(
        "This database holds the demonstration in size %(stands)s. For %(wanted)s name another database by DATABASE_URL "
        "or INSTANCE_PATH."
    ),
}

"""Words for backups and field keys."""

from flask_babel import lazy_gettext as _

LABELS = {}

TONES = {}

SENTENCES: dict[str, object] = {
    "backup_foreign": _("%(name)s is no backup of this system, or there is no such file."),
    "backup_broken": _("%(name)s is damaged or was cut short. Nothing was changed; take another backup."),
    "backup_no_room": _(
        "There is not room enough in %(folder)s: about %(needed)s MiB are needed, %(free)s MiB are free. Delete old "
        "backups or name another folder by BACKUP_FOLDER."
    ),
    "backup_none": _("There is no backup in %(folder)s."),
    "backup_tool_missing": _(
        "%(tool)s was not found. Install PostgreSQL's client and name its folder by POSTGRESQL_BIN."
    ),
    "backup_tool_too_old": _(
        "%(tool)s is of release %(release)s and the server of release %(server)s. Install the client of the server's "
        "release and name its folder by POSTGRESQL_BIN."
    ),
    "restore_place_not_empty": _(
        "This place holds accounts already. A backup is put back only into an empty one: name another by INSTANCE_PATH "
        "or DATABASE_URL."
    ),
    "restore_other_database": _(
        "The backup is of %(theirs)s and this place is on %(ours)s. Name a database of the same kind by DATABASE_URL."
    ),
    "restore_newer_release": _(
        "The backup was made by another release (revision %(revision)s is not known). Install that release or a newer one."
    ),
    "restore_keys_missing": _(
        "The backup needs field keys that are not here: %(keys)s. Put them into FIELD_KEYS or the file field_keys of the "
        "instance folder first."
    ),
    "restore_other_mode": _(
        "Invented and real data never mix: the demonstration's backup goes only where TRAINER_MODE is demo, any other "
        "only where it is not."
    ),
    "key_unknown": _("There is no key with the id %(key)s. `flask keys status` lists them."),
    "key_encrypts": _("Key %(key)s is the newest, which encrypts. Make a new one with `flask keys rotate` first."),
    "key_in_use": _("%(count)s values are still encrypted with key %(key)s. Run `flask keys reencrypt` first."),
}

"""Sentences of `flask check-deploy`: what is wrong, and what to set or do."""

from flask_babel import lazy_gettext as _

LABELS: dict = {}
TONES: dict = {}

SENTENCES: dict[str, object] = {
    "deploy_mode": _("TRAINER_MODE is %(mode)s: people are let in only with production."),
    "deploy_debug": _("Debugging is on and shows the inside to everybody: unset FLASK_DEBUG."),
    "deploy_demonstration": _("This is the demonstration's database: name another by DATABASE_URL or INSTANCE_PATH."),
    "deploy_migrations": _("The database is not at the newest schema: run `flask upgrade`."),
    "deploy_secret": _(
        "SECRET_KEY is short or easily guessed: leave it unset for one made at random, or set 32 random bytes or more."
    ),
    "deploy_https": _(
        "HTTPS is off: passwords would cross the network in the clear. Set up a certificate and HTTPS=yes."
    ),
    "deploy_base_url_http": _("BASE_URL does not begin with https://, so links would lead past HTTPS."),
    "deploy_base_url_host": _(
        "BASE_URL names %(host)s, which is not among TRUSTED_HOSTS: every link would be refused."
    ),
    "deploy_any_host": _("TRUSTED_HOSTS holds * or nothing: name the hosts of this site."),
    "deploy_second_factor": _("REQUIRE_2FA_ROLES is without system_administrator."),
    "deploy_readable": _("Other users of this machine can read %(files)s: run chmod -R o-rwx on the instance folder."),
    "deploy_no_backup": _("There is no backup in %(folder)s: run `flask backup`, and let the nightly job run."),
    "deploy_old_backup": _("The newest backup is %(days)s days old: look at the last runs of the nightly job."),
    "deploy_scheduler": _("No job has run for more than a day: start `flask jobs run` or `flask serve`."),
    "deploy_audit_guards": _(
        "The database's guards over the audit trail are missing: put back the triggers of the migrations."
    ),
    "deploy_audit_role": _(
        "The application's database role owns the audit trail: give it a role of its own without UPDATE, DELETE and "
        "TRUNCATE on it (docs/security.md)."
    ),
    "deploy_sqlite": _("SQLite takes one writer at a time: with several worker processes use PostgreSQL."),
    "deploy_keys": _(
        "The field keys lie beside the database: a thief of the folder has both. Set FIELD_KEYS from elsewhere."
    ),
    "deploy_proxy": _(
        "HTTPS is on and BEHIND_PROXY off: right only where this process holds the certificate itself; behind nginx every "
        "visitor would have nginx's address."
    ),
    "deploy_icp": _("ICP_NUMBER is empty: a public site must show its filing number."),
    "deploy_organisation": _(
        "ORGANISATION or PRIVACY_CONTACT is empty: the privacy notice must say who and how to reach."
    ),
}

"""What is wrong with an installation before people come: settings and facts of its place, each a code with values."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

# A key of 32 random bytes, written in whatever way, is longer than this even when it is pressed together.
LEAST_SECRET = 32
OLDEST_BACKUP = timedelta(days=2)
LONGEST_SILENCE = timedelta(hours=26)
AUDIT_GUARDS = {"sqlite": 6, "postgresql": 4}

Settings = Mapping[str, object]


@dataclass(frozen=True)
class Place:
    """What no setting tells."""

    database: str
    keys_beside_database: bool
    readable: tuple[str, ...]  # files of the instance folder that other users of the machine can read
    newest_backup: datetime | None
    last_job: datetime | None
    is_migrated: bool
    is_demonstration: bool
    audit_guards: int
    may_change_audit: bool  # the database role of the application could, were there no triggers
    debug: bool
    now: datetime


@dataclass(frozen=True)
class Finding:
    """`red`: nobody should be let in before it is mended; else something to know."""

    code: str
    red: bool
    values: Mapping[str, object]


def find_faults(settings: Settings, place: Place) -> list[Finding]:
    """Everything that is wrong, the red first."""
    found = [
        Finding(code, red, values) for code, red, is_so in CHECKS if (values := is_so(settings, place)) is not None
    ]
    return sorted(found, key=lambda finding: not finding.red)


def why_not_start(settings: Settings) -> str | None:
    """The code of what contradicts itself so that serving would be wrong; only where HTTPS is claimed."""
    if settings["MODE"] != "production" or not settings["HTTPS"]:
        return None
    for code, is_so in (("deploy_base_url_http", _base_url_plain), ("deploy_base_url_host", _base_url_foreign)):
        if is_so(settings, None) is not None:
            return code
    return None


def is_weak(secret: str) -> bool:
    """Short, or of so little variety that it was not drawn at random."""
    return len(secret) < LEAST_SECRET or len(set(secret)) < 10 or len(zlib.compress(secret.encode())) < LEAST_SECRET


def _base_url_plain(settings: Settings, _place) -> dict | None:
    return None if str(settings["BASE_URL"]).startswith("https://") else {"url": settings["BASE_URL"]}


def _base_url_foreign(settings: Settings, _place) -> dict | None:
    host = urlsplit(str(settings["BASE_URL"])).hostname
    return None if host in settings["TRUSTED_HOSTS"] else {"host": host or "—"}


def _second_factor_off(settings: Settings, _place) -> dict | None:
    return None if "system_administrator" in settings["REQUIRE_2FA_ROLES"] else {}


def _backup_old(_settings, place: Place) -> dict | None:
    old = place.newest_backup is not None and place.now - place.newest_backup > OLDEST_BACKUP
    return {"days": (place.now - place.newest_backup).days} if old else None


def _is(condition: Callable[[Settings, Place], bool]) -> Callable[[Settings, Place], dict | None]:
    return lambda settings, place: {} if condition(settings, place) else None


# (code of the sentence, red?, its values where it is so)
CHECKS: tuple[tuple[str, bool, Callable[[Settings, Place], dict | None]], ...] = (
    ("deploy_mode", True, lambda s, p: None if s["MODE"] == "production" else {"mode": s["MODE"]}),
    ("deploy_debug", True, _is(lambda s, p: p.debug)),
    ("deploy_demonstration", True, _is(lambda s, p: p.is_demonstration)),
    ("deploy_migrations", True, _is(lambda s, p: not p.is_migrated)),
    ("deploy_secret", True, _is(lambda s, p: is_weak(str(s["SECRET_KEY"])))),
    ("deploy_https", True, _is(lambda s, p: not s["HTTPS"])),
    ("deploy_base_url_http", True, _base_url_plain),
    ("deploy_base_url_host", True, _base_url_foreign),
    ("deploy_any_host", True, _is(lambda s, p: not {"*", ""}.isdisjoint(s["TRUSTED_HOSTS"]))),
    ("deploy_second_factor", True, _second_factor_off),
    ("deploy_readable", True, lambda s, p: {"files": ", ".join(p.readable)} if p.readable else None),
    ("deploy_no_backup", True, lambda s, p: None if p.newest_backup else {"folder": s["BACKUP_FOLDER"]}),
    ("deploy_old_backup", True, _backup_old),
    ("deploy_scheduler", True, _is(lambda s, p: p.last_job is None or p.now - p.last_job > LONGEST_SILENCE)),
    ("deploy_audit_guards", True, _is(lambda s, p: p.audit_guards < AUDIT_GUARDS[p.database])),
    ("deploy_audit_role", False, _is(lambda s, p: p.may_change_audit)),
    ("deploy_sqlite", False, _is(lambda s, p: p.database == "sqlite")),
    ("deploy_keys", False, _is(lambda s, p: p.keys_beside_database)),
    ("deploy_proxy", False, _is(lambda s, p: bool(s["HTTPS"]) and not s["BEHIND_PROXY"])),
    ("deploy_icp", False, _is(lambda s, p: not s["ICP_NUMBER"])),
    ("deploy_organisation", False, _is(lambda s, p: not (s["ORGANISATION"] and s["PRIVACY_CONTACT"]))),
)

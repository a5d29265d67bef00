"""Settings, read from the environment; `docs/operations.md` explains each."""

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent
MODES = ("production", "demo", "testing")


SECOND_FACTOR_ROLES = "system_administrator,finance,evaluator"


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _yes(value: str) -> bool:
    return value.strip().lower() in {"1", "yes", "true", "on"}


def load(env: Mapping[str, str] = os.environ) -> dict[str, object]:
    """Flask configuration from `env`; every name read here is documented in docs/operations.md."""
    mode = env.get("TRAINER_MODE", "production")
    if mode not in MODES:
        raise SystemExit(f"TRAINER_MODE must be one of {', '.join(MODES)}, not {mode!r}.")
    instance = Path(env.get("INSTANCE_PATH", ROOT / "instance")).resolve()
    default_database = f"sqlite:///{instance / ('demo.sqlite3' if mode == 'demo' else 'trainer.sqlite3')}"
    https = _yes(env.get("HTTPS", "no"))
    return {
        "MODE": mode,
        "FROM_COMMAND_LINE": env.get("FLASK_RUN_FROM_CLI") == "true",
        "INSTANCE_PATH": instance,
        "SQLALCHEMY_DATABASE_URI": env.get("DATABASE_URL", default_database),
        # An error must not carry what a statement was given into the log or a job's message.
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
        "SECRET_KEY": env.get("SECRET_KEY"),
        "FIELD_KEYS": env.get("FIELD_KEYS"),
        "BASE_URL": env.get("BASE_URL", f"http://127.0.0.1:{env.get('PORT', '8000')}"),
        "TRUSTED_HOSTS": env.get("TRUSTED_HOSTS", "127.0.0.1,localhost").split(","),
        "BEHIND_PROXY": _yes(env.get("BEHIND_PROXY", "no")),
        "HTTPS": https,
        "HOST": env.get("HOST", "127.0.0.1"),
        "PORT": int(env.get("PORT", "8000")),
        "SCHEDULER": _yes(env.get("SCHEDULER", "yes")),
        "ICP_NUMBER": env.get("ICP_NUMBER", ""),
        "PSB_NUMBER": env.get("PSB_NUMBER", ""),
        "SESSION_IDLE_MINUTES": int(env.get("SESSION_IDLE_MINUTES", "30")),
        "SESSION_ABSOLUTE_HOURS": int(env.get("SESSION_ABSOLUTE_HOURS", "12")),
        "SESSION_IDLE_MINUTES_ADMIN": int(env.get("SESSION_IDLE_MINUTES_ADMIN", "15")),
        "DEVICE_SESSION_DAYS": int(env.get("DEVICE_SESSION_DAYS", "90")),
        "PASSWORD_POLICY": env.get("PASSWORD_POLICY", "dengbao"),
        "PASSWORD_MAX_AGE_DAYS": int(env.get("PASSWORD_MAX_AGE_DAYS", "90")),
        # The demonstration's accounts open with one click: no second factor there.
        "REQUIRE_2FA_ROLES": () if mode == "demo" else _list(env.get("REQUIRE_2FA_ROLES", SECOND_FACTOR_ROLES)),
        "ADMIN_ALLOWED_NETS": _list(env.get("ADMIN_ALLOWED_NETS", "")),
        # The demonstration's accounts are there to be tried at any time, though nobody used them yet.
        "UNUSED_ACCOUNT_DAYS": 0 if mode == "demo" else int(env.get("UNUSED_ACCOUNT_DAYS", "90")),
        "CHECK_IN_SLOT_SECONDS": int(env.get("CHECK_IN_SLOT_SECONDS", "30")),
        "LESSON_REMINDERS": _yes(env.get("LESSON_REMINDERS", "yes")),
        "CHECK_IN_LATE_MINUTES": int(env.get("CHECK_IN_LATE_MINUTES", "15")),
        "UNMASK_PER_DAY": int(env.get("UNMASK_PER_DAY", "30")),
        "ORGANISATION": env.get("ORGANISATION", ""),
        # The letters that the numbers of certificates begin with: 结业.
        "CERTIFICATE_PREFIX": env.get("CERTIFICATE_PREFIX", "JY").strip().upper(),
        "PRIVACY_CONTACT": env.get("PRIVACY_CONTACT", ""),
        "DATA_REQUEST_DAYS": int(env.get("DATA_REQUEST_DAYS", "30")),
        "AUDIT_RETENTION_DAYS": int(env.get("AUDIT_RETENTION_DAYS", "400")),
        "SESSION_RETENTION_DAYS": int(env.get("SESSION_RETENTION_DAYS", "400")),
        "IMPORT_RETENTION_DAYS": int(env.get("IMPORT_RETENTION_DAYS", "180")),
        "PRODUCT_RETENTION_DAYS": int(env.get("PRODUCT_RETENTION_DAYS", "7")),
        "MESSAGE_RETENTION_DAYS": int(env.get("MESSAGE_RETENTION_DAYS", "400")),
        "CONSENT_RETENTION_YEARS": int(env.get("CONSENT_RETENTION_YEARS", "3")),
        "EVIDENCE_RETENTION_YEARS": int(env.get("EVIDENCE_RETENTION_YEARS", "3")),
        "SALES_ENTRY_RETYPE_FEN": int(env.get("SALES_ENTRY_RETYPE_FEN", "1000000")),
        "TRAINING_RETENTION_YEARS": int(env.get("TRAINING_RETENTION_YEARS", "10")),
        "MESSAGE_CHANNELS": env.get("MESSAGE_CHANNELS", ""),
        "QUIET_HOURS": env.get("QUIET_HOURS", "21:00-08:00"),
        "BACKUP_FOLDER": env.get("BACKUP_FOLDER", str(instance / "backups")),
        "BACKUPS_KEPT": int(env.get("BACKUPS_KEPT", "14")),
        "POSTGRESQL_BIN": env.get("POSTGRESQL_BIN", ""),
        # What Flask itself reads; not meant to be set from outside.
        "SESSION_COOKIE_NAME": "__Host-form" if https else "form",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
        "MAX_CONTENT_LENGTH": 120 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 5000,
        "SEND_FILE_MAX_AGE_DEFAULT": 365 * 24 * 3600,
        "BABEL_DEFAULT_LOCALE": "zh",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "trainer" / "translations"),
        "BOOTSTRAP_SERVE_LOCAL": True,
        "WTF_CSRF_TIME_LIMIT": None,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 4,
    }

"""Settings, read from the environment; `docs/operations.md` explains each."""

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent
MODES = ("production", "demo", "testing")


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
        "DEVICE_SESSION_DAYS": int(env.get("DEVICE_SESSION_DAYS", "90")),
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

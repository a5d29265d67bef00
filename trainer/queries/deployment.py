"""What the database tells of its own state: schema, guards, rights, the last job."""

from datetime import datetime

from sqlalchemy import func, inspect, select, text

from trainer.database import db, on_postgresql
from trainer.models.job import JobRun

SQLITE_GUARDS = """SELECT count(*) FROM sqlite_master
    WHERE type = 'trigger' AND tbl_name IN ('audit_events', 'audit_segments')"""
POSTGRESQL_GUARDS = """SELECT count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND tgenabled <> 'D' AND relname IN ('audit_events', 'audit_segments')"""


def get_revision() -> str | None:
    """The schema's revision; None before the first."""
    if not inspect(db.engine).has_table("alembic_version"):
        return None
    return db.session.scalar(text("SELECT version_num FROM alembic_version"))


def count_audit_guards() -> int:
    """How many triggers keep the audit trail append-only."""
    return db.session.scalar(text(POSTGRESQL_GUARDS if on_postgresql() else SQLITE_GUARDS))


def may_change_audit() -> bool:
    """Whether the application's own role has the right; SQLite knows no roles."""
    asked = "SELECT has_table_privilege(current_user, 'audit_events', 'UPDATE, DELETE, TRUNCATE')"
    return bool(db.session.scalar(text(asked))) if on_postgresql() else False


def get_last_job_at() -> datetime | None:
    return db.session.scalar(select(func.max(JobRun.started_at)))

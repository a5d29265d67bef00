"""The database: one engine set-up for SQLite and PostgreSQL, and the one place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum, unique

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, event, inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.orm.exc import StaleDataError

CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# False: transactions only read. A service called outside `transaction()` fails loudly on both databases.
_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Base(DeclarativeBase):
    """Mother of all models."""

    registry = registry(metadata=MetaData(naming_convention=CONVENTION), type_annotation_map={})


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


# What the database raises when somebody else was faster, and when it cannot be reached or locked in time.
OVERTAKEN = (StaleDataError, IntegrityError)
BUSY = OperationalError
# What it says of a value it cannot hold: a number of thirty digits, a zero byte in a text.
UNFIT = (DataError, OverflowError)


@unique
class LockKey(IntEnum):
    """PostgreSQL's advisory locks: no two uses share a number. SQLite needs none, it has one writer."""

    AUDIT = 7_304_261
    ROSTER = 7_304_262
    SCHEDULER = 7_304_263
    CHECK_IN = 7_304_270
    SERVICE_TARIFF = 7_304_271
    SALES_PICTURES = 7_304_280


def on_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"


def take_turns(key: LockKey) -> None:
    """From here to the end of the transaction nobody else is behind the same call."""
    if on_postgresql():
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def is_demonstration(engine: Engine) -> bool | None:
    """Whether this database is flagged as invented; None where it holds nobody yet."""
    if not inspect(engine).has_table("site_flags"):
        return None
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT value FROM site_flags WHERE name = 'demonstration'").scalar()
        anybody = connection.exec_driver_sql("SELECT 1 FROM accounts LIMIT 1").scalar()
    return True if found else (False if anybody else None)


def why_not_open(mode: str) -> str | None:
    """Why a site in `mode` must not be served from this database: invented and real people never mix."""
    demonstration = is_demonstration(db.engine)
    if demonstration is None or mode == "testing" or demonstration == (mode == "demo"):
        return None
    if demonstration:
        return "This database holds the demonstration: only `make demo` may open it."
    return "This database holds real data: the demonstration must not open it."


def broken_by() -> BaseException | None:
    """What broke the last transaction of this request; the audit trail keeps refusals that a page only words."""
    return db.session().info.get("broken_by")


def forget_broken() -> None:
    db.session().info.pop("broken_by", None)


def rollback() -> None:
    """Leave the transaction that a refused or broken act was in."""
    db.session.rollback()


@contextmanager
def transaction() -> Iterator[Session]:
    """One act: everything inside is committed together, or nothing is.

    Ends the reading transaction that went before, so that what the act reads is fresh (and, on SQLite, read
    under the write lock: a read-then-write through a deferred BEGIN loses updates or fails as "locked").
    """
    session = db.session()
    session.rollback()
    session.expire_all()  # also what was read before an earlier commit of this session
    token = _writing.set(True)
    try:
        yield session
        session.commit()
    except BaseException as error:
        session.rollback()
        session.info["broken_by"] = error
        raise
    finally:
        _writing.reset(token)


def listen(engine: Engine) -> None:
    """Make `engine` keep to the rules above; called once an engine is made."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _connect_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def forget_deleted() -> None:
    """On SQLite let the write-ahead log go, in which pages stand as they were; PostgreSQL's VACUUM comes by itself."""
    if db.engine.dialect.name != "sqlite":
        return
    db.session.rollback()  # a reading transaction of our own would keep the log
    connection = db.engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _connect_sqlite(connection, _record) -> None:
    connection.isolation_level = None  # stops the driver's own BEGIN
    cursor = connection.cursor()
    # secure_delete: what is deleted or overwritten leaves the file too, not only the tables.
    rules = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in rules:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection) -> None:
    driver = connection.connection.driver_connection  # two words each request: they need no SQLAlchemy around them
    if _writing.get():
        driver.execute("PRAGMA query_only=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # may find the database busy: raised as the library's error
    else:
        driver.execute("PRAGMA query_only=ON")
        driver.execute("BEGIN")


def _begin_postgresql(connection) -> None:
    if not _writing.get():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")

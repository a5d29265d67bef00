"""Backup and restore: what comes back is what was there; what is damaged, foreign or in the wrong place is refused."""

import gzip
import io
import json
import tarfile
from datetime import timedelta

import pytest

from tests import factories
from tests.conftest import KEYS
from tests.services.places import empty_place, postgresql_tools
from trainer import clock, storage
from trainer.backup import archive, copies, making, restoring
from trainer.crypto import Keyring
from trainer.database import db, on_postgresql, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.audit import first_broken
from trainer.domain.file import FilePurpose
from trainer.domain.jobs import tell
from trainer.errors import Refused
from trainer.jobs import back_up, rehearse_restore
from trainer.models import Person
from trainer.models.file import StoredFile
from trainer.queries.audit import walk_chain
from trainer.services import audit
from trainer.services.file import keep_file, read_file

pytestmark = pytest.mark.postgresql


@pytest.fixture
def folder(app, databases, tmp_path, monkeypatch):
    """Where backups go; the tools are those of the server."""
    monkeypatch.setitem(app.config, "BACKUP_FOLDER", str(tmp_path / "backups"))
    monkeypatch.setitem(app.config, "POSTGRESQL_BIN", postgresql_tools(databases))
    storage.configure(tmp_path / "files")
    yield tmp_path / "backups"
    storage.configure(app.config["INSTANCE_PATH"] / "files")


def keep(content: bytes) -> StoredFile:
    with transaction():
        return keep_file(content, "x.txt", "text/plain", purpose=FilePurpose.CONSENT_SCAN, by=SYSTEM, at=factories.AT)


@pytest.fixture
def filled(folder):
    """People, a file, an audit chain, somebody signed in."""
    manager = factories.account(Role.MANAGER, region=factories.SHANXI)
    factories.enrolment(factories.cohort(), factories.person(phone="14000001234"))
    keep(b"a scan")
    with transaction():
        for number in range(3):
            audit.record("thing.touch", "thing", number, by=SYSTEM, at=clock.now())
    return manager


def back_up_now(app) -> making.Made:
    db.session.rollback()
    return back_up.make(app.config, making.Path(app.config["BACKUP_FOLDER"]))


def restore(other, path, *options: str):
    with other.app_context():
        return other.test_cli_runner().invoke(args=["restore", str(path), *options])


def rewrite(path, change) -> None:
    """The archive anew, each (name, content) as `change` gives it back; with None it is left out."""
    with tarfile.open(path) as old:
        parts = [(member.name, old.extractfile(member).read()) for member in old]
    with tarfile.open(path, "w:gz") as new:
        for name, content in filter(None, (change(*part) for part in parts)):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            new.addfile(info, io.BytesIO(content))


def test_what_comes_back_is_what_was_there(app, filled, databases, tmp_path):
    token = factories.session_token(filled)
    made = back_up_now(app)
    assert made.missing == []
    assert made.path.stat().st_mode & 0o777 == 0o600
    with db.engine.connect() as connection:
        before = copies.get_facts(connection).tables
    with empty_place(databases, tmp_path / "place") as other:
        answer = restore(other, made.path)
        assert answer.exit_code == 0, answer.output
        assert "the field keys fit" in answer.output
        with other.app_context(), db.engine.connect() as connection:
            after = copies.get_facts(connection).tables
            assert db.session.scalar(db.select(Person.phone)) == "14000001234"
            assert read_file(db.session.scalar(db.select(StoredFile))) == b"a scan"
            assert first_broken(walk_chain()) is None
            db.session.remove()
        # One event more here: the backup's trace came after its copy; and one there: the restore's.
        assert after == before
        client = other.test_client()
        answer = client.post("/sign-in", data={"username": filled.username, "password": factories.PASSWORD})
        assert answer.status_code == 302
        client = other.test_client()
        client.set_cookie("sid", token)
        assert client.get("/cohorts").status_code == 200
        assert not list((tmp_path / "place").glob("restoring-*"))


def test_the_manifest_tells_of_the_keys_and_holds_none(app, filled, tmp_path):
    manifest = archive.unpack(back_up_now(app).path, tmp_path)
    ring = Keyring.parse(KEYS)
    assert manifest.keys == ring.check_values()
    assert set(manifest.keys) == {"k1", "index"}
    everything = json.dumps(manifest.__dict__)
    assert not any(key.hex() in everything for key in ring.keys.values())
    assert KEYS.partition(":")[2] not in everything
    assert manifest.tables["people"] == 1


def test_a_place_with_accounts_is_left_alone(app, filled):
    made = back_up_now(app)
    answer = restore(app, made.path)
    assert answer.exit_code == 2
    assert "INSTANCE_PATH" in answer.stderr


def test_a_place_that_was_set_up_and_never_used_takes_a_backup(app, filled, databases, tmp_path):
    made = back_up_now(app)
    with empty_place(databases, tmp_path / "place") as other:
        with other.app_context():
            for command in ("upgrade", "setup-link"):
                assert other.test_cli_runner().invoke(args=[command]).exit_code == 0
            db.session.remove()
        assert restore(other, made.path).exit_code == 0
        with other.app_context():
            assert first_broken(walk_chain()) is None
            db.session.remove()


def test_without_the_right_keys_it_is_told_at_once(app, filled, databases, tmp_path):
    made = back_up_now(app)
    with empty_place(databases, tmp_path / "place", keys=Keyring.generate()) as other:
        answer = restore(other, made.path)
        assert answer.exit_code == 2
        assert "index, k1" in answer.stderr
        with other.app_context():
            restoring.refuse_unless_empty(db.engine)
        answer = restore(other, made.path, "--without-keys")
        assert answer.exit_code == 0
        assert "the field keys are lost: index, k1" in answer.output


def cut_short(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def no_archive(path):
    path.write_bytes(b"PK\x03\x04 something else")


def other_archive(path):
    rewrite(path, lambda name, content: ("notes.txt", content))


def up_and_away(path):
    rewrite(path, lambda name, content: (name.replace("files/", "files/../../"), content))


def without_manifest(path):
    rewrite(path, lambda name, content: None if name == archive.MANIFEST else (name, content))


def without_a_file(path):
    rewrite(path, lambda name, content: None if name.startswith("files/") else (name, content))


def with_another_file(path):
    rewrite(path, lambda name, content: (name, b"altered!" if name.startswith("files/") else content))


def of_another_format(path):
    rewrite(path, lambda name, content: (name, content.replace(b"trainer backup 1", b"trainer backup 9")))


def a_link(path):
    with gzip.open(path) as old:
        plain = path.with_suffix(".tar")
        plain.write_bytes(old.read())
    with tarfile.open(path, "w:gz") as new:
        info = tarfile.TarInfo("database.sqlite3")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        new.addfile(info)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (cut_short, "backup_broken"),
        (flip_a_bit, "backup_broken"),
        (without_manifest, "backup_broken"),
        (without_a_file, "backup_broken"),
        (with_another_file, "backup_broken"),
        (of_another_format, "backup_broken"),
        (no_archive, "backup_foreign"),
        (other_archive, "backup_foreign"),
        (up_and_away, "backup_broken"),
        (a_link, "backup_foreign"),
    ],
)
def test_what_is_damaged_or_foreign_is_refused(app, filled, tmp_path, harm, said):
    made = back_up_now(app)
    unpacked = tmp_path / "unpacked"
    archive.unpack(made.path, unpacked / "whole")
    harm(made.path)
    with pytest.raises(Refused) as refused:
        archive.unpack(made.path, unpacked / "harmed")
    assert refused.value.code == said
    assert {path.name for path in tmp_path.iterdir()} <= {"backups", "files", "unpacked"}


def test_a_damaged_backup_touches_nothing(app, filled, databases, tmp_path):
    made = back_up_now(app)
    flip_a_bit(made.path)
    with empty_place(databases, tmp_path / "place") as other:
        assert restore(other, made.path).exit_code == 2
        with other.app_context():
            assert not db.inspect(db.engine).get_table_names()
        assert not list((tmp_path / "place").glob("files/??/*"))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("revision", "ffffffffffff", "ffffffffffff"),
        ("demonstration", True, "TRAINER_MODE"),
        ("database", "oracle", "oracle"),
    ],
)
def test_what_this_place_cannot_take_is_refused(app, filled, databases, tmp_path, field, value, said):
    made = back_up_now(app)

    def change(name, content):
        if name == archive.MANIFEST:
            content = json.dumps({**json.loads(content), field: value}).encode()
        return name, content

    rewrite(made.path, change)
    with empty_place(databases, tmp_path / "place") as other:
        answer = restore(other, made.path)
        assert answer.exit_code == 2
        assert said in answer.stderr


def test_a_file_lost_by_the_storage_is_told_and_one_let_go_meanwhile_is_not(app, filled, monkeypatch):
    lost, let_go = keep(b"lost"), keep(b"let go")
    storage.delete(lost.stored_as)
    copy = copies.copy

    def copy_then_let_go(*args, **values):
        facts = copy(*args, **values)
        with transaction() as session:
            session.execute(db.delete(StoredFile).where(StoredFile.id == let_go.id))
        storage.delete(let_go.stored_as)
        return facts

    monkeypatch.setattr(copies, "copy", copy_then_let_go)
    with pytest.raises(back_up.FilesMissing, match=f"1 files missing, the first is {lost.stored_as}"):
        back_up.run(app.config)
    answer = app.test_cli_runner().invoke(args=["backup"])
    assert answer.exit_code == 1
    assert lost.stored_as in answer.stderr


def test_the_command_prints_where_it_lies(app, filled, tmp_path):
    answer = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "elsewhere")])
    assert answer.exit_code == 0
    [path] = archive.list_backups(tmp_path / "elsewhere")
    assert answer.stdout.strip() == str(path)
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_the_nightly_job_keeps_the_newest(app, filled, folder, monkeypatch):
    monkeypatch.setitem(app.config, "BACKUPS_KEPT", 2)
    moments = [clock.now() + timedelta(minutes=n) for n in range(4)]
    (folder / "somebody's.tar.gz").parent.mkdir()
    (folder / "somebody's.tar.gz").write_bytes(b"not ours")
    for moment in moments:
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        told = back_up.run(app.config)
    assert json.loads(told)["code"] == "job_backed_up"
    assert '"files": 1, "deleted": 1' in told
    kept = archive.list_backups(folder)
    assert [path.name for path in kept] == [archive.file_name(clock.local(moment)) for moment in moments[2:]]
    assert (folder / "somebody's.tar.gz").exists()


def test_a_full_disk_is_seen_before(app, filled, folder, monkeypatch):
    usage = making.shutil.disk_usage("/")
    monkeypatch.setattr(making.shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(making.NoRoom):
        back_up.run(app.config)
    assert archive.list_backups(folder) == []


def test_what_breaks_off_leaves_no_backup(app, filled, folder, monkeypatch):
    def break_off(*_args, **_values):
        raise copies.CopyFailed("the disk is gone")

    monkeypatch.setattr(copies, "copy", break_off)
    with pytest.raises(copies.CopyFailed):
        back_up.run(app.config)
    assert list(folder.iterdir()) == []


def test_the_rehearsal_says_what_it_looked_at(app, filled, folder):
    with pytest.raises(rehearse_restore.NoBackup):
        rehearse_restore.run(app.config)
    made = back_up_now(app)
    assert rehearse_restore.run(app.config) == tell("job_rehearsed", {"name": made.path.name, "rows": made.rows})
    assert [path.name for path in folder.iterdir()] == [made.path.name]


def test_the_rehearsal_finds_rows_that_are_not_there(app, filled):
    made = back_up_now(app)

    def count_one_more(name, content):
        if name == archive.MANIFEST:
            told = json.loads(content)
            told["tables"]["people"] += 1
            content = json.dumps(told).encode()
        return name, content

    rewrite(made.path, count_one_more)
    with pytest.raises(restoring.CountsDiffer, match="people 2 → 1"):
        rehearse_restore.run(app.config)


def test_the_rehearsal_finds_a_broken_chain_and_lost_keys(app, filled, monkeypatch):
    with db.engine.connect() as connection:
        connection.rollback()
        broken = first_broken(walk_chain(connection))
        assert broken is None
    back_up_now(app)
    monkeypatch.setattr(rehearse_restore, "first_broken", lambda events, after: len(list(events)))
    with pytest.raises(rehearse_restore.ChainBroken, match=r"broken at [1-9]"):
        rehearse_restore.run(app.config)
    monkeypatch.setattr(restoring, "keyring", lambda: Keyring.parse(Keyring.generate()))
    with pytest.raises(restoring.KeysMissing):
        rehearse_restore.run(app.config)


def test_without_the_right_to_create_databases_the_contents_are_read(app, filled, monkeypatch):
    if not on_postgresql():
        pytest.skip("a SQLite file needs no right")
    assert restoring.may_create_databases(db.engine)
    back_up_now(app)
    monkeypatch.setattr(rehearse_restore, "may_create_databases", lambda engine: False)
    assert "job_rehearsed_by_contents" in rehearse_restore.run(app.config)


def test_tools_that_are_not_there_or_too_old_are_told(app, filled, tmp_path, monkeypatch):
    if not on_postgresql():
        pytest.skip("SQLite needs no tools")
    tools = tmp_path / "tools"
    tools.mkdir()
    monkeypatch.setitem(app.config, "POSTGRESQL_BIN", str(tools))
    with pytest.raises(copies.ToolMissing):
        back_up.run(app.config)
    old = tools / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o755)
    with pytest.raises(copies.ToolTooOld) as refused:
        back_up.run(app.config)
    assert refused.value.values["release"] == 9


def test_the_password_stands_in_no_list_of_processes(app):
    if not on_postgresql():
        pytest.skip("SQLite has no password")
    url = db.engine.url.set(password="se:cr\\et")
    engine = db.create_engine(url)
    with copies._address(engine) as address:
        assert "cr" not in address
        passfile = making.Path(address.partition("passfile=")[2].replace("%2F", "/"))
        assert passfile.read_text() == "*:*:*:*:se\\:cr\\\\et\n"
        assert passfile.stat().st_mode & 0o77 == 0

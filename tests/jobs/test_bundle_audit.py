"""The proof bundle: made in the background, checked anywhere by its own program, and no byte of it can be changed."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest

from tests import factories
from tests.factories import AT
from trainer.database import db, transaction
from trainer.documents import audit_proof
from trainer.documents.audit import build_bundle
from trainer.domain.actors import SYSTEM, Actor, Role
from trainer.domain.audit import Filter
from trainer.domain.background_task import TaskKind, TaskState
from trainer.jobs import worker
from trainer.models import BackgroundTask, StoredFile
from trainer.queries.audit import get_head, walk_chain
from trainer.services import audit
from trainer.services.audit_segment import seal
from trainer.services.background_task import ask_for_task
from trainer.services.file import read_file

pytestmark = pytest.mark.sqlite_is_enough

LATER = AT + timedelta(days=500)
THING = Filter(thing="thing")


@pytest.fixture
def trail(app):
    with transaction():
        for number in range(1, 5):
            by = Actor(None, "李\u2028安", address="10.1.2.3" if number % 2 else None)
            audit.record("thing.change", "thing", number, by=by, at=AT, before={"x": [number]}, after="新\n值")
            audit.record("other.change", "other", number, by=SYSTEM, at=AT)


def bundle() -> bytes:
    return build_bundle(walk_chain(), THING, by="审计员", at=AT)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(content: dict[str, bytes]) -> io.BytesIO:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as closed:
        for name, part in content.items():
            closed.writestr(name, part)
    output.seek(0)
    return output


def test_it_holds_what_the_filter_takes_and_the_whole_chain(trail):
    content = bundle()
    assert audit_proof.verify(io.BytesIO(content)) == (4, 8, get_head().hash)
    said = json.loads(parts(content)["manifest.json"])
    assert (said["events"], said["filter"], said["made_by"]) == (4, {"thing": "thing"}, "审计员")
    lines = parts(content)["events.jsonl"].decode().split("\n")[:-1]
    assert [json.loads(line)["object_id"] for line in lines] == ["1", "2", "3", "4"]
    assert len(parts(content)["chain.txt"].splitlines()) == 8
    assert "检验说明" in parts(content)["README.txt"].decode()


def test_its_own_program_checks_it_anywhere(trail, tmp_path):
    """Without our package, in a bare interpreter."""
    content = bundle()
    (tmp_path / "proof.zip").write_bytes(content)
    (tmp_path / "verify.py").write_bytes(parts(content)["verify.py"])
    command = [sys.executable, "-I", "-S", "verify.py", "proof.zip"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert get_head().hash in done.stdout
    (tmp_path / "proof.zip").write_bytes(content[:-40])
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("NOT GENUINE")


def test_a_changed_byte_anywhere_fails(trail):
    whole = parts(bundle())
    assert audit_proof.verify(packed(whole))[0] == 4
    for name, part in whole.items():
        for place in {0, len(part) // 3, len(part) // 2, len(part) - 2}:
            changed = bytearray(part)
            changed[place] ^= 1
            with pytest.raises(audit_proof.Broken):
                audit_proof.verify(packed({**whole, name: bytes(changed)}))
        with pytest.raises(audit_proof.Broken):
            audit_proof.verify(packed({other: kept for other, kept in whole.items() if other != name}))
    with pytest.raises(audit_proof.Broken):
        audit_proof.verify(packed({**whole, "more.txt": b""}))


@pytest.mark.parametrize("part", ["events.jsonl", "chain.txt"])
def test_a_forger_who_mends_the_manifest_is_found_too(trail, part):
    """He changes a name in an event, or drops the last link, and writes fitting sums beside it."""
    whole = parts(bundle())
    changed = whole[part].replace("李".encode(), "王".encode(), 1)
    if part == "chain.txt":
        changed = b"".join(whole[part].splitlines(keepends=True)[:-1])
    said = json.loads(whole["manifest.json"])
    said["sha256"][part] = audit_proof.hashlib.sha256(changed).hexdigest()
    manifest = json.dumps(said).encode()
    own = audit_proof.hashlib.sha256(manifest).hexdigest().encode()
    forged = {**whole, part: changed, "manifest.json": manifest, "manifest.sha256": own}
    with pytest.raises(audit_proof.Broken):
        audit_proof.verify(packed(forged))


def test_the_command_checks_it(app, trail, tmp_path):
    path = tmp_path / "proof.zip"
    path.write_bytes(bundle())
    runner = app.test_cli_runner()
    told = json.loads(runner.invoke(args=["audit", "verify", "--bundle", str(path), "--json"]).stdout)
    assert told == {"genuine": True, "events": 4, "head": {"seq": 8, "hash": get_head().hash}}
    path.write_bytes(path.read_bytes()[:-1])
    assert runner.invoke(args=["audit", "verify", "--bundle", str(path)]).exit_code == 2
    assert runner.invoke(args=["audit", "verify", "--bundle", str(tmp_path / "none.zip")]).exit_code == 2


def ask(account) -> int:
    with transaction():
        by = factories.actor_of(account)
        return ask_for_task(TaskKind.AUDIT_BUNDLE, "1", {"filter": THING.words()}, by=by, at=LATER)


def test_the_worker_makes_it_over_sealed_events_too(app, trail):
    auditor = factories.account(Role.AUDITOR)
    with transaction():
        assert seal(older_than=LATER, by=SYSTEM, at=LATER) == 7
    task_id = ask(auditor)
    assert worker.run_next(app)
    task = db.session.get(BackgroundTask, task_id)
    assert task.state is TaskState.DONE
    stored = db.session.get(StoredFile, task.file_id)
    count, seq, _head = audit_proof.verify(io.BytesIO(read_file(stored)))
    assert (count, seq) == (4, 10)  # eight, the sealing, and the asking
    (made,) = [event for event in walk_chain() if event.action == "audit.bundle"]
    assert (made.account_id, made.details["sha256"]) == (auditor.id, stored.sha256)


def test_whoever_lost_the_right_gets_none(app, trail):
    task_id = ask(factories.account(Role.MANAGER))
    assert worker.run_next(app)
    task = db.session.get(BackgroundTask, task_id)
    assert (task.state, task.file_id) == (TaskState.FAILED, None)


def test_taking_it_is_written_down(app, trail, signed_in):
    auditor = factories.account(Role.AUDITOR)
    task_id = ask(auditor)
    worker.run_next(app)
    assert signed_in(auditor).get(f"/tasks/{task_id}/file").status_code == 200
    assert "task.download" in [event.action for event in walk_chain()]

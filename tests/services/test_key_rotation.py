"""Field keys: the same value twice differs, a wrong key opens nothing, and every value moves to a new key."""

import base64
import signal
import stat
import subprocess
import sys

import pytest
from cryptography.exceptions import InvalidTag

from tests import factories
from tests.conftest import KEYS
from tests.rosters import ID_1
from tests.services.places import empty_place
from trainer import crypto, storage
from trainer.crypto import Keyring, keyring
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM
from trainer.domain.file import FilePurpose
from trainer.models import Person
from trainer.models.file import StoredFile
from trainer.services import key_rotation
from trainer.services.file import keep_file, read_file

pytestmark = pytest.mark.postgresql

PHONES = [f"1400000{number}" for number in range(2001, 2008)]


def silent(where: str, moved: int) -> None:
    """Nobody looks on."""


@pytest.fixture
def ring(app, tmp_path):
    """The keys and the folder of files, as they were again afterwards."""
    storage.configure(tmp_path / "files")
    yield keyring()
    crypto.configure(Keyring.parse(KEYS))
    storage.configure(app.config["INSTANCE_PATH"] / "files")


@pytest.fixture
def filled(ring):
    """Seven women and a file."""
    for number, phone in enumerate(PHONES):
        factories.person(phone=phone, id_number=None if number else ID_1)
    with transaction():
        keep_file(b"a scan", "x", "x/y", purpose=FilePurpose.CONSENT_SCAN, by=SYSTEM, at=factories.AT)


def ciphertexts() -> list[str]:
    db.session.rollback()
    rows = db.session.execute(db.text("SELECT phone, id_number FROM people ORDER BY id"))
    return [value for row in rows for value in row if value]


def rows_beside() -> list[tuple]:
    return list(db.session.execute(db.text("SELECT id, version, updated_at, phone_index FROM people ORDER BY id")))


def test_the_same_value_twice_gives_two_ciphertexts(ring):
    first, second = (ring.encrypt("14000001234") for _ in range(2))
    assert first != second
    assert ring.decrypt(first) == ring.decrypt(second) == "14000001234"
    assert ring.encrypt_bytes(b"x") != ring.encrypt_bytes(b"x")


def test_a_wrong_key_opens_nothing(ring):
    other = Keyring.parse(Keyring.generate())
    with pytest.raises(InvalidTag):
        other.decrypt(ring.encrypt("14000001234"))
    with pytest.raises(InvalidTag):
        other.decrypt_bytes(ring.encrypt_bytes(b"scan"))
    with pytest.raises(KeyError):
        other.decrypt(ring.with_new_key().encrypt("14000001234"))


def test_an_altered_ciphertext_or_another_keys_name_opens_nothing(ring):
    two = ring.with_new_key()
    token = two.encrypt("14000001234")
    sealed = bytearray(base64.b64decode(token.partition(":")[2]))
    sealed[-1] ^= 1
    with pytest.raises(InvalidTag):
        two.decrypt(f"k2:{base64.b64encode(sealed).decode()}")
    with pytest.raises(InvalidTag):
        two.decrypt(token.replace("k2:", "k1:"))


def test_the_index_key_outlives_the_first_key():
    first = Keyring.parse(Keyring.generate())
    later = Keyring.parse(first.with_new_key().without("k1").spell())
    assert list(later.keys) == ["k2"]
    assert later.blind_index("phone", PHONES[0]) == first.blind_index("phone", PHONES[0])
    assert list(later.with_new_key().keys) == ["k2", "k3"]


@pytest.mark.parametrize(
    "text",
    ["", "k1:", "k1:c2hvcnQ=", KEYS.replace("k1", "index"), f"{KEYS},{KEYS}"],
    ids=["none", "empty", "short", "only the index", "twice"],
)
def test_keys_that_are_none_are_refused(text):
    with pytest.raises(ValueError, match=r"FIELD_KEYS|base64"):
        Keyring.parse(text)


def test_every_encrypted_column_is_found(app):
    found = {f"{each.table.name}.{each.name}" for each in key_rotation.encrypted_columns()}
    assert {"people.phone", "people.id_number", "accounts.phone", "second_factors.secret"} <= found


def test_every_value_and_file_moves_and_is_found_as_before(filled):
    before, beside = ciphertexts(), rows_beside()
    assert {text[:3] for text in before} == {"k1:"}
    crypto.configure(keyring().with_new_key())
    assert key_rotation.reencrypt(silent) == len(before) + 1
    after = ciphertexts()
    assert {text[:3] for text in after} == {"k2:"}
    assert rows_beside() == beside
    crypto.configure(keyring().without("k1"))
    db.session.expire_all()
    assert list(db.session.scalars(db.select(Person.phone).order_by(Person.id))) == PHONES
    by_phone = Person.phone_index == keyring().blind_index("phone", PHONES[3])
    by_id_number = Person.id_number_index == keyring().blind_index("id_number", ID_1)
    assert db.session.scalars(db.select(Person.phone).where(by_phone)).all() == [PHONES[3]]
    assert db.session.scalars(db.select(Person.id_number).where(by_id_number)).all() == [ID_1]
    assert read_file(db.session.scalar(db.select(StoredFile))) == b"a scan"
    assert key_rotation.reencrypt(silent) == 0


def test_a_value_changed_meanwhile_is_not_overwritten(filled, monkeypatch):
    crypto.configure(keyring().with_new_key())
    replace, changed = key_rotation._replace, []

    def change_first(session, rows, key, cipher, row):
        if not changed:
            changed.append(row[0])
            fresh = {"new": keyring().encrypt("14000008888"), "id": row[0]}
            session.execute(db.text("UPDATE people SET phone = :new WHERE id = :id"), fresh)
        return replace(session, rows, key, cipher, row)

    monkeypatch.setattr(key_rotation, "_replace", change_first)
    monkeypatch.setattr(
        key_rotation,
        "encrypted_columns",
        lambda: [each for each in db.metadata.tables["people"].columns if each.name == "phone"],
    )
    assert key_rotation.reencrypt(silent) == len(PHONES) - 1 + 1
    db.session.rollback()
    assert db.session.scalar(db.select(Person.phone).where(Person.id == changed[0])) == "14000008888"


def test_a_file_let_go_meanwhile_does_not_come_back(filled, monkeypatch):
    crypto.configure(keyring().with_new_key())
    look, [name] = key_rotation._key_of_file, storage.names()

    def let_go_after(each):
        found = look(each)
        with transaction() as session:
            session.execute(db.delete(StoredFile))
        storage.delete(each)
        return found

    monkeypatch.setattr(key_rotation, "_key_of_file", let_go_after)
    key_rotation.reencrypt(silent)
    assert list(storage.names()) == []
    assert name


@pytest.mark.parametrize("place", ["people.phone", "stored_files"])
def test_killed_in_the_middle_it_is_finished_by_the_next_run(filled, databases, tmp_path, place):
    two = keyring().with_new_key()
    db.session.remove()
    child = subprocess.run(
        [sys.executable, "-m", "tests.services.dying_reencryption", databases.uri, two.spell(), str(tmp_path), place],
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()[-2000:]
    crypto.configure(two)
    uses = key_rotation.count_uses()
    moved = uses["k2"].total()
    assert moved > 0
    assert (uses.get("k1") is not None) == (place == "people.phone")
    assert key_rotation.reencrypt(silent) == len(PHONES) + 2 - moved
    assert {key_id: uses.total() for key_id, uses in key_rotation.count_uses().items()} == {"k2": len(PHONES) + 2}
    crypto.configure(two.without("k1"))
    assert list(db.session.scalars(db.select(Person.phone).order_by(Person.id))) == PHONES


def run(app, *words: str):
    with app.app_context():
        answer = app.test_cli_runner().invoke(args=["keys", *words])
        db.session.remove()
    return answer


@pytest.fixture
def own_place(app, databases, tmp_path):
    """An installation with its keys in a file, a woman in its register."""
    with empty_place(databases, tmp_path / "place", keys="") as other, other.app_context():
        assert other.test_cli_runner().invoke(args=["upgrade"]).exit_code == 0
        factories.person(phone=PHONES[0], id_number=ID_1)
        db.session.remove()
        yield other


def test_rotate_reencrypt_retire(own_place):
    path = own_place.config["INSTANCE_PATH"] / "field_keys"
    first = Keyring.parse(path.read_text())
    assert run(own_place, "status").stdout == "k1\tencrypts\t2\tpeople.id_number 1, people.phone 1\n"
    assert run(own_place, "retire", "k1").exit_code == 2
    assert "restart" in run(own_place, "rotate").stdout
    later = Keyring.parse(path.read_text())
    assert path.read_text().startswith("index:")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.glob("field_keys*")] == ["field_keys"]
    assert list(later.keys) == ["k1", "k2"]
    assert (later.keys["k1"], later.index_key) == (first.keys["k1"], first.index_key)
    assert run(own_place, "status").stdout.splitlines()[0].startswith("k1\tdecrypts\t2")
    refused = run(own_place, "retire", "k1")
    assert refused.exit_code == 2
    assert "2" in refused.stderr
    assert run(own_place, "retire", "k9").exit_code == 2
    assert run(own_place, "retire", "k2").exit_code == 2
    assert run(own_place, "reencrypt").stdout == "2 values were moved to k2\n"
    assert run(own_place, "retire", "k1").exit_code == 0
    assert list(Keyring.parse(path.read_text()).keys) == ["k2"]
    assert run(own_place, "status").stdout == "k2\tencrypts\t2\tpeople.id_number 1, people.phone 1\n"
    assert db.session.scalar(db.select(Person.phone)) == PHONES[0]
    actions = db.session.scalars(db.text("SELECT action FROM audit_events WHERE action LIKE 'keys.%' ORDER BY seq"))
    assert list(actions) == ["keys.rotate", "keys.reencrypt", "keys.retire"]


def test_a_key_that_is_needed_and_not_here_is_told(filled):
    crypto.configure(keyring().with_new_key().without("k1"))
    uses = key_rotation.count_uses()
    assert set(uses) == {"k1"}


def test_keys_of_the_environment_are_printed_not_kept(app, ring):
    answer = run(app, "rotate")
    line = answer.stdout.splitlines()[0]
    assert line.startswith("FIELD_KEYS=index:")
    assert list(Keyring.parse(line.removeprefix("FIELD_KEYS=")).keys) == ["k1", "k2"]
    assert not (app.config["INSTANCE_PATH"] / "field_keys").exists()
    assert list(keyring().keys) == ["k1"]

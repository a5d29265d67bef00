"""What somebody who wished harm got through with once, each as she did it."""

import io
import re
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from tests import factories
from tests.factories import DATONG
from tests.races import LONG_ENOUGH, overlap
from tests.rosters import cells
from trainer.database import LockKey, db, take_turns, transaction
from trainer.domain import visitor
from trainer.domain.actors import Role, SignInStep
from trainer.domain.background_task import TaskKind, TaskState
from trainer.domain.consent import ConsentChannel
from trainer.domain.data_request import RequestKind
from trainer.domain.people import ERASED_NAME
from trainer.errors import NotFound
from trainer.jobs import export_people, worker
from trainer.models import Account, BackgroundTask, DataRequest, Person, SignInSession, StoredFile
from trainer.queries.account import get_actor
from trainer.services import confirmation, erasure, reading_room, trainee_access
from trainer.services import data_request as requests
from trainer.services import picture as pictures
from trainer.services import session as sessions
from trainer.services.background_task import ask_for_task
from trainer.services.file import read_file

NOW = datetime(2026, 3, 11, 1, 0, tzinfo=UTC)


def begun_secret(client) -> str | None:
    found = re.search(r'class="secret-link">([A-Z2-7 ]+)<', client.get("/second-factor").text)
    return found and found[1].replace(" ", "")


def test_the_picture_of_a_second_factor_is_shown_only_where_it_was_begun(app):
    """Whoever learned the password first would otherwise let its owner set up a secret that both have."""
    row = factories.account(Role.EVALUATOR)
    thief, owner = app.test_client(), app.test_client()
    for client in (thief, owner):
        with transaction():
            token = sessions.open_session(
                row, at=datetime.now(UTC), life=timedelta(minutes=10), pending=SignInStep.ENROL_SECOND_FACTOR
            )
        client.set_cookie("sid", token)
    thief.post("/second-factor/begin")
    assert begun_secret(thief)
    assert begun_secret(owner) is None
    owner.post("/second-factor/begin")
    assert begun_secret(owner)
    assert begun_secret(thief) is None


@pytest.fixture
def erased(app):
    her = factories.person("王秀芳", phone="14000001234")
    by = factories.actor_of(factories.account(Role.MANAGER))
    with transaction():
        erasure.erase_person(her.id, why="request", by=by, at=NOW)
    return her


def test_nobody_gives_a_name_back_to_whoever_was_erased(erased, signed_in):
    client = signed_in(factories.account(Role.MANAGER, region=DATONG))
    wish = {"name": "王秀芳", "phone": "14000001234", "channel": "telephone", "words": "她想回来"}
    assert client.post(f"/people/{erased.id}/data-requests/new?kind=correct", data=wish).status_code == 404
    assert client.post(f"/people/{erased.id}/data").status_code == 404
    assert db.session.scalar(db.select(DataRequest.id)) is None


def test_a_correction_that_comes_while_she_is_erased_is_not_taken_down(app):
    her = factories.person("王秀芳", phone="14000001234")
    by = factories.actor_of(factories.account(Role.MANAGER))
    values = {"wished": {"name": "王秀芬"}, "channel": ConsentChannel.TELEPHONE, "by": by, "at": NOW, "due_in_days": 30}
    _erased, refused = overlap(
        app,
        lambda: erasure.erase_person(her.id, why="request", by=by, at=NOW),
        lambda: requests.ask(RequestKind.CORRECT, her.id, **values),
    )
    assert isinstance(refused, NotFound)
    assert db.session.scalar(db.select(Person.name)) == ERASED_NAME


def test_four_sessions_have_no_more_guesses_than_one(app):
    """Five wrong digits an account, though each comes from a session of its own at the same moment."""
    _row, account = factories.trainee(factories.cohort())
    by = get_actor(account)
    with transaction():
        for _ in range(2):
            sessions.open_session(account, at=NOW, life=timedelta(days=90), is_device=True)
    first, second = db.session.scalars(db.select(SignInSession.id)).all()
    for _ in range(confirmation.TRIES - 1):
        with transaction():
            confirmation.confirm(first, "0000", by=by, at=NOW)
    results = overlap(
        app,
        lambda: confirmation.confirm(first, "0000", by=by, at=NOW),
        lambda: confirmation.confirm(second, "0000", by=by, at=NOW),
    )
    assert [type(result) for result in results] == [bool, confirmation.DigitsLocked]


def test_a_slip_used_while_the_phone_is_reported_lost_leaves_nobody_in(app):
    cohort = factories.cohort()
    enrolled, account = factories.trainee(cohort, phone="14000001234")
    her, by = db.session.get(Person, enrolled.person_id), factories.actor_of(factories.account(Role.MANAGER))
    with transaction():
        slip = trainee_access.issue_slip_for(db.session.get(Person, her.id), by=by, at=NOW)
    results = overlap(
        app,
        lambda: trainee_access.sign_in_with_slip(slip, "1234", at=NOW, life=timedelta(days=90)),
        lambda: trainee_access.lose_phones(db.session.get(Person, her.id), by=by, at=NOW),
    )
    assert results[1] is None, results
    live = db.select(SignInSession.id).where(SignInSession.revoked_at.is_(None), SignInSession.account_id == account.id)
    assert db.session.scalar(live) is None


@pytest.mark.parametrize("at", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "9999-12-31T23:59Z", "x"])
def test_a_moment_at_the_end_of_all_days_is_no_moment(signed_in, at):
    answer = signed_in(factories.account(Role.AUDITOR)).get("/audit/person/1", query_string={"at": at})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8::1", "2001:db8::1"),
        ("10.1.2.3:5678", ""),
        ("unix:", ""),
        (None, ""),
    ],
)
def test_an_address_that_is_none_stands_for_no_network(client, said, plain):
    assert visitor.plain_address(said) == plain
    row = factories.account(Role.MANAGER)
    typed = {"username": row.username, "password": factories.PASSWORD}
    answer = client.post("/sign-in", data=typed, environ_overrides={"REMOTE_ADDR": said or ""})
    assert answer.status_code == 302


def test_a_stranger_sends_no_form_of_a_million_fields(client):
    fields = {"data": b"a&" * 500_000, "content_type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in", **fields).status_code == 413


def test_large_pictures_are_drawn_a_few_at_a_time(signed_in, monkeypatch):
    """Eight at once took more than two gigabytes."""
    held: list[bool] = []
    monkeypatch.setattr("trainer.services.picture.redraw", lambda content: held.append(_places_taken()) or content)
    client, her = signed_in(factories.account(Role.MANAGER)), factories.person()
    paper = {"scopes": "basic", "signed_on": "2026-03-01", "file": (io.BytesIO(factories.picture()), "a.png")}
    assert client.post(f"/people/{her.id}/consents/new", data=paper).status_code == 303
    assert held == [True]


def _places_taken() -> bool:
    folder = reading_room.storage.folder().with_name("readers")
    free = [reading_room._free_place(folder) for _ in range(reading_room.PLACES)]
    for file in free:
        if file:
            file.close()
    return None in free


def test_a_picture_is_made_small_before_it_is_turned(monkeypatch):
    """Turned first, it stands in memory twice at its full size."""
    turned: list[tuple[int, int]] = []
    turn = pictures.ImageOps.exif_transpose
    monkeypatch.setattr(pictures.ImageOps, "exif_transpose", lambda image: turned.append(image.size) or turn(image))
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(pictures.redraw(factories.picture("PNG", (4800, 3600), exif=exif)))) as drawn:
        assert drawn.size == (1800, 2400)
    assert turned == [(2400, 1800)]


def test_a_password_that_is_changed_while_it_is_checked_opens_nothing(app, client, monkeypatch):
    """The slow hash runs before the transaction: whoever hammered the sign-in with the old password stayed in."""
    row, check = factories.account(Role.MANAGER), sessions.check_credentials

    def change() -> None:
        with app.app_context(), transaction():
            db.session.get(Account, row.id).password_hash = "another by now"

    def check_and_be_overtaken(*args, **kwargs):
        checked = check(*args, **kwargs)
        owner = threading.Thread(target=change)
        owner.start()
        owner.join()
        return checked

    monkeypatch.setattr(sessions, "check_credentials", check_and_be_overtaken)
    answer = client.post("/sign-in", data={"username": row.username, "password": factories.PASSWORD})
    assert answer.status_code == 422
    assert client.get("/cohorts").status_code == 302


def test_a_list_that_was_being_made_while_she_was_erased_does_not_name_her(app, monkeypatch):
    """It was read before and kept after: her number lay in the storage for a week."""
    her = factories.person("王秀芳", phone="14000001234").id
    factories.person("马桂花", phone="14000005678")
    manager, export = factories.account(Role.MANAGER), export_people.run
    by = factories.actor_of(manager)
    with transaction():
        task_id = ask_for_task(TaskKind.PEOPLE_EXPORT, "x", {}, by=by, at=NOW)

    def be_overtaken(work):
        made = export(work)
        if db.session.scalar(db.select(Person.erased_at).where(Person.id == her)) is None:
            with transaction():
                erasure.erase_person(her, why="request", by=by, at=NOW)
        return made

    monkeypatch.setitem(worker.DOINGS, TaskKind.PEOPLE_EXPORT, be_overtaken)
    assert worker.run_next(app)
    assert worker.run_next(app), "it is made anew"
    db.session.rollback()
    task = db.session.get(BackgroundTask, task_id, populate_existing=True)
    assert task.state is TaskState.DONE
    kept = [read_file(stored) for stored in db.session.scalars(db.select(StoredFile))]
    assert len(kept) == 1
    names = {row[1] for row in cells(kept[0]) if len(row) > 1}
    assert "马桂花" in names
    assert "王秀芳" not in names


def test_a_copied_browser_cookie_and_a_slip_of_ones_own_do_not_open_another_womans_phone(app):
    cohort = factories.cohort()
    (_, hers), (_, thief_s) = (factories.trainee(cohort, phone=f"1400000{end}") for end in ("1111", "2222"))
    phone, elsewhere = app.test_client(), app.test_client()
    use_slip(phone, hers, "1111")
    elsewhere.set_cookie("device", phone.get_cookie("device").value)
    use_slip(elsewhere, thief_s, "2222")
    assert 'name="woman"' not in elsewhere.get("/me/switch").text
    assert 'name="woman"' not in phone.get("/me/switch").text
    assert elsewhere.get_cookie("device").value != phone.get_cookie("device").value


def use_slip(client, account, digits: str) -> None:
    with transaction():
        her = db.session.get(Person, account.person_id)
        slip = trainee_access.issue_slip_for(
            her, by=get_actor(db.session.get(Account, account.id)), at=datetime.now(UTC)
        )
    assert client.post(f"/slip/{slip}", data={"digits": digits}).status_code == 302


def test_an_erasure_waits_for_a_list_that_is_being_taken_in(app):
    """Shops and staged rows of hers that it writes meanwhile would stay behind."""
    her, by = factories.person().id, factories.actor_of(factories.account(Role.MANAGER))
    begun: list[float] = []

    def take_in() -> None:
        take_turns(LockKey.ROSTER)
        db.session.scalar(db.select(Person.id))  # SQLite's one writer begins with the first statement
        begun.append(time.monotonic())

    def erase() -> float:
        erasure.erase_person(her, why="request", by=by, at=NOW)
        return time.monotonic()

    _nothing, ended = overlap(app, take_in, erase)
    assert ended - begun[0] >= LONG_ENOUGH

"""Requests about one's own data: one open of a kind, its deadline, what is done with it and by whom."""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from tests import factories
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.consent import ConsentChannel
from trainer.domain.data_request import RequestKind, RequestState
from trainer.models import Account, AuditEvent, DataRequest, Delivery, Message, Person
from trainer.services import data_request as requests

pytestmark = pytest.mark.sqlite_is_enough


@pytest.fixture
def her(app):
    return factories.person("王秀芳", phone="14000001234")


@pytest.fixture
def self_(her):
    return factories.actor(Role.TRAINEE, person=her)


def ask(person, kind, by, **values):
    with transaction():
        return requests.ask(
            kind, person.id, **{"channel": ConsentChannel.ONLINE, "by": by, "at": AT, "due_in_days": 30, **values}
        )


def test_asking_sets_the_deadline_in_chinese_days(her, self_):
    made = ask(her, RequestKind.ERASE, self_, words="我不想再参加了")
    assert (made.state, made.due_on, made.recorded_by) == (RequestState.OPEN, date(2026, 4, 9), None)
    assert made.words == "我不想再参加了"


def test_asking_again_answers_with_the_open_one(her, self_):
    first = ask(her, RequestKind.CORRECT, self_, wished={"village": "小西沟村"})
    again = ask(her, RequestKind.CORRECT, self_, wished={"village": "别的村"})
    assert again.id == first.id
    assert "小西沟村" in again.wished
    assert ask(her, RequestKind.ERASE, self_).id != first.id


def test_who_wrote_it_down_for_her_is_kept(her):
    staff = factories.actor(Role.MANAGER)
    made = ask(her, RequestKind.EXPLAIN, staff, channel=ConsentChannel.PAPER)
    assert made.recorded_by == staff.account_id


def test_the_trail_names_the_fields_but_no_value(her, self_):
    made = ask(her, RequestKind.CORRECT, self_, wished={"phone": "14000009876"}, words="换了号码")
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "data_request.ask"))
    assert event.object_id == str(made.id)
    assert event.details == {"person": her.id, "kind": "correct", "fields": ["phone"]}
    assert db.session.scalar(db.select(db.func.count()).select_from(DataRequest)) == 1


def test_whoever_handles_requests_there_is_told_without_her_name(her, self_):
    near, far = (factories.account(Role.MANAGER, region=region) for region in (factories.DATONG, factories.LINFEN))
    factories.account(Role.COHORT_STAFF, region=factories.DATONG)
    made = ask(her, RequestKind.ERASE, self_)
    readers = db.session.scalars(db.select(Delivery.account_id)).all()
    assert readers == [near.id] != [far.id]
    notice = db.session.scalar(db.select(Message))
    assert (notice.code, notice.link) == ("request_new", f"/data-requests/{made.id}")
    assert "王秀芳" not in str(notice.values)


def test_the_answer_reaches_her_inbox(her, self_):
    made = ask(her, RequestKind.EXPLAIN, self_)
    with transaction():
        requests.explain(made.id, made.version, "出勤率占两成", by=factories.actor(Role.MANAGER), at=AT)
    told = db.select(Message.code).join(Delivery).where(Delivery.person_id == her.id)
    assert db.session.scalars(told).all() == ["request_answered"]


def test_a_phone_and_name_that_are_anothers_are_told(her, self_):
    factories.person("王秀芬", phone="14000007777")
    made = ask(her, RequestKind.CORRECT, self_, wished={"name": "王秀芬", "phone": "14000007777"})
    with pytest.raises(requests.SameAsAnother), transaction():
        requests.accept_correction(made.id, made.version, by=factories.actor(Role.MANAGER), at=AT)
    factories.person("李月娥", phone="14000006666")
    with transaction():  # a phone may be shared under another name
        requests.refuse(made.id, made.version, "号码是别人的", by=factories.actor(Role.MANAGER), at=AT)
    shared = ask(her, RequestKind.CORRECT, self_, wished={"phone": "14000006666"})
    with transaction():
        requests.accept_correction(shared.id, shared.version, by=factories.actor(Role.MANAGER), at=AT)
    assert db.session.get(Person, her.id).phone == "14000006666"


def test_the_trail_of_a_correction_holds_masks_only(her, self_):
    made = ask(
        her, RequestKind.CORRECT, self_, wished={"name": "王秀芬", "phone": "14000007777", "village": "小西沟村"}
    )
    with transaction():
        requests.accept_correction(made.id, made.version, by=factories.actor(Role.MANAGER), at=AT)
    details = db.session.scalar(db.select(AuditEvent.details).where(AuditEvent.action == "person.correct"))
    assert details["before"] == {"name": "王*芳", "phone": "140****1234", "village": "…"}
    assert details["after"] == {"name": "王*芬", "phone": "140****7777", "village": "…"}


def test_the_account_goes_by_the_corrected_name(her, self_):
    made = ask(her, RequestKind.CORRECT, self_, wished={"name": "王秀芬"})
    with transaction():
        requests.accept_correction(made.id, made.version, by=factories.actor(Role.MANAGER), at=AT)
    assert db.session.scalar(db.select(Account.name).where(Account.person_id == her.id)) == "王秀芬"


def test_in_words_only_there_is_nothing_to_accept(her, self_):
    made = ask(her, RequestKind.CORRECT, self_, words="我搬到了别的县")
    with pytest.raises(requests.NothingWished), transaction():
        requests.accept_correction(made.id, made.version, by=factories.actor(Role.MANAGER), at=AT)


def test_what_is_closed_stays_closed(her, self_):
    made = ask(her, RequestKind.ERASE, self_)
    with transaction():
        requests.take_back(made.id, by=self_, at=AT)
    with pytest.raises(requests.RequestClosed), transaction():
        requests.take_back(made.id, by=self_, at=AT)
    assert ask(her, RequestKind.ERASE, self_).id != made.id


def test_the_database_itself_wants_two_people_for_an_erasure(her, self_):
    made = ask(her, RequestKind.ERASE, self_)
    one = factories.account(Role.MANAGER)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(
            db.update(DataRequest)
            .where(DataRequest.id == made.id)
            .values(state="done", prepared_by=one.id, handled_by=one.id)
        )


def test_two_who_ask_at_once_have_one_request(app, her, self_):
    def asking() -> int:
        facts = {"channel": ConsentChannel.ONLINE, "by": self_, "at": AT, "due_in_days": 30}
        return requests.ask(RequestKind.ERASE, her.id, **facts).id

    first, second = overlap(app, asking, asking)
    assert first == second


def test_of_two_who_erase_at_once_one_does(app, her, self_):
    made = ask(her, RequestKind.ERASE, self_)
    with transaction():
        requests.prepare_erasure(made.id, made.version, by=factories.actor(Role.MANAGER), at=AT)
    version = db.session.scalar(db.select(DataRequest.version))
    others = [factories.actor(Role.MANAGER) for _ in range(2)]
    acts = [lambda by=by: requests.carry_out_erasure(made.id, version, by=by, at=AT) for by in others]
    first, second = overlap(app, *acts)
    assert first.rows["people"] == 1
    assert isinstance(second, requests.RequestClosed)

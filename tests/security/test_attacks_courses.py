"""Attacks on signing up, completing and certificates that were tried: each test is a hole that was found and closed."""

import pytest

from tests import completions, factories
from tests.factories import AT, DATONG, LINFEN, YUNZHOU
from tests.lives import decrypted
from tests.services import test_past_cohort as past_lists
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.assessment import TypedScore
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.course_task import HandInState
from trainer.errors import Refused
from trainer.jobs import recompute_metrics
from trainer.models import Person, RoleGrant, SignUp
from trainer.queries.service_hours import Wanted, entries_page, list_entries
from trainer.services import assessment as assessments
from trainer.services import certificate as certificates
from trainer.services import completion_exception as exceptions
from trainer.services import hand_in as hand_ins
from trainer.services import past_cohort as past
from trainer.services.erasure import erase_person

by, programme = past_lists.by, past_lists.programme


def erase(person_id: int) -> None:
    with transaction():
        erase_person(person_id, why="request", by=SYSTEM, at=AT)


def told(value: str) -> set[str]:
    return {where for where, text in decrypted() if value in text}


def test_erasure_reaches_the_rows_of_a_past_file(programme, by):
    past_lists.previewed(programme, by)
    woman = factories.person("王秀芳", phone="14000000011", id_number=past_lists.ID_1)
    erase(woman.id)
    assert told(past_lists.ID_1) == set()
    assert told("14000000012")  # the others'


def test_a_neighbours_sign_up_by_the_same_phone_outlives_an_erasure(app):
    cohort = factories.open_sign_up(factories.cohort())
    mother = factories.person("欧阳菊兰", phone="14000007101")
    own, typed_wrong, daughters = (
        factories.sign_up(cohort, name, phone="14000007101") for name in ("欧阳菊兰", "欧阳菊蓝", "郭美玲")
    )
    erase(mother.id)
    left = {row.id: (row.name, row.state) for row in db.session.scalars(db.select(SignUp))}
    assert left[own] == left[typed_wrong] == ("已删除", "taken_back")  # nobody gives a place to nobody
    assert left[daughters] == ("郭美玲", "open")


def test_a_past_class_that_others_speak_of_is_not_taken_back(programme, by):
    batch_id = past_lists.previewed(programme, by)
    cohort_id = past_lists.act(past.confirm, batch_id, by).summary["made"][0][0]
    factories.course_task(db.session.get(past_lists.Cohort, cohort_id))
    with pytest.raises(past.ClassInUse):
        past_lists.act(past.undo, batch_id, by)


@pytest.fixture
def her(cohort):
    """A woman of the class who is also a manager of everything."""
    enrolment = factories.enrolment(cohort)
    who = db.session.get(Person, enrolment.person_id)
    return enrolment, factories.actor(Role.MANAGER, Role.TRAINEE, person=who)


def refused(act) -> str:
    with pytest.raises(Refused) as error, transaction():
        act()
    return error.value.code


def test_nobody_proposes_or_signs_an_exception_for_herself(cohort, her):
    enrolment, me = her
    completions.mark(factories.lesson(cohort, state=LessonState.CLOSED), enrolment, status=AttendanceStatus.ABSENT)
    assert refused(lambda: exceptions.propose(enrolment.id, "我", by=me, at=AT)) == "exception_own"
    other = factories.actor(Role.COHORT_STAFF)
    with transaction():
        made = exceptions.propose(enrolment.id, "住院", by=other, at=AT)
    assert refused(lambda: exceptions.decide(made.id, True, "", seen=1, by=me, at=AT)) == "exception_own"


def test_nobody_marks_her_own_task_or_enters_her_own_score(cohort, her):
    enrolment, me = her
    done = factories.hand_in(factories.course_task(cohort), enrolment)
    assert refused(lambda: hand_ins.mark(done.id, HandInState.PASSED, "", seen=1, by=me, at=AT)) == "hand_in_own"
    exam = completions.assessment(cohort)
    mine = [TypedScore(enrolment.id, 9000, 0)]
    assert refused(lambda: assessments.enter_scores(exam.id, mine, by=me, at=AT)) == "score_own"


def test_nobody_acts_on_her_own_certificate(cohort, her):
    enrolment, me = her
    certificate_id, _number = factories.certificate(enrolment)
    act = {"version": 1, "by": me, "at": AT}
    assert refused(lambda: certificates.revoke(certificate_id, "x", **act)) == "certificate_own"


def test_an_erased_helper_stands_in_nobody_elses_sign_up(app):
    helper = factories.person("欧阳菊兰", phone="14000007101")
    factories.sign_up(
        factories.open_sign_up(factories.cohort()), helper_name=helper.name, helper_phone=helper.phone, answer_by="sms"
    )
    erase(helper.id)
    assert told("14000007101") | told("欧阳菊兰") == set()


def test_the_night_does_not_keep_a_past_class_from_being_taken_back(programme, by):
    batch_id = past_lists.previewed(programme, by)
    past_lists.act(past.confirm, batch_id, by)
    recompute_metrics.run({})
    past_lists.act(past.undo, batch_id, by)
    assert db.session.scalar(db.select(db.func.count(past_lists.Cohort.id))) == 0


@pytest.mark.parametrize("question", ["/tallies?year=-5", "/tallies/people?by=site&group=x", "/board?year=-5"])
def test_a_year_and_a_site_that_are_none_break_no_tally(signed_in, question):
    assert signed_in(factories.account(Role.MANAGER)).get(question).status_code in (200, 404)


def test_of_a_past_class_nobody_is_to_be_called_and_nobody_signs_up(programme, by, signed_in, client):
    past_lists.taken_in(past_lists.previewed(programme, by), by)
    cohort = db.session.scalar(db.select(past_lists.Cohort).order_by(past_lists.Cohort.id))
    factories.open_sign_up(cohort)
    assert client.get(f"/join/{cohort.code}").status_code == 404
    person_id = db.session.scalar(
        db.select(past_lists.Enrolment.person_id).where(past_lists.Enrolment.cohort_id == cohort.id)
    )
    her = signed_in(factories.account(Role.TRAINEE, person=db.session.get(Person, person_id)))
    for path in ("/me", "/me/lessons", "/me/certificates"):
        page = her.get(path).text
        assert 'href="tel:"' not in page
        assert "课表还没排好" not in page


def test_a_phone_looked_for_among_sign_ups_leaves_the_address(signed_in, cohort):
    path = f"/cohorts/{cohort.id}/sign-ups"
    answer = signed_in(factories.account(Role.MANAGER)).get(f"{path}?tab=to_tell&q=14000007101")
    assert (answer.status_code, answer.location) == (303, f"{path}?tab=to_tell&q=7101")


def test_the_ledger_leaves_the_house_only_where_names_may(app):
    woman = factories.person(region=YUNZHOU)
    factories.service_entry(woman.id)
    reader = factories.account(Role.AUDITOR, region=DATONG)
    with transaction() as session:
        grant = {"role": Role.COHORT_STAFF, "region_code": LINFEN}
        session.add(RoleGrant(account_id=reader.id, granted_at=AT, **grant))
    actor = factories.actor_of(reader)
    assert len(entries_page(actor, Wanted()).items) == 1
    assert list_entries(actor, Wanted(), most=9) == []

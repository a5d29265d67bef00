"""Applying: written, handed in once, changed, taken back; when it is not taken; taking women in; pictures."""

from datetime import timedelta

import pytest

from tests import factories, selections
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.application import MOST_FILES, Use
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.selection import ApplicationState
from trainer.errors import Conflict, NotFound
from trainer.models import (
    Application,
    ApplicationEvent,
    ApplicationFile,
    AuditEvent,
    Candidacy,
    Enrolment,
    Round,
    Selection,
    StoredFile,
)
from trainer.services import application as applications
from trainer.services import application_file as application_files
from trainer.services import selection as services
from trainer.services.round import ReasonMissing, RoundNotDraft

S = ApplicationState


def act(verb, made, woman, *args, at=AT):
    with transaction():
        return verb(made.selection_id, made.enrolments[woman].id, *args, by=made.by, at=at)


def hand_in(made, woman=0, version=None, at=AT):
    seen = made.applications()[woman].version if version is None else version
    return act(applications.hand_in, made, woman, seen, at=at)


def states() -> list[ApplicationState]:
    return list(db.session.scalars(db.select(ApplicationEvent.state).order_by(ApplicationEvent.id)))


def round_open(made, at=AT) -> None:
    with transaction():
        db.session.get(Round, made.round_id).state = "open"


def test_a_draft_is_no_candidate_and_has_no_code(app):
    made = selections.applying()
    draft = selections.written(made)
    assert (draft.state, draft.code) == (S.DRAFT, None)
    assert db.session.scalar(db.select(db.func.count()).select_from(Candidacy)) == 0


def test_handed_in_twice_it_is_handed_in_once(app):
    made = selections.applying()
    first = selections.handed_in(made)
    again = hand_in(made, version=0)
    assert (first.id, again.code, again.state) == (again.id, "A-001", S.SUBMITTED)
    assert db.session.scalar(db.select(db.func.count()).select_from(Candidacy)) == 1
    assert states() == [S.DRAFT, S.SUBMITTED]
    hers = db.select(AuditEvent.action).where(AuditEvent.object_type == "application").order_by(AuditEvent.seq)
    assert list(db.session.scalars(hers)) == ["application.write", "application.hand_in"]


def test_every_code_is_given_once(app):
    made = selections.applying()
    codes = [selections.handed_in(made, woman).code for woman in range(3)]
    assert codes == ["A-001", "A-002", "A-003"]


def test_the_same_screen_sent_twice_is_kept_once_and_another_hand_is_noticed(app):
    made = selections.applying()
    selections.written(made)
    assert selections.written(made).title == "黄花菜直播"
    with pytest.raises(Conflict):
        selections.written(made, plan="另一个计划")
    assert made.applications()[0].plan == "把村里的黄花菜卖出去"


def test_what_was_handed_in_stays_whole_and_blind_words_are_read_again(app):
    made = selections.applying()
    application = selections.handed_in(made)
    with transaction():
        db.session.get(Application, application.id).blind_plan = "旧"
    version = made.applications()[0].version
    with pytest.raises(applications.ApplicationLacks):
        act(applications.write, made, 0, version, {"plan": ""})
    changed = act(applications.write, made, 0, version, {"plan": "改过的计划"})
    assert (changed.state, changed.plan, changed.blind_plan) == (S.SUBMITTED, "改过的计划", None)
    assert states() == [S.DRAFT, S.SUBMITTED, S.SUBMITTED]


def test_taken_back_and_handed_in_again_under_the_old_code(app):
    made = selections.applying()
    selections.handed_in(made, 1)
    selections.handed_in(made)
    act(applications.take_back, made, 0)
    act(applications.take_back, made, 0)
    assert made.applications()[0].state is S.WITHDRAWN
    assert hand_in(made).code == "A-002"
    assert db.session.scalar(db.select(db.func.count()).select_from(Candidacy)) == 2
    assert states()[-3:] == [S.SUBMITTED, S.WITHDRAWN, S.SUBMITTED]


@pytest.mark.parametrize(
    ("late", "is_open"), [(timedelta(days=5), False), (-timedelta(days=3), False), (timedelta(), True)]
)
def test_nothing_is_taken_outside_the_window_or_once_evaluators_are_at_work(app, late, is_open):
    made = selections.applying()
    selections.handed_in(made, 1)
    selections.written(made)
    if is_open:
        round_open(made)
    for verb, args in (
        (applications.write, (1, {"title": "x"})),
        (applications.hand_in, (1,)),
        (applications.take_back, ()),
        (application_files.remove_file, (1,)),
    ):
        with pytest.raises(applications.ApplyingClosed):
            act(verb, made, 0, *args, at=AT + late)


def test_where_staff_take_candidates_in_nobody_applies(app):
    made = selections.make()
    with pytest.raises(applications.ApplyingClosed):
        selections.written(made)


def test_whoever_misses_a_condition_keeps_her_draft_but_cannot_hand_it_in(app):
    made = selections.applying(certificate=True)
    selections.written(made)
    with pytest.raises(applications.NotEligible):
        hand_in(made)
    assert made.applications()[0].state is S.DRAFT
    factories.certificate(made.enrolments[0])
    assert hand_in(made).state is S.SUBMITTED


def test_what_is_not_known_keeps_nobody_out(app):
    made = selections.applying(attendance_bp=8000, broadcasts=3, net_sales_fen=100)
    assert selections.handed_in(made).state is S.SUBMITTED


def test_whoever_has_left_the_course_hands_nothing_in(app):
    made = selections.applying()
    selections.written(made)
    with transaction():
        db.session.get(Enrolment, made.enrolments[0].id).status = EnrolmentStatus.WITHDRAWN
    with pytest.raises(applications.NoEnrolment):
        hand_in(made)


def test_the_money_must_come_to_the_amount(app):
    made = selections.applying(highest_amount_fen=500_000)
    selections.written(made, amount_fen=300_000, uses=(Use("烤箱", 200_000),))
    with pytest.raises(applications.ApplicationLacks):
        hand_in(made)
    act(applications.write, made, 0, made.applications()[0].version, {"uses": (Use("烤箱", 300_000),)})
    assert hand_in(made).uses == [{"item": "烤箱", "amount_fen": 300_000}]


def test_setting_it_up_takes_a_reason_once_women_may_apply(app):
    made = selections.applying()
    later = applications.Applying(
        "", selections.OPEN_FROM, selections.OPEN_UNTIL + timedelta(days=7), None, applications.Eligibility()
    )
    with pytest.raises(ReasonMissing):
        made.act(applications.set_applying, later, "")
    made.act(applications.set_applying, later, "下雪，村里没有网络")
    assert db.session.get(Selection, made.selection_id).applies_until == later.applies_until
    round_open(made)
    with pytest.raises(RoundNotDraft):
        made.act(applications.set_applying, later, "x")


def test_staff_take_women_in_against_a_condition_only_with_a_reason(app):
    made = selections.applying(certificate=True)
    factories.certificate(made.enrolments[0])
    ids = [enrolment.id for enrolment in made.enrolments[:2]]
    with pytest.raises(ReasonMissing):
        made.act(applications.take_in_judged, ids, "")
    assert made.act(applications.take_in_judged, ids[:1], "") == 1
    assert made.act(applications.take_in_judged, ids, "证书正在补办") == 1
    reasons = {row.application_id: row.reason for row in db.session.scalars(db.select(Candidacy))}
    first, second = made.applications()
    assert (reasons[first.id], reasons[second.id]) == ("", "证书正在补办")


def test_a_whole_cohort_taken_in_takes_drafts_with_what_is_written(app):
    made = selections.applying()
    selections.written(made, 1)
    selections.written(made, 2)
    act(applications.take_back, made, 2)
    assert made.act(services.add_candidates, made.cohort.id, None) == 3
    assert sorted(row.code for row in made.applications()) == ["A-001", "A-002", "A-003"]
    assert [row.title for row in made.applications()] == ["", "黄花菜直播", "黄花菜直播"]
    assert {row.state for row in made.applications()} == {S.SUBMITTED}


def add_file(made, woman=0, words="", at=AT):
    with transaction():
        return application_files.add_file(
            made.selection_id, made.enrolments[woman].id, b"jpeg", words, keep_years=3, by=made.by, at=at
        )


def test_pictures_are_hers_and_one_taken_away_is_gone(app):
    made = selections.applying()
    with pytest.raises(NotFound):
        add_file(made)
    selections.written(made)
    positions = [add_file(made, words=f"图{k}").position for k in range(MOST_FILES)]
    with pytest.raises(application_files.TooManyFiles):
        add_file(made)
    act(application_files.remove_file, made, 0, 1)
    act(application_files.remove_file, made, 0, 1)
    assert add_file(made).position == positions[-1] + 1
    kept = db.session.scalars(db.select(StoredFile)).all()
    assert {row.person_id for row in kept} == {made.enrolments[0].person_id}
    assert len(kept) == MOST_FILES
    removed = db.session.scalars(db.select(ApplicationFile).where(ApplicationFile.removed_at.is_not(None))).one()
    assert (removed.position, removed.file_id, removed.words) == (1, None, "")


def test_two_women_handing_in_at_the_same_moment_get_two_codes(app):
    made = selections.applying()
    by, selection_id, ids = made.by, made.selection_id, [enrolment.id for enrolment in made.enrolments[:2]]
    seen = [selections.written(made, woman).version for woman in range(2)]
    acts = [
        lambda one=one, version=version: applications.hand_in(selection_id, one, version, by=by, at=AT).code
        for one, version in zip(ids, seen, strict=True)
    ]
    assert sorted(overlap(app, *acts)) == ["A-001", "A-002"]

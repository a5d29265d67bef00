"""Programmes and cohorts: made, changed, and each refusal."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests import factories
from trainer.database import db, transaction
from trainer.domain.attendance import LessonState
from trainer.domain.programme import (
    CohortDraft,
    CompletionRule,
    ExcusedCounts,
    PartnerKind,
    ProgrammeDraft,
    Promise,
    TargetKind,
    Track,
)
from trainer.errors import NotFound
from trainer.models import AuditEvent
from trainer.queries.cohort import cohort_draft, get_cohort, get_rule
from trainer.queries.programme import get_programme, programme_draft
from trainer.services import cohort as cohorts
from trainer.services import programme as programmes

pytestmark = pytest.mark.sqlite_is_enough

AT = datetime(2026, 3, 1, tzinfo=UTC)
PLAN = ProgrammeDraft(
    "她力量计划",
    factories.SHANXI,
    date(2026, 1, 1),
    date(2026, 12, 31),
    "帮扶",
    (("省妇联", PartnerKind.ORGANISER), ("快手", PartnerKind.PLATFORM)),
    {TargetKind.PEOPLE_TRAINED: Promise(1000, date(2026, 12, 31), "协议第三条"), TargetKind.COHORTS_RUN: Promise(5)},
)


@pytest.fixture
def by(app):
    return factories.actor(factories.Role.MANAGER)


def make(by, draft=PLAN) -> int:
    with transaction():
        return programmes.create_programme(draft, by=by, at=AT).id


def change(by, programme_id, **values):
    with transaction():
        programme = get_programme(programme_id)
        programmes.update_programme(
            programme, replace(programme_draft(programme), **values), seen=programme.version, by=by, at=AT
        )


def actions() -> list[str]:
    return list(db.session.scalars(db.select(AuditEvent.action).order_by(AuditEvent.seq)))


def test_a_programme_keeps_what_was_said_of_it(by):
    assert programme_draft(get_programme(make(by))) == PLAN
    assert actions() == ["programme.create"]


def test_partners_and_targets_are_replaced_by_what_is_said_now(by):
    programme_id = make(by)
    partners = (("快手", PartnerKind.FUNDER), ("市妇联", PartnerKind.HOST))
    fewer = {TargetKind.PEOPLE_TRAINED: Promise(900)}
    change(by, programme_id, partners=partners, targets=fewer)
    now = programme_draft(get_programme(programme_id))
    assert (now.partners, dict(now.targets)) == (partners, fewer)
    assert actions() == ["programme.create", "programme.update"]


def test_a_name_is_taken_once_but_may_be_kept(by):
    make(by)
    other = make(by, replace(PLAN, name="另一个计划"))
    with pytest.raises(programmes.ProgrammeNameTaken):
        make(by)
    with pytest.raises(programmes.ProgrammeNameTaken):
        change(by, other, name=PLAN.name)
    change(by, other, description="只改说明")


def test_a_partner_stands_there_once(by):
    twice = (("快手", PartnerKind.FUNDER), ("快手", PartnerKind.HOST))
    with pytest.raises(programmes.PartnerTwice):
        make(by, replace(PLAN, partners=twice))


def test_the_area_cannot_shrink_away_from_a_cohort(by):
    programme_id = make(by)
    factories.cohort(of=get_programme(programme_id), region=factories.DATONG)
    change(by, programme_id, region_code=factories.DATONG)
    with pytest.raises(programmes.CohortsOutsideArea) as refused:
        change(by, programme_id, region_code=factories.LINFEN)
    assert refused.value.values == {"region": "大同市"}


def class_of(programme_id: int) -> CohortDraft:
    return CohortDraft(
        "DT-1",
        programme_id,
        "大同市第一期",
        Track.FOUNDATION,
        factories.DATONG,
        "云州区巾帼培训基地",
        date(2026, 3, 9),
        date(2026, 3, 13),
        100,
        "李老师",
        "14000009999",
        CompletionRule(8000, 2, ExcusedCounts.IGNORED),
    )


def make_class(by, draft) -> int:
    with transaction():
        return cohorts.create_cohort(draft, by=by, at=AT).id


def change_class(by, cohort_id, **values):
    with transaction():
        cohort = get_cohort(cohort_id)
        draft = replace(cohort_draft(cohort, get_rule(cohort_id)), **values)
        cohorts.update_cohort(cohort, draft, seen=cohort.version, by=by, at=AT)


def test_a_cohort_begins_with_its_rule(by):
    draft = class_of(make(by))
    cohort_id = make_class(by, draft)
    assert cohort_draft(get_cohort(cohort_id), get_rule(cohort_id)) == draft
    assert get_rule(cohort_id).number == 1
    assert actions()[1:] == ["cohort.create", "cohort.set_rule"]


def test_changing_a_cohort_leaves_its_rule_alone(by):
    cohort_id = make_class(by, class_of(make(by)))
    change_class(by, cohort_id, name="改名", rule=CompletionRule(6000))
    assert (get_rule(cohort_id).number, get_rule(cohort_id).min_rate_bp) == (1, 8000)
    assert actions()[3:] == ["cohort.update"]


def test_the_trail_holds_no_phone(by):
    cohort_id = make_class(by, class_of(make(by)))
    change_class(by, cohort_id, teacher_phone="14000008888", teacher_name="王老师")
    details = str([event.details for event in db.session.scalars(db.select(AuditEvent))])
    assert "王老师" in details
    assert "1400000" not in details


def test_a_code_is_taken_once(by):
    draft = class_of(make(by))
    make_class(by, draft)
    other = make_class(by, replace(draft, code="DT-2"))
    with pytest.raises(cohorts.CohortCodeTaken) as refused:
        make_class(by, draft)
    assert refused.value.values == {"cohort": "DT-1", "name": "大同市第一期"}
    with pytest.raises(cohorts.CohortCodeTaken):
        change_class(by, other, code="DT-1")


def test_a_cohort_lies_within_its_programme(by):
    inside = class_of(make(by, replace(PLAN, region_code=factories.DATONG)))
    with pytest.raises(cohorts.OutsideProgramme):
        make_class(by, replace(inside, region_code=factories.LINFEN))
    with pytest.raises(NotFound):
        make_class(by, replace(inside, programme_id=99))


def test_the_days_cannot_shrink_away_from_a_lesson(by):
    cohort_id = make_class(by, class_of(make(by)))
    factories.lesson(get_cohort(cohort_id), day=4)
    factories.lesson(get_cohort(cohort_id), day=0, state=LessonState.CANCELLED)
    change_class(by, cohort_id, starts_on=date(2026, 3, 10))
    with pytest.raises(cohorts.LessonsOutsideDates):
        change_class(by, cohort_id, ends_on=date(2026, 3, 12))

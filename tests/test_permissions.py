"""The permission map: scopes by region subtree, cohort, person and assignment, as a table; lists and `can` agree."""

import pytest

from tests import factories
from trainer.database import db
from trainer.domain.actors import Actor, Grant, Role, Scope, region_prefix
from trainer.models import Cohort
from trainer.permissions import ROLE_PERMISSIONS, Permission, can
from trainer.queries.scoping import visible

DATONG_COHORT = Scope(region_code="140200", cohort_id=7)


def somebody(*grants: Grant, person_id: int | None = None) -> Actor:
    return Actor(account_id=5, name="王", person_id=person_id, grants=grants)


@pytest.mark.parametrize(
    ("code", "prefix"),
    [("140000", "14"), ("140200", "1402"), ("140215", "140215"), ("110000", "11"), ("110101", "110101")],
)
def test_the_part_of_a_code_that_a_subtree_shares(code, prefix):
    assert region_prefix(code) == prefix


@pytest.mark.parametrize(
    ("grant", "scope", "expected"),
    [
        (Grant(Role.MANAGER), DATONG_COHORT, True),
        (Grant(Role.MANAGER, "140000"), DATONG_COHORT, True),
        (Grant(Role.MANAGER, "140200"), DATONG_COHORT, True),
        (Grant(Role.MANAGER, "140215"), DATONG_COHORT, False),
        (Grant(Role.MANAGER, "141000"), DATONG_COHORT, False),
        (Grant(Role.MANAGER, cohort_id=7), DATONG_COHORT, True),
        (Grant(Role.MANAGER, cohort_id=8), DATONG_COHORT, False),
        (Grant(Role.PARTNER, "140200"), DATONG_COHORT, False),
        (Grant(Role.AUDITOR, "140000"), DATONG_COHORT, True),
        (Grant(Role.SYSTEM_ADMINISTRATOR), DATONG_COHORT, False),
        (Grant(Role.TRAINEE), DATONG_COHORT, False),
        (Grant(Role.INSTRUCTOR), DATONG_COHORT, False),
        (Grant(Role.INSTRUCTOR), Scope("140200", 7, account_ids=frozenset({5})), True),
        (Grant(Role.INSTRUCTOR, cohort_id=7), DATONG_COHORT, True),
    ],
)
def test_who_may_view_a_cohort(grant, scope, expected):
    assert can(somebody(grant), Permission.VIEW_COHORT, scope) is expected


def test_a_programme_of_the_province_concerns_its_cities():
    wide = Scope(region_code="140000", overlapping=True)
    assert can(somebody(Grant(Role.PARTNER, "140200")), Permission.VIEW_PROGRAMME, wide)
    assert not can(somebody(Grant(Role.PARTNER, "610000")), Permission.VIEW_PROGRAMME, wide)
    assert not can(somebody(Grant(Role.MANAGER, "140200")), Permission.MANAGE_PROGRAMME, Scope(region_code="140000"))


def test_a_trainee_sees_herself_alone():
    trainee = somebody(Grant(Role.TRAINEE), person_id=3)
    assert can(trainee, Permission.VIEW_OWN_PROGRESS, Scope(person_id=3))
    assert not can(trainee, Permission.VIEW_OWN_PROGRESS, Scope(person_id=4))
    assert not can(somebody(Grant(Role.TRAINEE)), Permission.VIEW_OWN_PROGRESS, Scope(person_id=None))


def test_an_evaluator_scores_only_what_she_is_assigned():
    evaluator = somebody(Grant(Role.EVALUATOR, "140000"))
    assert can(evaluator, Permission.SCORE, Scope("140200", account_ids=frozenset({5})))
    assert not can(evaluator, Permission.SCORE, Scope("140200", account_ids=frozenset({6})))


def test_nobody_signed_in_may_nothing():
    assert not any(can(None, permission) for permission in Permission)


def test_every_role_stands_in_the_map_and_every_permission_is_held():
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert frozenset().union(*ROLE_PERMISSIONS.values()) == set(Permission)


def test_the_keeper_of_the_system_reads_nobodys_data():
    held = ROLE_PERMISSIONS[Role.SYSTEM_ADMINISTRATOR]
    assert not {p for p in held if p.value.startswith(("people", "sales", "attendance", "review", "own"))}


def test_an_auditor_changes_nothing():
    changing = ("manage", "import", "mark", "close", "score", "run")
    assert not {p for p in ROLE_PERMISSIONS[Role.AUDITOR] if p.value.split(":")[1] in changing}


def test_lists_and_can_agree(app):
    cohorts = [factories.cohort(region=region) for region in ("140200", "140215", "141000", "610100", "110101")]
    grants = [
        *(Grant(Role.MANAGER, region) for region in (None, "140000", "140200", "140215", "110000")),
        Grant(Role.COHORT_STAFF, cohort_id=cohorts[2].id),
        *(
            Grant(role)
            for role in (Role.TRAINEE, Role.EVALUATOR, Role.INSTRUCTOR, Role.PARTNER, Role.SYSTEM_ADMINISTRATOR)
        ),
    ]
    for grant in grants:
        actor = somebody(grant)
        clause = visible(actor, Permission.VIEW_COHORT, region=Cohort.region_code, cohort=Cohort.id)
        listed = set(db.session.scalars(db.select(Cohort.id).where(clause)))
        assert listed == {c.id for c in cohorts if can(actor, Permission.VIEW_COHORT, c.scope)}, grant

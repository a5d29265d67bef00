"""The one permission map: what each role may do, and whether a thing lies within a grant."""

from enum import StrEnum

from trainer.domain.actors import Actor, Grant, Role, Scope, region_prefix


class Permission(StrEnum):
    """Something a view asks for before it does anything."""

    MANAGE_ACCOUNTS = "account:manage"
    VIEW_AUDIT = "audit:view"
    RUN_JOBS = "job:run"
    VIEW_PROGRAMME = "programme:view"
    MANAGE_PROGRAMME = "programme:manage"
    VIEW_COHORT = "cohort:view"
    MANAGE_COHORT = "cohort:manage"
    VIEW_PEOPLE = "people:view"
    IMPORT_PEOPLE = "people:import"
    MANAGE_PEOPLE = "people:manage"
    EXPORT_PEOPLE = "people:export"
    UNMASK = "people:unmask"
    EXPORT_UNMASKED = "people:export_unmasked"
    HANDLE_DATA_REQUESTS = "data_request:handle"
    SEND_MESSAGES = "message:send"
    MARK_ATTENDANCE = "attendance:mark"
    VIEW_ATTENDANCE = "attendance:view"
    CLOSE_LESSON = "lesson:close"
    MANAGE_ENROLMENTS = "enrolment:manage"
    MERGE_PEOPLE = "people:merge"
    MARK_TASKS = "course_task:mark"
    VIEW_EXCEPTIONS = "completion_exception:view"
    APPROVE_EXCEPTIONS = "completion_exception:approve"
    VIEW_CERTIFICATES = "certificate:view"
    ISSUE_CERTIFICATES = "certificate:issue"
    VIEW_TALLIES = "tally:view"
    MANAGE_SITES = "site:manage"
    RECORD_SERVICE = "service_hours:record"
    APPROVE_SERVICE = "service_hours:approve"
    MANAGE_TARIFF = "service_tariff:manage"
    MANAGE_HONOURS = "honour:manage"
    ANSWER_REQUESTS = "attendance_request:answer"
    FOLLOW_UP = "trainee:follow_up"
    REVIEW_ROLLS = "roll:review"
    VIEW_CALENDAR = "calendar:view"
    MANAGE_HOLIDAYS = "holiday:manage"
    VIEW_SALES = "sales:view"
    IMPORT_SALES = "sales:import"
    CHECK_SALES = "sales:check"
    EXPLAIN_ANOMALIES = "anomaly:explain"
    DECIDE_ANOMALIES = "anomaly:decide"
    VIEW_PERIODS = "sales_period:view"
    APPROVE_PERIODS = "sales_period:approve"
    VIEW_FUNDS = "donation_fund:view"
    MANAGE_FUNDS = "donation_fund:manage"
    VIEW_OUTCOMES = "outcomes:view"
    VIEW_OUTCOME_SUMS = "outcome_sums:view"
    CONDUCT_SURVEYS = "survey:conduct"
    RECORD_OUTCOMES = "outcomes:record"
    VIEW_COSTS = "cost:view"
    RECORD_COSTS = "cost:record"
    MANAGE_MENTORS = "mentor:manage"
    VIEW_SELECTION = "selection:view"
    MANAGE_SELECTION = "selection:manage"
    FILE_APPLICATIONS = "application:file"
    SCORE = "review:score"
    VIEW_OWN_PROGRESS = "own:view"


P = Permission
_READING = frozenset(
    {P.VIEW_PROGRAMME, P.VIEW_COHORT, P.VIEW_PEOPLE, P.VIEW_ATTENDANCE, P.VIEW_SALES, P.VIEW_SELECTION}
)
_COHORT_WORK = frozenset(
    {
        P.VIEW_PROGRAMME,
        P.VIEW_COHORT,
        P.VIEW_PEOPLE,
        P.IMPORT_PEOPLE,
        P.MANAGE_PEOPLE,
        P.EXPORT_PEOPLE,
        P.UNMASK,
        P.SEND_MESSAGES,
        P.VIEW_ATTENDANCE,
        P.MARK_ATTENDANCE,
        P.CLOSE_LESSON,
        P.ANSWER_REQUESTS,
        P.FOLLOW_UP,
        P.VIEW_CALENDAR,
        P.VIEW_SALES,
        P.IMPORT_SALES,
        P.CHECK_SALES,
        P.EXPLAIN_ANOMALIES,
        P.VIEW_PERIODS,
        P.VIEW_FUNDS,
        P.VIEW_OUTCOMES,
        P.VIEW_OUTCOME_SUMS,
        P.CONDUCT_SURVEYS,
        P.RECORD_OUTCOMES,
        P.VIEW_COSTS,
        P.RECORD_COSTS,
        P.MANAGE_ENROLMENTS,
        P.MARK_TASKS,
        P.VIEW_EXCEPTIONS,
        P.VIEW_CERTIFICATES,
        P.VIEW_TALLIES,
        P.RECORD_SERVICE,
        P.FILE_APPLICATIONS,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    # 等保: whoever keeps the system does not read the women's data.
    Role.SYSTEM_ADMINISTRATOR: frozenset({P.MANAGE_ACCOUNTS, P.RUN_JOBS, P.MANAGE_HOLIDAYS}),
    Role.MANAGER: _COHORT_WORK
    | {P.MANAGE_PROGRAMME, P.MANAGE_COHORT, P.VIEW_SELECTION, P.MANAGE_SELECTION}
    | {P.EXPORT_UNMASKED, P.HANDLE_DATA_REQUESTS, P.REVIEW_ROLLS, P.MANAGE_HOLIDAYS}
    | {P.MERGE_PEOPLE, P.APPROVE_EXCEPTIONS, P.ISSUE_CERTIFICATES, P.MANAGE_SITES}
    | {P.APPROVE_SERVICE, P.MANAGE_TARIFF, P.MANAGE_HONOURS}
    | {P.DECIDE_ANOMALIES, P.APPROVE_PERIODS, P.MANAGE_FUNDS, P.MANAGE_MENTORS},
    Role.COHORT_STAFF: _COHORT_WORK,
    Role.INSTRUCTOR: frozenset(
        {P.VIEW_COHORT, P.VIEW_ATTENDANCE, P.MARK_ATTENDANCE, P.CLOSE_LESSON, P.ANSWER_REQUESTS, P.VIEW_CALENDAR}
        | {P.MARK_TASKS}
    ),
    Role.EVALUATOR: frozenset({P.SCORE}),
    Role.FINANCE: frozenset(
        {P.VIEW_PROGRAMME, P.VIEW_COHORT, P.VIEW_SELECTION, P.VIEW_TALLIES}
        | {P.VIEW_PERIODS, P.VIEW_FUNDS, P.MANAGE_FUNDS}
        | {P.VIEW_OUTCOME_SUMS, P.VIEW_COSTS, P.RECORD_COSTS}
    ),
    Role.AUDITOR: _READING
    | {P.VIEW_AUDIT, P.REVIEW_ROLLS, P.VIEW_CALENDAR, P.VIEW_CERTIFICATES, P.VIEW_TALLIES, P.VIEW_EXCEPTIONS}
    | {P.VIEW_PERIODS, P.VIEW_FUNDS, P.VIEW_OUTCOMES, P.VIEW_OUTCOME_SUMS, P.VIEW_COSTS},
    Role.PARTNER: frozenset({P.VIEW_PROGRAMME, P.VIEW_TALLIES, P.VIEW_OUTCOME_SUMS}),
    Role.TRAINEE: frozenset({P.VIEW_OWN_PROGRESS}),
}


# What concerns the whole site is not within a grant that ends at an area or a cohort.
_WHOLE_SITE = frozenset({P.MANAGE_ACCOUNTS, P.RUN_JOBS, P.VIEW_AUDIT, P.MANAGE_HOLIDAYS, P.MANAGE_TARIFF})
# Days off and the worth of an hour are the same for everybody: whoever plans for a province keeps them too.
_OF_PROVINCES = frozenset({P.MANAGE_HOLIDAYS, P.MANAGE_TARIFF})


def covers(grant: Grant, scope: Scope, actor: Actor) -> bool:
    """Whether `scope` lies within the region, cohort, person or assignment that `grant` reaches."""
    if grant.role is Role.TRAINEE:
        return scope.person_id is not None and scope.person_id == actor.person_id
    if grant.role is Role.EVALUATOR:
        return actor.account_id in scope.account_ids
    if grant.role is Role.INSTRUCTOR and grant.cohort_id is None and grant.region_code is None:
        return actor.account_id in scope.account_ids
    if grant.cohort_id is not None:
        return scope.cohort_id == grant.cohort_id
    if grant.region_code is not None:
        return _in_region(grant.region_code, scope)
    return True


def _in_region(region_code: str, scope: Scope) -> bool:
    if scope.region_code is None:
        return False
    granted, asked = region_prefix(region_code), region_prefix(scope.region_code)
    return scope.region_code.startswith(granted) or (scope.overlapping and region_code.startswith(asked))


def grants_for(actor: Actor, permission: Permission) -> tuple[Grant, ...]:
    """The grants of `actor` whose role holds `permission`; lists are cut by them."""
    return tuple(
        grant
        for grant in actor.grants
        if permission in ROLE_PERMISSIONS[grant.role] and _is_wide_enough(grant, permission)
    )


def _is_wide_enough(grant: Grant, permission: Permission) -> bool:
    if grant.is_unlimited or permission not in _WHOLE_SITE:
        return True
    return permission in _OF_PROVINCES and grant.is_of_a_province


def can(actor: Actor | None, permission: Permission, scope: Scope | None = None) -> bool:
    """Whether `actor` may do `permission`: at all where `scope` is None, else to a thing that lies in `scope`."""
    if actor is None:
        return False
    grants = grants_for(actor, permission)
    return bool(grants) if scope is None else any(covers(grant, scope, actor) for grant in grants)

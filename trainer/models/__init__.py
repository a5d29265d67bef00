"""Tables, constraints and one-row properties; importing this package knows them all."""

from trainer.models.account import AccessToken, Account, RoleGrant, SignInSession, WrongTry
from trainer.models.attendance import Attendance, Mark
from trainer.models.audit import AuditEvent
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.job import CohortMetrics, JobRun
from trainer.models.lesson import Lesson
from trainer.models.person import Consent, Person
from trainer.models.programme import Cohort, CompletionRuleVersion, Partner, Programme, Target
from trainer.models.region import Region
from trainer.models.sales import Livestream, OrderLine, Shop
from trainer.models.selection import (
    Application,
    Assignment,
    Criterion,
    CriterionLevel,
    RankingRow,
    RankingRun,
    Review,
    ReviewVersion,
    Round,
    Rubric,
    Selection,
)
from trainer.models.site import IdempotencyKey, SiteFlag

__all__ = [
    "AccessToken",
    "Account",
    "Application",
    "Assignment",
    "Attendance",
    "AuditEvent",
    "Cohort",
    "CohortMetrics",
    "CompletionRuleVersion",
    "Consent",
    "Criterion",
    "CriterionLevel",
    "Enrolment",
    "EnrolmentEvent",
    "IdempotencyKey",
    "ImportBatch",
    "ImportRow",
    "JobRun",
    "Lesson",
    "Livestream",
    "Mark",
    "OrderLine",
    "Partner",
    "Person",
    "Programme",
    "RankingRow",
    "RankingRun",
    "Region",
    "Review",
    "ReviewVersion",
    "RoleGrant",
    "Round",
    "Rubric",
    "Selection",
    "Shop",
    "SignInSession",
    "SiteFlag",
    "Target",
    "WrongTry",
]

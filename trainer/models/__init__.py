"""Tables, constraints and one-row properties; importing this package knows them all."""

from trainer.models.account import AccessToken, Account, Device, PastPassword, RoleGrant, SignInSession, WrongTry
from trainer.models.attendance import Attendance, Mark
from trainer.models.audit import AuditEvent, AuditSegment
from trainer.models.background_task import BackgroundTask
from trainer.models.data_request import DataRequest
from trainer.models.disclosure import DisclosedPerson, Disclosure
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.file import StoredFile
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.job import CohortMetrics, JobRun
from trainer.models.lesson import Lesson
from trainer.models.message import Delivery, Message, MessageTemplate
from trainer.models.person import Consent, Person
from trainer.models.programme import Cohort, CompletionRuleVersion, Partner, Programme, Target
from trainer.models.region import Region
from trainer.models.sales import Livestream, OrderLine, Shop
from trainer.models.second_factor import RecoveryCode, SecondFactor, SecondFactorReset
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
    "AuditSegment",
    "BackgroundTask",
    "Cohort",
    "CohortMetrics",
    "CompletionRuleVersion",
    "Consent",
    "Criterion",
    "CriterionLevel",
    "DataRequest",
    "Delivery",
    "Device",
    "DisclosedPerson",
    "Disclosure",
    "Enrolment",
    "EnrolmentEvent",
    "IdempotencyKey",
    "ImportBatch",
    "ImportRow",
    "JobRun",
    "Lesson",
    "Livestream",
    "Mark",
    "Message",
    "MessageTemplate",
    "OrderLine",
    "Partner",
    "PastPassword",
    "Person",
    "Programme",
    "RankingRow",
    "RankingRun",
    "RecoveryCode",
    "Region",
    "Review",
    "ReviewVersion",
    "RoleGrant",
    "Round",
    "Rubric",
    "SecondFactor",
    "SecondFactorReset",
    "Selection",
    "Shop",
    "SignInSession",
    "SiteFlag",
    "StoredFile",
    "Target",
    "WrongTry",
]

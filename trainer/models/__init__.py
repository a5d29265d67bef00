"""Tables, constraints and one-row properties; importing this package knows them all."""

from trainer.models.account import AccessToken, Account, Device, PastPassword, RoleGrant, SignInSession, WrongTry
from trainer.models.at_risk import Contact, Risk
from trainer.models.attendance import Attendance, Mark
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.audit import AuditEvent, AuditSegment
from trainer.models.background_task import BackgroundTask
from trainer.models.calendar import CalendarFeed, Holiday
from trainer.models.data_request import DataRequest
from trainer.models.disclosure import DisclosedPerson, Disclosure
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.file import StoredFile
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.job import CohortMetrics, JobRun
from trainer.models.lesson import Lesson, LessonFile
from trainer.models.message import Delivery, Message, MessageTemplate
from trainer.models.paper_sheet import PaperSheet
from trainer.models.person import Consent, Person
from trainer.models.programme import Cohort, CompletionRuleVersion, Partner, Programme, Target
from trainer.models.region import Region
from trainer.models.roll_check import RollCheck
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
from trainer.models.spot_check import SpotCheck, SpotCheckDraw
from trainer.models.walk_in import WalkIn

__all__ = [
    "AccessToken",
    "Account",
    "Application",
    "Assignment",
    "Attendance",
    "AttendanceRequest",
    "AuditEvent",
    "AuditSegment",
    "BackgroundTask",
    "CalendarFeed",
    "Cohort",
    "CohortMetrics",
    "CompletionRuleVersion",
    "Consent",
    "Contact",
    "Criterion",
    "CriterionLevel",
    "DataRequest",
    "Delivery",
    "Device",
    "DisclosedPerson",
    "Disclosure",
    "Enrolment",
    "EnrolmentEvent",
    "Holiday",
    "IdempotencyKey",
    "ImportBatch",
    "ImportRow",
    "JobRun",
    "Lesson",
    "LessonFile",
    "Livestream",
    "Mark",
    "Message",
    "MessageTemplate",
    "OrderLine",
    "PaperSheet",
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
    "Risk",
    "RoleGrant",
    "RollCheck",
    "Round",
    "Rubric",
    "SecondFactor",
    "SecondFactorReset",
    "Selection",
    "Shop",
    "SignInSession",
    "SiteFlag",
    "SpotCheck",
    "SpotCheckDraw",
    "StoredFile",
    "Target",
    "WalkIn",
    "WrongTry",
]

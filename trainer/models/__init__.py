"""Tables, constraints and one-row properties; importing this package knows them all."""

from trainer.models.account import AccessToken, Account, Device, PastPassword, RoleGrant, SignInSession, WrongTry
from trainer.models.anomaly import Anomaly, AnomalyEvent
from trainer.models.application import Application, ApplicationEvent, ApplicationFile, Referral
from trainer.models.assessment import Assessment, AssessmentScore
from trainer.models.at_risk import Contact, Risk
from trainer.models.attendance import Attendance, Mark
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.audit import AuditEvent, AuditSegment
from trainer.models.background_task import BackgroundTask
from trainer.models.calendar import CalendarFeed, Holiday
from trainer.models.certificate import Certificate, CertificateSeries
from trainer.models.completion_exception import CompletionException
from trainer.models.county_indicator import IndicatorReading, MentorPosting, MentorVisit
from trainer.models.course_task import CourseTask, HandIn
from trainer.models.data_request import DataRequest
from trainer.models.disclosure import DisclosedPerson, Disclosure
from trainer.models.donation import DonationFund, DonationPayment, DonationPledge
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.feedback import FeedbackAnswer, FeedbackGiven
from trainer.models.field_visit import FieldVisit, VisitFact, VisitPicture, VisitQuestion, VisitStay
from trainer.models.file import StoredFile
from trainer.models.follow_up import CohortCost, FollowUp, PaidWork
from trainer.models.honour import Honour
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.installation import IdempotencyKey, SiteFlag
from trainer.models.job import CohortMetrics, JobRun
from trainer.models.lesson import Lesson, LessonFile
from trainer.models.message import Delivery, Message, MessageTemplate
from trainer.models.outcomes import CohortOutcomes, EnrolmentOutcome, ProductDay, ShopDay
from trainer.models.panel import Conflict, PanelSeat
from trainer.models.paper_sheet import PaperSheet
from trainer.models.person import Consent, Person
from trainer.models.person_merge import DistinctPair, PersonMerge
from trainer.models.product import Product
from trainer.models.programme import Cohort, CompletionRuleVersion, Partner, Programme, RuleRequirement, Target
from trainer.models.ranking import RankingRow, RankingRun
from trainer.models.region import Region
from trainer.models.review import Assignment, CalibrationFile, CalibrationSheet, PaperEntry, Review, ReviewVersion
from trainer.models.roll_check import RollCheck
from trainer.models.rubric import Criterion, CriterionLevel, Rubric
from trainer.models.sales import (
    ColumnMapping,
    Livestream,
    LivestreamVersion,
    OrderLine,
    OrderLineVersion,
    Settlement,
    SettlementVersion,
    Shop,
    ShopAlias,
)
from trainer.models.sales_entry import PictureTwin, SalesEntry
from trainer.models.sales_period import SalesPeriod, SalesPeriodEvent
from trainer.models.sales_upload import SalesUpload
from trainer.models.second_factor import RecoveryCode, SecondFactor, SecondFactorReset
from trainer.models.selection import Candidacy, Quota, ReopenRequest, Round, RoundTable, Selection
from trainer.models.service_hours import ServiceEntry, ServiceTariff
from trainer.models.sign_up import SignUp
from trainer.models.site import Site
from trainer.models.spot_check import SpotCheck, SpotCheckDraw
from trainer.models.survey import SurveyAnswer, SurveySheet
from trainer.models.walk_in import WalkIn

__all__ = [
    "AccessToken",
    "Account",
    "Anomaly",
    "AnomalyEvent",
    "Application",
    "ApplicationEvent",
    "ApplicationFile",
    "Assessment",
    "AssessmentScore",
    "Assignment",
    "Attendance",
    "AttendanceRequest",
    "AuditEvent",
    "AuditSegment",
    "BackgroundTask",
    "CalendarFeed",
    "CalibrationFile",
    "CalibrationSheet",
    "Candidacy",
    "Certificate",
    "CertificateSeries",
    "Cohort",
    "CohortCost",
    "CohortMetrics",
    "CohortOutcomes",
    "ColumnMapping",
    "CompletionException",
    "CompletionRuleVersion",
    "Conflict",
    "Consent",
    "Contact",
    "CourseTask",
    "Criterion",
    "CriterionLevel",
    "DataRequest",
    "Delivery",
    "Device",
    "DisclosedPerson",
    "Disclosure",
    "DistinctPair",
    "DonationFund",
    "DonationPayment",
    "DonationPledge",
    "Enrolment",
    "EnrolmentEvent",
    "EnrolmentOutcome",
    "FeedbackAnswer",
    "FeedbackGiven",
    "FieldVisit",
    "FollowUp",
    "HandIn",
    "Holiday",
    "Honour",
    "IdempotencyKey",
    "ImportBatch",
    "ImportRow",
    "IndicatorReading",
    "JobRun",
    "Lesson",
    "LessonFile",
    "Livestream",
    "LivestreamVersion",
    "Mark",
    "MentorPosting",
    "MentorVisit",
    "Message",
    "MessageTemplate",
    "OrderLine",
    "OrderLineVersion",
    "PaidWork",
    "PanelSeat",
    "PaperEntry",
    "PaperSheet",
    "Partner",
    "PastPassword",
    "Person",
    "PersonMerge",
    "PictureTwin",
    "Product",
    "ProductDay",
    "Programme",
    "Quota",
    "RankingRow",
    "RankingRun",
    "RecoveryCode",
    "Referral",
    "Region",
    "ReopenRequest",
    "Review",
    "ReviewVersion",
    "Risk",
    "RoleGrant",
    "RollCheck",
    "Round",
    "RoundTable",
    "Rubric",
    "RuleRequirement",
    "SalesEntry",
    "SalesPeriod",
    "SalesPeriodEvent",
    "SalesUpload",
    "SecondFactor",
    "SecondFactorReset",
    "Selection",
    "ServiceEntry",
    "ServiceTariff",
    "Settlement",
    "SettlementVersion",
    "Shop",
    "ShopAlias",
    "ShopDay",
    "SignInSession",
    "SignUp",
    "Site",
    "SiteFlag",
    "SpotCheck",
    "SpotCheckDraw",
    "StoredFile",
    "SurveyAnswer",
    "SurveySheet",
    "Target",
    "VisitFact",
    "VisitPicture",
    "VisitQuestion",
    "VisitStay",
    "WalkIn",
    "WrongTry",
]

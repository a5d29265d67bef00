"""What becomes of one woman's values, table by table: deleted, blanked, or kept for a reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, String, Text, case, cast, literal, or_, select

from trainer.database import db
from trainer.domain.people import ERASED_NAME
from trainer.domain.sign_up import SignUpState
from trainer.models.account import AccessToken, Account, PastPassword, SignInSession
from trainer.models.anomaly import Anomaly, AnomalyEvent
from trainer.models.application import Application, ApplicationEvent, ApplicationFile, Referral
from trainer.models.assessment import AssessmentScore
from trainer.models.at_risk import Contact
from trainer.models.attendance import Mark
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.background_task import BackgroundTask
from trainer.models.calendar import CalendarFeed
from trainer.models.certificate import Certificate
from trainer.models.completion_exception import CompletionException
from trainer.models.course_task import HandIn
from trainer.models.data_request import DataRequest
from trainer.models.disclosure import DisclosedPerson, Disclosure
from trainer.models.donation import DonationPayment
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.field_visit import FieldVisit, VisitFact, VisitPicture, VisitStay
from trainer.models.file import StoredFile
from trainer.models.follow_up import FollowUp, PaidWork
from trainer.models.honour import Honour
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.installation import IdempotencyKey
from trainer.models.message import Delivery
from trainer.models.outcomes import EnrolmentOutcome, ProductDay
from trainer.models.panel import Conflict
from trainer.models.person import Consent, Person
from trainer.models.person_merge import PersonMerge
from trainer.models.product import Product
from trainer.models.review import Assignment, PaperEntry, Review, ReviewVersion
from trainer.models.sales import (
    Livestream,
    LivestreamVersion,
    OrderLine,
    OrderLineVersion,
    Settlement,
    SettlementVersion,
    Shop,
    ShopAlias,
)
from trainer.models.sales_entry import SalesEntry
from trainer.models.sales_upload import SalesUpload
from trainer.models.second_factor import RecoveryCode, SecondFactor, SecondFactorReset
from trainer.models.selection import Candidacy
from trainer.models.service_hours import ServiceEntry
from trainer.models.sign_up import SignUp
from trainer.models.spot_check import SpotCheck
from trainer.models.survey import SurveyAnswer, SurveySheet
from trainer.models.walk_in import WalkIn
from trainer.pinyin import name_pinyin


@dataclass(frozen=True)
class Rule:
    """What becomes of the rows of hers in one table: deleted, or some columns blanked; `keep` says why a text stays."""

    rows: Callable[[int], ColumnElement[bool]]
    delete: bool = False
    blank: Mapping[str, object] = field(default_factory=dict)
    keep: Mapping[str, str] = field(default_factory=dict)


def accounts_of(person_id: int):
    return select(Account.id).where(Account.person_id == person_id)


def enrolments_of(person_id: int):
    return select(Enrolment.id).where(Enrolment.person_id == person_id)


def _shops(person_id: int):
    return select(Shop.id).where(Shop.person_id == person_id)


def assignments_of(person_id: int):
    return (
        select(Assignment.id)
        .join(Application, Application.id == Assignment.application_id)
        .where(Application.person_id == person_id)
    )


def _visits(person_id: int):
    return (
        select(FieldVisit.id)
        .join(Application, Application.id == FieldVisit.application_id)
        .where(Application.person_id == person_id)
    )


def _of_application(model) -> Callable[[int], ColumnElement[bool]]:
    return lambda person_id: model.application_id.in_(select(Application.id).where(Application.person_id == person_id))


def _own(model) -> Callable[[int], ColumnElement[bool]]:
    return lambda person_id: model.person_id == person_id


def of_account(model) -> Callable[[int], ColumnElement[bool]]:
    return lambda person_id: model.account_id.in_(accounts_of(person_id))


def _of_enrolment(model) -> Callable[[int], ColumnElement[bool]]:
    return lambda person_id: model.enrolment_id.in_(enrolments_of(person_id))


def _of_shop(model) -> Callable[[int], ColumnElement[bool]]:
    return lambda person_id: model.shop_id.in_(_shops(person_id))


def _of_batch(model) -> Callable[[int], ColumnElement[bool]]:
    return lambda person_id: model.batch_id.in_(
        select(ImportBatch.id).where(ImportBatch.shop_id.in_(_shops(person_id)))
    )


def _walk_ins(person_id: int) -> ColumnElement[bool]:
    """Those matched to her, and those whose phone is hers that nobody has matched."""
    phones = select(Person.phone_index).where(Person.id == person_id)
    return WalkIn.enrolment_id.in_(enrolments_of(person_id)) | WalkIn.phone_index.in_(phones)


def _sign_ups(person_id: int) -> ColumnElement[bool]:
    """Those that became hers, and of those that nobody has settled the ones with her ID number, or with her phone under
    a name that sounds like hers: a neighbour who gave the same phone still wants to come."""
    number, phone, sound = db.session.execute(
        select(Person.id_number_index, Person.phone_index, Person.name_pinyin).where(Person.id == person_id)
    ).one()
    open_ones = SignUp.enrolment_id.is_(None)
    by_phone = select(SignUp.id, SignUp.name).where(open_ones, SignUp.phone_index.in_([phone] if phone else []))
    sounding = [id_ for id_, name in db.session.execute(by_phone) if name_pinyin(name) == sound]
    by_number = open_ones & SignUp.id_number_index.in_([number] if number else [])
    return or_(SignUp.enrolment_id.in_(enrolments_of(person_id)), SignUp.id.in_(sounding), by_number)


def _merges(person_id: int) -> ColumnElement[bool]:
    return or_(PersonMerge.kept_id == person_id, PersonMerge.gone_id == person_id)


def _looks(person_id: int) -> ColumnElement[bool]:
    """Looks at her alone; what somebody wrote about an export is about all in it."""
    of_hers = select(DisclosedPerson.disclosure_id).where(DisclosedPerson.person_id == person_id)
    return Disclosure.id.in_(of_hers) & Disclosure.is_export.is_(False)


def _nameless(model):
    """A key that is unique still, and by which no platform finds the broadcast or the order."""
    return literal("erased-", Text) + cast(model.id, String)


# Nobody is there any more to be given a place.
_WAITS_NO_MORE = case((SignUp.state == SignUpState.OPEN, SignUpState.TAKEN_BACK), else_=SignUp.state)

_CODE, _RANDOM = "a code of ours, no value of hers", "random"

_GONE = {"delete": True}

# In an order that foreign keys allow. What hangs on several tables (files, staged rows, messages) is done beside it.
RULES: dict[type, Rule] = {
    AccessToken: Rule(of_account(AccessToken), **_GONE),
    PastPassword: Rule(of_account(PastPassword), **_GONE),
    RecoveryCode: Rule(of_account(RecoveryCode), **_GONE),
    SecondFactor: Rule(of_account(SecondFactor), **_GONE),
    SecondFactorReset: Rule(of_account(SecondFactorReset), **_GONE),
    SignInSession: Rule(of_account(SignInSession), **_GONE),
    IdempotencyKey: Rule(of_account(IdempotencyKey), **_GONE),
    BackgroundTask: Rule(lambda person_id: BackgroundTask.asked_by.in_(accounts_of(person_id)), **_GONE),
    Delivery: Rule(
        lambda person_id: or_(Delivery.person_id == person_id, Delivery.account_id.in_(accounts_of(person_id))), **_GONE
    ),
    Consent: Rule(
        _own(Consent),
        blank={"evidence_id": None, "withdrawal_reason": ""},
        keep={"notice_version": "proof that she agreed"},
    ),
    # Before the files, to which they refer.
    SalesUpload: Rule(_of_shop(SalesUpload), **_GONE),
    SalesEntry: Rule(
        _of_shop(SalesEntry),
        blank={"picture_id": None, "picture_hash": None, "picture_look": None, "answer": None},
        keep={"nonce": _RANDOM, "rounded": "names of figures"},
    ),
    DonationPayment: Rule(_of_shop(DonationPayment), blank={"evidence_id": None, "note": "", "reason": ""}),
    HandIn: Rule(
        _of_enrolment(HandIn),
        blank={"words": None, "link": None, "file_id": None, "helper_name": None, "remark": None},
        keep={"nonce": _RANDOM},
    ),
    ServiceEntry: Rule(
        _own(ServiceEntry), blank={"words": None, "evidence_id": None, "answer": None}, keep={"nonce": _RANDOM}
    ),
    PaidWork: Rule(
        _own(PaidWork),
        blank={"worker": ERASED_NAME, "taken_back_because": None, "evidence_id": None},
        keep={"nonce": _RANDOM},
    ),
    # Before the files themselves, to which they refer.
    ApplicationFile: Rule(_of_application(ApplicationFile), blank={"words": "", "file_id": None}),
    VisitPicture: Rule(
        lambda person_id: VisitPicture.visit_id.in_(_visits(person_id)),
        blank={"words": "", "file_id": None},
        keep={"nonce": _RANDOM},
    ),
    StoredFile: Rule(_own(StoredFile), **_GONE),
    CalendarFeed: Rule(of_account(CalendarFeed), **_GONE),
    DataRequest: Rule(_own(DataRequest), blank={"wished": None, "words": None, "answer": ""}),
    Disclosure: Rule(
        _looks, blank={"note": ""}, keep={"fields": "names of columns", "recipient": "an office: proof of what left"}
    ),
    EnrolmentEvent: Rule(_of_enrolment(EnrolmentEvent), blank={"reason": ""}),
    Mark: Rule(_of_enrolment(Mark), blank={"reason": "", "device": ""}, keep={"nonce": _RANDOM}),
    AttendanceRequest: Rule(
        _of_enrolment(AttendanceRequest),
        blank={"words": None, "answer": "", "device": ""},
        keep={"nonce": _RANDOM},
    ),
    WalkIn: Rule(
        _walk_ins,
        blank={"name": ERASED_NAME, "phone": None, "phone_index": None},
        keep={"nonce": _RANDOM},
    ),
    SignUp: Rule(
        _sign_ups,
        blank={
            **{"name": ERASED_NAME, "device": "", "reason": "", "state": _WAITS_NO_MORE},
            **dict.fromkeys(("phone", "phone_index", "id_number", "id_number_index", "township", "village")),
            **dict.fromkeys(("helper_name", "helper_phone")),
        },
        keep={"nonce": _RANDOM, "code_index": _RANDOM, "notice_version": "proof that she agreed", "kind": "counts"},
    ),
    PersonMerge: Rule(
        _merges, blank=dict.fromkeys(("reason", "before", "undo_reason")), keep={"moved": "numbers of rows"}
    ),
    AssessmentScore: Rule(_of_enrolment(AssessmentScore), blank={"reason": ""}),
    CompletionException: Rule(_of_enrolment(CompletionException), blank={"reason": None, "answer": None}),
    Certificate: Rule(
        _of_enrolment(Certificate),
        blank={"name": ERASED_NAME, "content": "{}", "end_reason": None},
        keep={"number": "its run of numbers has no gaps"},
    ),
    Honour: Rule(
        _own(Honour),
        blank={"citation": "", "withdrawal_reason": ""},
        keep={"title": "of the list", "project": "of the list"},
    ),
    Contact: Rule(_of_enrolment(Contact), blank={"words": None}),
    SpotCheck: Rule(_of_enrolment(SpotCheck), blank={"note": ""}),
    Livestream: Rule(
        _of_shop(Livestream),
        blank={"title": "", "natural_key": _nameless(Livestream), "session_key": None, "batch_id": None},
        keep={"platform": "counts", "refund_basis": "counts", "gmv_measure": "counts"},
    ),
    OrderLine: Rule(
        _of_shop(OrderLine),
        blank={
            **{
                "product": "",
                "natural_key": _nameless(OrderLine),
                "order_key": _nameless(OrderLine),
                "product_key": "",
            },
            **dict.fromkeys(("batch_id", "session_key", "sku", "host", "parcel")),
        },
        keep={"platform": "counts", "status": "counts", "province": "where buyers live, counts"},
    ),
    Settlement: Rule(
        _of_shop(Settlement),
        blank={"natural_key": _nameless(Settlement), "order_key": None, "batch_id": None},
        keep={"platform": "counts"},
    ),
    AnomalyEvent: Rule(
        lambda person_id: AnomalyEvent.anomaly_id.in_(select(Anomaly.id).where(Anomaly.shop_id.in_(_shops(person_id)))),
        blank={"words": None},
    ),
    Anomaly: Rule(
        _of_shop(Anomaly), blank={"subject": _nameless(Anomaly), "evidence": {}, "words": None, "reason": None}
    ),
    SurveyAnswer: Rule(
        lambda person_id: SurveyAnswer.sheet_id.in_(
            select(SurveySheet.id).where(SurveySheet.enrolment_id.in_(enrolments_of(person_id)))
        ),
        keep={"choices": "codes that count", "question": "of the questionnaire"},
    ),
    SurveySheet: Rule(_of_enrolment(SurveySheet), blank={"reason": None}),
    FollowUp: Rule(_of_enrolment(FollowUp), blank={"words": None, "taken_back_because": None}, keep={"nonce": _RANDOM}),
    EnrolmentOutcome: Rule(
        _of_enrolment(EnrolmentOutcome),
        keep=dict.fromkeys(("stages", "activity", "sources"), "days and states: the training record"),
    ),
    ProductDay: Rule(_of_shop(ProductDay), **_GONE),
    ShopAlias: Rule(_of_shop(ShopAlias), **_GONE),
    Product: Rule(_of_shop(Product), **_GONE),
    **{model: Rule(_of_batch(model), **_GONE) for model in (LivestreamVersion, OrderLineVersion, SettlementVersion)},
    ImportRow: Rule(_of_batch(ImportRow), **_GONE),
    ImportBatch: Rule(_of_shop(ImportBatch), **_GONE),
    Shop: Rule(
        _own(Shop), blank={"name": ERASED_NAME, "account_uid": None, "opened_on": None}, keep={"platform": "counts"}
    ),
    Review: Rule(
        lambda person_id: Review.assignment_id.in_(assignments_of(person_id)),
        keep={"draft": "the levels: the ranking can be reckoned again; its words are blanked"},
    ),
    ReviewVersion: Rule(
        lambda person_id: ReviewVersion.assignment_id.in_(assignments_of(person_id)),
        blank={"strengths": "", "risks": "", "reason": "", "abstentions": {}},
        keep={"levels": "the ranking can be reckoned again", "sha256": "a seal: no word can be read from it"},
    ),
    PaperEntry: Rule(lambda person_id: PaperEntry.assignment_id.in_(assignments_of(person_id)), **_GONE),
    ApplicationEvent: Rule(_of_application(ApplicationEvent), blank={"reason": ""}),
    Referral: Rule(_of_application(Referral), blank={"to_whom": "", "note": "", "outcome": ""}),
    Candidacy: Rule(_of_application(Candidacy), blank={"reason": ""}),
    Conflict: Rule(_of_application(Conflict), blank={"words": "", "dispute": "", "decision": ""}),
    VisitFact: Rule(
        lambda person_id: VisitFact.visit_id.in_(_visits(person_id)),
        blank={"value": "", "reason": ""},
        keep={"nonce": _RANDOM},
    ),
    VisitStay: Rule(
        lambda person_id: VisitStay.visit_id.in_(_visits(person_id)),
        blank={"latitude": None, "longitude": None, "accuracy_m": None},
        keep={"nonce": _RANDOM},
    ),
    FieldVisit: Rule(_of_application(FieldVisit), blank={"words": ""}),
    Application: Rule(
        _own(Application),
        blank={"title": "", "plan": "", "uses": [], "amount_fen": None}
        | {"blind_title": "", "blind_plan": None, "blind_uses": []},
        keep={"code": _CODE},
    ),
    Account: Rule(
        _own(Account),
        blank={
            **{"name": ERASED_NAME, "active": False, "shut_because": "erased", "version": Account.version + 1},
            **dict.fromkeys(("username", "organisation", "phone", "phone_index", "password_hash", "password_set_at")),
        },
    ),
    Person: Rule(
        lambda person_id: Person.id == person_id,
        blank={
            **{"name": ERASED_NAME, "name_pinyin": "", "name_initials": "", "version": Person.version + 1},
            "birth_year": Person.birth_year - Person.birth_year % 10,
            **dict.fromkeys(("id_number", "id_number_index", "phone", "phone_index", "phone_tail_index")),
            **dict.fromkeys(("ethnicity", "education", "township", "village", "business", "note")),
        },
        keep={"sex": "counts", "kind": "counts"},
    ),
}

# Tables that refer to a person, directly or through others, in which no value of hers stands.
UNTOUCHED = {
    "assignments": "who reads which code",
    "calibration_sheets": "an evaluator's levels for an invented file",
    "panel_seats": "who evaluates: staff and experts",
    "reopen_requests": "acts of staff",
    "round_tables": "figures by code: the ranking can be reckoned again",
    "criteria": "words of staff",
    "criterion_levels": "words of staff",
    "rubrics": "words of staff",
    "attendances": "statuses: the training record",
    "audit_events": "the trail cannot be changed; it holds masks, and of a trainee who acts only her masked name",
    "audit_segments": "sealed audit events",
    "completion_rules": "refer to whoever set them",
    "assessments": "of a cohort, not of a person",
    "course_tasks": "of a cohort, not of a person",
    "distinct_pairs": "numbers of two people",
    "feedback_given": "that she answered: nobody does so twice",
    "rule_requirements": "what a rule demands of everybody",
    "service_tariffs": "points of an hour, set by staff",
    "cohort_costs": "money of a cohort",
    "indicator_readings": "of a county, not of a person",
    "mentor_postings": "mentors and their plans, no trainee",
    "mentor_visits": "what mentors did in a county",
    "shop_days": "sums by day: the outcomes of the training",
    "column_mappings": "headings of files",
    "donation_funds": "of a region, not of a person",
    "donation_pledges": "amounts and days: where public money went",
    "picture_twins": "numbers of two entries",
    "sales_period_events": "a county's month",
    "disclosed_people": "that somebody looked: proof for whoever asks later, by number only",
    "enrolments": "seat and status: the training record",
    "holidays": "days, set by staff",
    "lesson_files": "of a lesson; a picture of the class or a sheet goes when its own time is over",
    "lessons": "of a cohort, not of a person",
    "message_templates": "words of staff",
    "messages": "deleted beside the rules where nobody else has them",
    "paper_sheets": "numbers of enrolments: the training record",
    "ranking_rows": "points by code: the ranking can be reckoned again",
    "ranking_runs": "figures by code: the ranking can be reckoned again",
    "risks": "reasons by number: the training record",
    "role_grants": "ended beside the rules; a role and an area",
    "roll_checks": "counts about a roll; the words are of whoever looked into it",
    "spot_check_draws": "numbers of a drawing",
}

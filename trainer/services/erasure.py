"""Erasure: what becomes of one woman's values, table by table, and the one act that does it.

What stays is the training record without her: area, decade of birth, attendance, sums (PIPL art. 4 and 47: what nobody
can be told from is no personal information, and what public money was spent on is accounted for ten years).
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, String, Text, case, cast, delete, func, literal, or_, select, update

from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import Actor
from trainer.domain.background_task import TaskKind, TaskState
from trainer.domain.data_request import ErasureBlocked
from trainer.domain.file import FilePurpose
from trainer.domain.imports import ImportKind
from trainer.domain.mark_import_plan import from_content as mark_from_content
from trainer.domain.people import ERASED_NAME
from trainer.domain.roster_plan import from_content
from trainer.domain.sign_up import SignUpState
from trainer.errors import NotFound
from trainer.models.account import AccessToken, Account, Device, PastPassword, RoleGrant, SignInSession
from trainer.models.anomaly import Anomaly, AnomalyEvent
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
from trainer.models.file import StoredFile
from trainer.models.honour import Honour
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.installation import IdempotencyKey
from trainer.models.message import Delivery, Message
from trainer.models.person import Consent, Person
from trainer.models.person_merge import PersonMerge
from trainer.models.product import Product
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
from trainer.models.selection import Application, Assignment, Review, ReviewVersion
from trainer.models.service_hours import ServiceEntry
from trainer.models.sign_up import SignUp
from trainer.models.spot_check import SpotCheck
from trainer.models.walk_in import WalkIn
from trainer.pinyin import name_pinyin
from trainer.queries.data_request import list_blocks
from trainer.queries.person_merge import list_merged
from trainer.services import audit

# Files made for staff that may name anybody; they live for days only and can be made anew.
NAMING_TASKS = (
    *(TaskKind.PEOPLE_EXPORT, TaskKind.SLIPS, TaskKind.LETTER, TaskKind.ROSTER_COMMIT, TaskKind.SALES_COMMIT),
    *(TaskKind.CERTIFICATE_SHEETS, TaskKind.DOSSIER),
)
# Of these, what is being written at this moment is begun anew.
MADE_ANEW = (TaskKind.PEOPLE_EXPORT, TaskKind.SLIPS, TaskKind.CERTIFICATE_SHEETS, TaskKind.DOSSIER)


@dataclass(frozen=True)
class Rule:
    """What becomes of the rows of hers in one table: deleted, or some columns blanked; `keep` says why a text stays."""

    rows: Callable[[int], ColumnElement[bool]]
    delete: bool = False
    blank: Mapping[str, object] = field(default_factory=dict)
    keep: Mapping[str, str] = field(default_factory=dict)


def _accounts(person_id: int):
    return select(Account.id).where(Account.person_id == person_id)


def _enrolments(person_id: int):
    return select(Enrolment.id).where(Enrolment.person_id == person_id)


def _shops(person_id: int):
    return select(Shop.id).where(Shop.person_id == person_id)


def _assignments(person_id: int):
    return (
        select(Assignment.id)
        .join(Application, Application.id == Assignment.application_id)
        .where(Application.person_id == person_id)
    )


def _own(model) -> Callable[[int], ColumnElement[bool]]:
    return lambda person_id: model.person_id == person_id


def _of_account(model) -> Callable[[int], ColumnElement[bool]]:
    return lambda person_id: model.account_id.in_(_accounts(person_id))


def _of_enrolment(model) -> Callable[[int], ColumnElement[bool]]:
    return lambda person_id: model.enrolment_id.in_(_enrolments(person_id))


def _of_shop(model) -> Callable[[int], ColumnElement[bool]]:
    return lambda person_id: model.shop_id.in_(_shops(person_id))


def _of_batch(model) -> Callable[[int], ColumnElement[bool]]:
    return lambda person_id: model.batch_id.in_(
        select(ImportBatch.id).where(ImportBatch.shop_id.in_(_shops(person_id)))
    )


def _walk_ins(person_id: int) -> ColumnElement[bool]:
    """Those matched to her, and those whose phone is hers that nobody has matched."""
    phones = select(Person.phone_index).where(Person.id == person_id)
    return WalkIn.enrolment_id.in_(_enrolments(person_id)) | WalkIn.phone_index.in_(phones)


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
    return or_(SignUp.enrolment_id.in_(_enrolments(person_id)), SignUp.id.in_(sounding), by_number)


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
    AccessToken: Rule(_of_account(AccessToken), **_GONE),
    PastPassword: Rule(_of_account(PastPassword), **_GONE),
    RecoveryCode: Rule(_of_account(RecoveryCode), **_GONE),
    SecondFactor: Rule(_of_account(SecondFactor), **_GONE),
    SecondFactorReset: Rule(_of_account(SecondFactorReset), **_GONE),
    SignInSession: Rule(_of_account(SignInSession), **_GONE),
    IdempotencyKey: Rule(_of_account(IdempotencyKey), **_GONE),
    BackgroundTask: Rule(lambda person_id: BackgroundTask.asked_by.in_(_accounts(person_id)), **_GONE),
    Delivery: Rule(
        lambda person_id: or_(Delivery.person_id == person_id, Delivery.account_id.in_(_accounts(person_id))), **_GONE
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
    StoredFile: Rule(_own(StoredFile), **_GONE),
    CalendarFeed: Rule(_of_account(CalendarFeed), **_GONE),
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
    ShopAlias: Rule(_of_shop(ShopAlias), **_GONE),
    Product: Rule(_of_shop(Product), **_GONE),
    **{model: Rule(_of_batch(model), **_GONE) for model in (LivestreamVersion, OrderLineVersion, SettlementVersion)},
    ImportRow: Rule(_of_batch(ImportRow), **_GONE),
    ImportBatch: Rule(_of_shop(ImportBatch), **_GONE),
    Shop: Rule(
        _own(Shop), blank={"name": ERASED_NAME, "account_uid": None, "opened_on": None}, keep={"platform": "counts"}
    ),
    Review: Rule(
        lambda person_id: Review.assignment_id.in_(_assignments(person_id)),
        keep={"draft": "the levels: the ranking can be reckoned again; its words are blanked"},
    ),
    ReviewVersion: Rule(
        lambda person_id: ReviewVersion.assignment_id.in_(_assignments(person_id)),
        blank={"strengths": "", "risks": "", "reason": ""},
        keep={"levels": "the ranking can be reckoned again"},
    ),
    Application: Rule(_own(Application), blank={"plan": ""}, keep={"code": _CODE}),
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


@dataclass(frozen=True)
class Erased:
    """What was done; `files` are to be deleted from the storage once the act is committed."""

    files: tuple[str, ...]
    rows: Mapping[str, int]


def erase_person(person_id: int, *, why: str, by: Actor, at: datetime) -> Erased:
    """Take every value of hers out, of every record that was put together with hers too; doing it twice is harmless.
    Raises ErasureBlocked, NotFound.

    `why`: `request` or `retention`. The caller commits, then lets `services.file.delete_files` have the files.
    """
    take_turns(LockKey.ROSTER)  # a list that is being taken in writes of her what nobody would find afterwards
    person = db.session.scalar(select(Person).where(Person.id == person_id).with_for_update())
    if person is None:
        raise NotFound()
    if person.erased_at:
        return Erased((), {})
    if blocks := list_blocks(person_id, at=at):
        raise ErasureBlocked(where="、".join(blocks))
    hers = [db.session.get(Person, id_, with_for_update=True) for id_ in (person_id, *list_merged(person_id))]
    done = {record.id: _erase(record, at=at) for record in hers if record.erased_at is None}
    for id_, erased in done.items():
        told = {"why": why, "rows": erased.rows, "files": len(erased.files)}
        audit.record("person.erase", "person", id_, by=by, at=at, **told)
    files = tuple(name for erased in done.values() for name in erased.files)
    return Erased(files, sum((Counter(erased.rows) for erased in done.values()), Counter()))


def _erase(person: Person, *, at: datetime) -> Erased:
    """One record of hers."""
    person_id = person.id
    files = _take_out_products(person_id)
    staged = _delete_staged(person)
    devices, messages = _devices(person_id), _messages(person_id)
    files += db.session.scalars(select(StoredFile.stored_as).where(StoredFile.person_id == person_id)).all()
    _blank_drafts(person_id)
    _forget_help(person)
    rows = {model.__tablename__: _apply(model, rule, person_id) for model, rule in RULES.items()}
    db.session.execute(update(RoleGrant).where(_of_account(RoleGrant)(person_id)).values(revoked_at=at))
    db.session.execute(update(Person).where(Person.id == person_id).values(erased_at=at, updated_at=at))
    _delete_unused(Device, devices, SignInSession.device_id)
    _delete_unused(Message, messages, Delivery.message_id)
    db.session.expire_all()
    rows = {name: count for name, count in (rows | {"import_rows": rows["import_rows"] + staged}).items() if count}
    return Erased(tuple(files), rows)


def _apply(model: type, rule: Rule, person_id: int) -> int:
    which = rule.rows(person_id)
    if not rule.delete and not rule.blank:
        return 0
    act = delete(model) if rule.delete else update(model).values(dict(rule.blank))
    return db.session.execute(act.where(which).execution_options(synchronize_session=False)).rowcount


def _take_out_products(person_id: int) -> list[str]:
    """Files of background tasks that she asked for, or that may name her."""
    # What is being written at this moment names her too: its worker finds it taken away, and begins it anew without her.
    written = (
        BackgroundTask.state == TaskState.RUNNING,
        BackgroundTask.kind.in_(MADE_ANEW),
    )
    again = update(BackgroundTask).where(*written).values(state=TaskState.WAITING)
    db.session.execute(again.execution_options(synchronize_session=False))
    which = or_(BackgroundTask.asked_by.in_(_accounts(person_id)), BackgroundTask.kind.in_(NAMING_TASKS))
    made = db.session.execute(
        select(StoredFile.id, StoredFile.stored_as)
        .join(BackgroundTask, BackgroundTask.file_id == StoredFile.id)
        .where(which, StoredFile.purpose == FilePurpose.TASK_PRODUCT)
    ).all()
    ids = [row.id for row in made]
    unlink = update(BackgroundTask).where(BackgroundTask.file_id.in_(ids)).values(file_id=None)
    db.session.execute(unlink.execution_options(synchronize_session=False))
    db.session.execute(delete(StoredFile).where(StoredFile.id.in_(ids)).execution_options(synchronize_session=False))
    return [row.stored_as for row in made]


_OF_LISTS = ImportBatch.cohort_id.is_not(None) | ImportBatch.programme_id.is_not(None)


def _delete_staged(person: Person) -> int:
    """What rosters, past lists and files of marks said of her, taken in or not, goes row by row; a name in a file's name
    as well."""
    rows = db.session.execute(
        select(ImportRow.id, ImportRow.action, ImportRow.content, ImportRow.target_id, ImportBatch.kind)
        .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
        .where(_OF_LISTS)
    ).yield_per(1000)
    hers = set(db.session.scalars(_enrolments(person.id)))
    going = [row.id for row in rows if row.target_id in hers or _tells_of(person, row, hers)]
    for start in range(0, len(going), 500):
        db.session.execute(delete(ImportRow).where(ImportRow.id.in_(going[start : start + 500])))
    named = _OF_LISTS & ImportBatch.filename.contains(person.name, autoescape=True)
    nameless = func.replace(ImportBatch.filename, person.name, "…")
    db.session.execute(update(ImportBatch).where(named).values(filename=nameless, version=ImportBatch.version + 1))
    return len(going)


def _tells_of(person: Person, row, hers: set[int]) -> bool:
    """A row for her, one that was compared with her, or one that gives her name with a number of hers or none at all."""
    if row.kind is ImportKind.MARKS:
        return _mark_tells_of(person, mark_from_content(row.action, row.content), hers)
    planned = from_content(row.action, row.content)
    said = planned.row
    if planned.person_id == person.id or (said.id_number and said.id_number == person.id_number):
        return True
    same_phone = said.phone is not None and said.phone == person.phone
    return said.name == person.name and (same_phone or (said.phone is None and said.id_number is None))


def _mark_tells_of(person: Person, planned, hers: set[int]) -> bool:
    if hers & {planned.enrolment_id, *planned.might_be}:
        return True
    digits = planned.row.digits
    same_phone = bool(digits and person.phone and person.phone.endswith(digits))
    return (len(digits) > 4 and same_phone) or (planned.row.name == person.name and (not digits or same_phone))


def _forget_help(person: Person) -> None:
    """Sign-ups that she filled in for others stay, without her; numbers of helpers have no index."""
    helped = select(SignUp.id, SignUp.helper_phone).where(SignUp.helper_phone.is_not(None))
    by_her = [id_ for id_, phone in db.session.execute(helped) if phone == person.phone]
    nobody = update(SignUp).where(SignUp.id.in_(by_her)).values(helper_name=None, helper_phone=None)
    db.session.execute(nobody.execution_options(synchronize_session=False))


def _devices(person_id: int) -> list[int]:
    found = select(SignInSession.device_id).where(_of_account(SignInSession)(person_id))
    return [id_ for id_ in db.session.scalars(found) if id_ is not None]


def _messages(person_id: int) -> list[int]:
    """Those she has, and notices about her: they link to her page."""
    to_her = select(Delivery.message_id).where(RULES[Delivery].rows(person_id))
    about_her = select(Message.id).where(Message.link.in_([f"/people/{person_id}", f"/people/{person_id}/data"]))
    gone = list(db.session.scalars(about_her))
    db.session.execute(delete(Delivery).where(Delivery.message_id.in_(gone)))
    return [*gone, *db.session.scalars(to_her)]


def _delete_unused(model: type, ids: list[int], used_in) -> None:
    """Those of `ids` that no row of another's refers to."""
    still = select(used_in).where(used_in.in_(ids))
    unused = delete(model).where(model.id.in_(ids), model.id.not_in(still))
    db.session.execute(unused.execution_options(synchronize_session=False))


def _blank_drafts(person_id: int) -> None:
    """What evaluators were writing about her; the levels stay."""
    for review in db.session.scalars(select(Review).where(Review.assignment_id.in_(_assignments(person_id)))):
        review.draft = review.draft | {"strengths": "", "risks": ""}
    db.session.flush()

"""A woman's whole life in the system, made of values that are found again in whatever they leak into."""

import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Enum, LargeBinary

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Actor, Role
from trainer.domain.anomaly import AnomalyCheck, AnomalyState
from trainer.domain.at_risk import ContactOutcome
from trainer.domain.attendance import AttendanceStatus, NewMark
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState
from trainer.domain.background_task import TaskKind
from trainer.domain.consent import NOTICE_VERSION, ConsentChannel, ConsentScope
from trainer.domain.course_task import HandInState
from trainer.domain.data_request import RequestKind
from trainer.domain.disclosure import DisclosureReason
from trainer.domain.field_visit import FactKind, FactSource
from trainer.domain.file import FilePurpose
from trainer.domain.follow_up import FollowUpKind, FollowUpOutcome, FollowUpPurpose
from trainer.domain.imports import BatchState, ImportKind, RowAction
from trainer.domain.panel import ConflictKind
from trainer.domain.roster import RosterRow
from trainer.domain.roster_plan import PlannedRow, to_content
from trainer.domain.sales_entry import EntryState
from trainer.domain.sales_upload import UploadState
from trainer.domain.selection import ReferralKind, SheetDraft
from trainer.domain.sign_up import SignUpState
from trainer.domain.survey import SheetState, Wave
from trainer.models import (
    Account,
    Anomaly,
    AnomalyEvent,
    Application,
    ApplicationFile,
    Assessment,
    AssessmentScore,
    AttendanceRequest,
    BackgroundTask,
    Certificate,
    CompletionException,
    Consent,
    Contact,
    CourseTask,
    DisclosedPerson,
    Disclosure,
    DonationFund,
    DonationPayment,
    DonationPledge,
    FieldVisit,
    FollowUp,
    HandIn,
    Honour,
    ImportBatch,
    ImportRow,
    Livestream,
    LivestreamVersion,
    OrderLine,
    OrderLineVersion,
    PaidWork,
    PaperEntry,
    Person,
    Product,
    Referral,
    SalesEntry,
    SalesUpload,
    ServiceEntry,
    Settlement,
    SettlementVersion,
    Shop,
    ShopAlias,
    SignUp,
    SpotCheck,
    SpotCheckDraw,
    SurveyAnswer,
    SurveySheet,
    VisitFact,
    VisitPicture,
    VisitQuestion,
    VisitStay,
    WalkIn,
)
from trainer.queries.account import get_account_of_person, get_actor
from trainer.services import background_task as tasks
from trainer.services import conflict as conflicts
from trainer.services import data_request as requests
from trainer.services import file as files
from trainer.services import message, roll, trainee_access
from trainer.services import round as rounds
from trainer.services import selection as chosen
from trainer.services import session as sessions
from trainer.services.roster_commit import stored_values


@dataclass(frozen=True)
class Values:
    """What is hers and nobody else's."""

    name: str
    phone: str
    id_number: str
    village: str
    mark: str  # stands in every free text of hers

    @property
    def all(self) -> tuple[str, ...]:
        return self.name, self.phone, self.id_number, self.village, self.mark


HERS = Values("欧阳菊兰", "14000007101", "140299198703150022", "杏花岭村", "菊香")
OTHERS = Values("慕容翠屏", "14000007202", "140299199005200023", "石榴沟村", "屏秀")


def live(values: Values, made: selections.Made, woman: int) -> Person:
    """Fill what the `woman`-th of a closed selection has with `values`."""
    enrolment = made.enrolments[woman]
    person_id, staff = enrolment.person_id, made.by
    with transaction() as session:
        person = session.get(Person, person_id)
        kept = {"id_number": values.id_number, "phone": values.phone, "name": values.name}
        for name, value in stored_values(kept).items():
            setattr(person, name, value)
        person.village = person.township = values.village
        person.business, person.note, person.birth_year = f"{values.mark}手工", f"{values.mark}的备注", 1987
        person.ethnicity, person.education = f"{values.mark}族", f"{values.mark}学"
        code = trainee_access.issue_code_for(person, by=staff, at=AT)
        assert code
    account = get_account_of_person(person_id)
    me = get_actor(account)
    with transaction() as session:
        sessions.open_session(session.get(Account, account.id), at=AT, life=timedelta(days=90), is_device=True)
    _consents(values, person_id, staff)
    _shop(values, person_id, staff)
    _roster(values, enrolment, made, staff)
    _requests(values, person_id, me, staff)
    _training(values, enrolment, made, staff)
    _course(values, enrolment, made)
    _afterwards(values, enrolment, staff)
    _application(values, enrolment, made, staff)
    return person


def _training(values: Values, enrolment, made: selections.Made, staff) -> None:
    """A lesson with a mark, a leave, a call, a spot check, and the day she stood at the door."""
    lesson = factories.lesson(made.cohort)
    hers = {"lesson_id": lesson.id, "enrolment_id": enrolment.id}
    with transaction() as session:
        nonce, device = f"life {enrolment.id}", Actor(staff.account_id, staff.name, device="abcdef0123456789")
        new = NewMark(enrolment.id, AttendanceStatus.PRESENT, nonce)
        roll.record_marks(lesson.id, [new], by=device, at=AT, reason=f"{values.mark}来了")
        asked = {"nonce": nonce, "asked_at": AT, "lesson_starts_at": lesson.starts_at}
        leave = AttendanceRequest(kind=AttendanceRequestKind.LEAVE, wished=AttendanceStatus.EXCUSED, **hers, **asked)
        leave.words, leave.answer = f"{values.mark}家里有事", f"{values.mark}准假"
        leave.state, leave.decided_at = AttendanceRequestState.GRANTED, AT
        words = f"{values.mark}说会来"
        contact = Contact(enrolment_id=enrolment.id, outcome=ContactOutcome.WILL_COME, words=words, at=AT)
        draw = SpotCheckDraw(cohort_id=made.cohort.id, seed=1, eligible=1, drawn=1, at=AT)
        stored = stored_values({"id_number": None, "phone": values.phone, "name": values.name})
        walk_in = WalkIn(lesson_id=lesson.id, number=1, name=values.name, nonce=nonce, at=AT)
        walk_in.phone, walk_in.phone_index = values.phone, stored["phone_index"]
        session.add_all([leave, contact, draw, walk_in])
        session.flush()
        note = f"{values.mark}记得"
        session.add(SpotCheck(draw_id=draw.id, reported=AttendanceStatus.PRESENT, note=note, **hers))


def _afterwards(values: Values, enrolment, staff) -> None:
    """Asked, called, and paying somebody."""
    named = f"{values.mark}以后"
    asked = {"due_on": AT.date(), "opened_at": AT, "answered_on": AT.date(), "answered_at": AT, "reason": named}
    taken = {"at": AT, "by": staff.account_id, "taken_back_because": named}
    with transaction() as session:
        sheet = SurveySheet(enrolment_id=enrolment.id, wave=Wave.DAY_30, state=SheetState.ANSWERED, **asked)
        call = FollowUp(enrolment_id=enrolment.id, kind=FollowUpKind.CALL, purpose=FollowUpPurpose.ADVICE, **taken)
        call.outcome, call.day, call.minutes, call.words = FollowUpOutcome.SPOKEN, AT.date(), 5, named
        call.nonce = f"call-{enrolment.id}"
        work = PaidWork(person_id=enrolment.person_id, worker=named, is_woman=True, is_seasonal=False, **taken)
        work.from_on, work.until_on, work.paid_days, work.nonce = AT.date(), AT.date(), 1, f"work-{enrolment.id}"
        session.add_all([sheet, call, work])
        session.flush()
        session.add(SurveyAnswer(sheet_id=sheet.id, question="profit", entry=1, number=100, choices="a", at=AT))


def _course(values: Values, enrolment, made: selections.Made) -> None:
    """How she came in, what she handed in and was marked with, her certificate, her help, and an honour."""
    mark, hers = values.mark, {"enrolment_id": enrolment.id}
    kept = stored_values({"id_number": values.id_number, "phone": values.phone, "name": values.name})
    numbers = {name: kept[name] for name in ("name", "phone", "phone_index", "id_number", "id_number_index")}
    nonce, cohort_id = f"course-{enrolment.id}", made.cohort.id
    with transaction() as session:
        sign_up = SignUp(cohort_id=cohort_id, state=SignUpState.SETTLED, code_index=nonce, nonce=nonce, at=AT, **hers)
        for name, value in numbers.items():
            setattr(sign_up, name, value)
        sign_up.region_code, sign_up.village, sign_up.answer_by = made.cohort.region_code, values.village, "call"
        sign_up.helper_name, sign_up.helper_phone, sign_up.notice_version = f"{mark}妹", values.phone, NOTICE_VERSION
        task = CourseTask(cohort_id=cohort_id, title="直播", kind="broadcast", proof="either", created_at=AT)
        exam = Assessment(cohort_id=cohort_id, name="理论", kind="theory", max_score=10000, held_on=AT.date())
        exam.created_at = AT
        session.add_all([sign_up, task, exam])
        session.flush()
        done = HandIn(course_task_id=task.id, number=1, state=HandInState.PASSED, nonce=nonce, at=AT, **hers)
        done.words, done.link, done.helper_name, done.remark = (
            f"{mark}播了",
            f"https://{mark}",
            f"{mark}儿",
            f"{mark}好",
        )
        score = AssessmentScore(assessment_id=exam.id, score=9000, reason=f"{mark}补考", at=AT, **hers)
        exception = CompletionException(
            state="refused", reason=f"{mark}病了", answer=f"{mark}不行", proposed_at=AT, **hers
        )
        certificate = Certificate(number=nonce, state="revoked", name=values.name, issued_on=AT.date(), **hers)
        certificate.issued_at, certificate.end_reason = AT, f"{mark}写错"
        certificate.content = json.dumps({"name": values.name}, ensure_ascii=False)
        helped = {"kind": "peer_help", "day": AT.date(), "minutes": 60, "nonce": nonce, "entered_at": AT}
        entry = ServiceEntry(person_id=enrolment.person_id, state="refused", **helped)
        entry.words, entry.answer = f"{mark}帮忙", f"{mark}没凭证"
        honour = Honour(year=2026, kind="person", title="带头人", person_id=enrolment.person_id, entered_at=AT)
        honour.region_code, honour.citation = made.cohort.region_code, f"{mark}的事迹"
        session.add_all([done, score, exception, certificate, entry, honour])


def _consents(values: Values, person_id: int, staff) -> None:
    with transaction() as session:
        scan = files.keep_file(
            f"扫描{values.mark}".encode(),
            f"{values.name}.jpg",
            "image/jpeg",
            purpose=FilePurpose.CONSENT_SCAN,
            by=staff,
            at=AT,
            person_id=person_id,
        )
        facts = {"scope": ConsentScope.BASIC, "notice_version": NOTICE_VERSION, "channel": ConsentChannel.PAPER}
        session.add(Consent(person_id=person_id, evidence_id=scan.id, given_at=AT, **facts))


def _shop(values: Values, person_id: int, staff) -> None:
    with transaction() as session:
        shop = Shop(person_id=person_id, platform="kuaishou", name=f"{values.mark}小店", created_at=AT)
        shop.account_uid = f"uid-{values.mark}"
        session.add(shop)
        session.flush()
        batch = ImportBatch(
            kind=ImportKind.SALES,
            shop_id=shop.id,
            filename=f"{values.mark}订单.xlsx",
            sha256="0" * 64,
            state=BatchState.COMMITTED,
            summary={"accounts": [f"uid-{values.mark}"]},
            created_at=AT,
        )
        session.add(batch)
        session.flush()
        session.add(
            ImportRow(
                batch_id=batch.id,
                row_number=1,
                action=RowAction.NEW,
                content=json.dumps({"product": values.mark}, ensure_ascii=False),
                problems=[],
                warnings=[],
            )
        )
        order = {"order_key": f"o-{values.mark}", "product": f"{values.mark}布鞋", "status": "received", "trust": 3}
        of_batch = {"shop_id": shop.id, "platform": "kuaishou", "batch_id": batch.id}
        session.add(OrderLine(**of_batch, **order, natural_key=f"k-{values.mark}", paid_fen=12300, paid_at=AT))
        live_one = {"title": f"{values.mark}直播", "started_at": AT, "gmv_fen": 100, "trust": 2}
        session.add(Livestream(**of_batch, **live_one, natural_key=f"l-{values.mark}"))
        _said(session, values, batch.id, order, live_one)
        _around_sales(session, values, shop, person_id, staff)


def _said(session, values: Values, batch_id: int, order: dict, live_one: dict) -> None:
    """What the file said of the same rows."""
    money = {"income_fen": 12300, "refund_fen": 0, "fees_fen": 300, "settled_fen": 12000}
    flow = {"natural_key": f"s-{values.mark}", "order_key": f"o-{values.mark}", "settled_at": AT, **money}
    shop_id = session.get(ImportBatch, batch_id).shop_id
    session.add(Settlement(shop_id=shop_id, platform="kuaishou", batch_id=batch_id, **flow))
    said = {"batch_id": batch_id, "action": RowAction.NEW, "before": json.dumps({"product": values.mark})}
    session.add(SettlementVersion(**said, **flow, row_number=1))
    session.add(LivestreamVersion(**said, **live_one, natural_key=f"l-{values.mark}", row_number=1))
    session.add(OrderLineVersion(**said, **order, natural_key=f"k-{values.mark}", row_number=1))


def _around_sales(session, values: Values, shop: Shop, person_id: int, staff) -> None:
    """What was typed, looked at, sorted and given around a shop."""
    named = f"{values.mark}…"
    picture = files.keep_file(
        f"截图{values.mark}".encode(),
        f"{named}.png",
        "image/png",
        purpose=FilePurpose.SALES_PICTURE,
        by=staff,
        at=AT,
        person_id=person_id,
    )
    session.add(ShopAlias(shop_id=shop.id, name=named, created_at=AT))
    typed = {"state": EntryState.SUBMITTED, "started_at": AT, "gmv_fen": 100, "nonce": f"e-{person_id}"}
    session.add(
        SalesEntry(
            shop_id=shop.id, picture_id=picture.id, entered_at=AT, entered_by=staff.account_id, answer=named, **typed
        )
    )
    session.add(Product(shop_id=shop.id, key=named, name=named))
    found = Anomaly(
        shop_id=shop.id, check=AnomalyCheck.BURST, subject=named, state=AnomalyState.EXPLAINED, weight=1.0, found_at=AT
    )
    found.evidence, found.words, found.reason = {"values": {"product": named}}, named, named
    session.add(found)
    session.flush()
    session.add(
        AnomalyEvent(anomaly_id=found.id, state=AnomalyState.EXPLAINED, words=named, at=AT, by=staff.account_id)
    )
    fund = DonationFund(region_code="140215", name=f"基金{shop.id}", created_at=AT)
    session.add(fund)
    session.flush()
    session.add(DonationPledge(fund_id=fund.id, shop_id=shop.id, per_order_fen=10, starts_on=AT.date(), created_at=AT))
    paid = {"fund_id": fund.id, "shop_id": shop.id, "amount_fen": 100, "paid_on": AT.date(), "recorded_at": AT}
    session.add(DonationPayment(**paid, evidence_id=picture.id, note=named, reason=named))
    kept = {"bundle": f"b{shop.id}", "filename": f"{named}.xlsx", "sha256": "4" * 64, "uploaded_at": AT}
    session.add(SalesUpload(shop_id=shop.id, state=UploadState.REFUSED, problem={"columns": named}, **kept))


def _roster(values: Values, enrolment, made, staff) -> None:
    row = RosterRow(row=1, name=values.name, phone=values.phone, id_number=values.id_number, village=values.village)
    with transaction() as session:
        batch = ImportBatch(
            kind=ImportKind.ROSTER,
            cohort_id=made.cohort.id,
            filename=f"{values.name}名册.xlsx",
            sha256="1" * 64,
            state=BatchState.COMMITTED,
            summary={"counts": {}},
            created_at=AT,
        )
        session.add(batch)
        session.flush()
        for number, (action, target) in enumerate(((RowAction.NEW, enrolment.id), (RowAction.REJECTED, None)), 1):
            session.add(
                ImportRow(
                    batch_id=batch.id,
                    row_number=number,
                    action=action,
                    content=to_content(PlannedRow(row, action)),
                    problems=[],
                    warnings=[],
                    target_id=target,
                    before=json.dumps({"old": values.village}, ensure_ascii=False) if target else None,
                )
            )


def _requests(values: Values, person_id: int, me, staff) -> None:
    with transaction() as session:
        requests.ask(
            RequestKind.CORRECT,
            person_id,
            words=f"我叫{values.name}",
            wished={"village": values.village},
            channel=ConsentChannel.ONLINE,
            by=me,
            at=AT,
            due_in_days=30,
        )
        look = Disclosure(account_id=staff.account_id, at=AT, fields=["phone"], reason=DisclosureReason.CALL_HER)
        look.note = f"给{values.name}打电话"
        session.add(look)
        session.flush()
        session.add(DisclosedPerson(disclosure_id=look.id, person_id=person_id))
        message.notify("request_answered", to_people=[person_id], link="/me/data", by=staff, at=AT, words=values.mark)
    product(TaskKind.PEOPLE_EXPORT, f"名单{values.mark}", staff)


def product(kind: TaskKind, content: str, by) -> None:
    """A finished background task with its file."""
    with transaction() as session:
        task_id = tasks.ask_for_task(kind, content, {}, by=by, at=AT)
        made = files.keep_file(
            content.encode(), "名单.xlsx", "x", purpose=FilePurpose.TASK_PRODUCT, by=by, at=AT, expires_at=AT
        )
        task = session.get(BackgroundTask, task_id)
        task.file_id, task.state, task.key = made.id, "done", f"done {task_id}"


def _application(values: Values, enrolment, made: selections.Made, staff) -> None:
    """A picture of her application, what the money is for, and where she was led to."""
    with transaction() as session:
        hers = (Application.selection_id == made.selection_id, Application.person_id == enrolment.person_id)
        application = session.scalar(db.select(Application).where(*hers))
        application.title = application.blind_title = f"{values.mark}的店"
        application.amount_fen, application.uses = 100, [{"item": f"{values.mark}的烤箱", "amount_fen": 100}]
        kept = {"purpose": FilePurpose.APPLICATION_FILE, "person_id": enrolment.person_id, "by": staff, "at": AT}
        stored = files.keep_file(values.mark.encode(), "a.jpg", "image/jpeg", **kept)
        session.add(
            ApplicationFile(
                application_id=application.id, position=90, file_id=stored.id, words=f"{values.mark}的店面", added_at=AT
            )
        )
        session.add(
            Referral(
                application_id=application.id,
                kind=ReferralKind.MENTOR,
                to_whom=f"{values.mark}的导师",
                note=f"{values.mark}下周去",
                at=AT,
                outcome=f"{values.mark}去了",
                outcome_at=AT,
            )
        )
    _visit(values, application.id, enrolment.person_id, made)


def _visit(values: Values, application_id: int, person_id: int, made: selections.Made) -> None:
    """Somebody was at her place: what was found, what stands, a picture, and where the phone was."""
    judge, at = made.evaluators[0], {"found_at": AT, "received_at": AT}
    with transaction() as session:
        question = VisitQuestion(round_id=made.round_id, position=application_id, words="在哪里", kind=FactKind.WORDS)
        visit = FieldVisit(round_id=made.round_id, application_id=application_id, words=f"{values.mark}家，找她")
        session.add_all([question, visit])
        session.flush()
        here = {"visit_id": visit.id, "account_id": judge.id}
        said = VisitFact(question_id=question.id, value=f"{values.mark}店", nonce=f"fact-{visit.id}", **here, **at)
        settled = VisitFact(question_id=question.id, value=f"{values.village}店", nonce=f"set-{visit.id}", **here, **at)
        settled.source, settled.reason = FactSource.SETTLED, f"{values.mark}的执照"
        stay = VisitStay(arrived_at=AT, signed_at=AT, nonce=f"stay-{visit.id}", **here)
        stay.latitude, stay.longitude, stay.accuracy_m = 40.0768, 113.3001, 12
        kept = {"purpose": FilePurpose.VISIT_PICTURE, "person_id": person_id, "by": made.by, "at": AT}
        stored = files.keep_file(f"店{values.mark}".encode(), "v.jpg", "image/jpeg", **kept)
        picture = VisitPicture(
            file_id=stored.id, words=f"{values.mark}店面", taken_at=AT, nonce=f"pic-{visit.id}", **here
        )
        session.add_all([said, settled, stay, picture])


def closed_selection(women: int = 2) -> selections.Made:
    """Two women whose applications were read and ranked, for good; what evaluators wrote names them."""
    made = selections.ready(women=women)
    for woman, application in enumerate(made.applications()):
        values = (HERS, OTHERS)[woman]
        with transaction():
            chosen.set_plan(application.id, application.version, f"{values.mark}的计划", by=made.by, at=AT)
    made.act(rounds.open_round)
    for woman in range(women):
        values = (HERS, OTHERS)[woman]
        for evaluator in range(len(made.evaluators)):
            made.submit(woman, evaluator, 1 + woman, 2, strengths=f"{values.mark}很好", risks=f"{values.mark}没有")
        _paper(made.assignment(woman, 0).id, values, made.by)
    made.act(rounds.close_round)
    made.freeze()
    for woman in range(women):
        _conflict((HERS, OTHERS)[woman], made, woman)
    return made


def _conflict(values: Values, made: selections.Made, woman: int) -> None:
    """Raised, disputed and decided, each time with words that name her."""
    pair = (made.applications()[woman].id, made.evaluators[0].id)
    judge, decider = get_actor(made.evaluators[0]), factories.actor(Role.MANAGER)
    with transaction():
        raised = conflicts.raise_conflict(*pair, ConflictKind.FAMILY, f"{values.mark}的表姐", by=made.by, at=AT)
        conflicts.dispute(raised.id, f"不认识{values.mark}", by=judge, at=AT)
        conflicts.decide(raised.id, raised.version, False, f"{values.mark}家里核实过", by=decider, at=AT)


def _paper(assignment_id: int, values: Values, by) -> None:
    """A sheet typed from paper once, with what its evaluator wrote."""
    content = SheetDraft({"c1": 2}, f"{values.mark}很好", f"{values.mark}没有").as_json()
    with transaction() as session:
        entry = PaperEntry(assignment_id=assignment_id, entry=1, content=content, entered_by=by.account_id)
        entry.entered_at = AT
        session.add(entry)


def decrypted() -> list[tuple[str, str]]:
    """(table.column, text) of every cell as the application reads it."""
    cells = []
    for table in db.metadata.sorted_tables:
        if table.name == "regions":
            continue
        for row in db.session.execute(db.select(table)).mappings():
            for column in table.columns:
                value = row[column.name]
                if value is not None and not isinstance(column.type, Enum | LargeBinary):
                    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
                    cells.append((f"{table.name}.{column.name}", text))
    return cells


def found(values: Values, cells: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Where which of her values still stands."""
    return {(where, value) for where, text in cells for value in values.all if value in text}

"""Small makers of rows for tests: each gives something valid and takes what the test is about."""

import io
import itertools
import random
import re
from datetime import UTC, date, datetime, timedelta

from PIL import Image

from trainer.crypto import hash_password, keyring
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Actor, Grant, Role
from trainer.domain.anomaly import AnomalyCheck, AnomalyState
from trainer.domain.attendance import LessonKind, LessonState
from trainer.domain.certificate import CertificateFacts, CertificateState
from trainer.domain.consent import NOTICE_VERSION, ConsentChannel, ConsentScope
from trainer.domain.cost import CostKind
from trainer.domain.county_indicator import IndicatorKind
from trainer.domain.course_task import HandInState
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.domain.file import FilePurpose
from trainer.domain.follow_up import FollowUpKind, FollowUpOutcome, FollowUpPurpose
from trainer.domain.honour import HonourKind
from trainer.domain.lesson_file import LessonFileKind
from trainer.domain.programme import ExcusedCounts, Track
from trainer.domain.roll_check import RollCheckKind
from trainer.domain.sales_entry import Typed
from trainer.domain.sales_period import PeriodStage, level_of
from trainer.domain.service_hours import ServiceKind, ServiceState
from trainer.domain.survey import SheetState as SurveyState
from trainer.domain.survey import Wave
from trainer.models import (
    Account,
    Anomaly,
    AttendanceRequest,
    Certificate,
    Cohort,
    CohortCost,
    ColumnMapping,
    CompletionRuleVersion,
    Consent,
    CourseTask,
    DataRequest,
    Enrolment,
    EnrolmentEvent,
    FollowUp,
    HandIn,
    Honour,
    Lesson,
    Livestream,
    OrderLine,
    PaidWork,
    PaperSheet,
    Person,
    Programme,
    RoleGrant,
    SalesPeriod,
    SecondFactor,
    SecondFactorReset,
    ServiceEntry,
    Shop,
    SignUp,
    SurveySheet,
    WalkIn,
)
from trainer.models.county_indicator import IndicatorReading, MentorPosting, MentorVisit
from trainer.models.lesson import LessonFile
from trainer.models.roll_check import RollCheck
from trainer.models.site import Site
from trainer.models.spot_check import SpotCheck, SpotCheckDraw
from trainer.pinyin import name_initials, name_pinyin
from trainer.queries.account import get_actor
from trainer.services import enrolment as enrolments
from trainer.services import person_merge as merges
from trainer.services import sales_entry as entries
from trainer.services import session as sessions
from trainer.services.file import keep_file
from trainer.services.picture_look import look_at
from trainer.services.sales_entry_picture import Picture

AT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)  # 9:00 in China
SHANXI, DATONG, YUNZHOU, LINFEN = "140000", "140200", "140215", "141000"
PASSWORD = "Tall-Trees-99"
_hashes: dict[str, str] = {}
_numbers = itertools.count(1)


def _save(*rows):
    with transaction() as session:
        session.add_all(rows)
    return rows[0]


def account(
    *roles: Role, region: str | None = None, cohort: Cohort | None = None, person: Person | None = None, **values
):
    """An account holding `roles`, each limited to `region` or `cohort`."""
    number = next(_numbers)
    if PASSWORD not in _hashes:
        _hashes[PASSWORD] = hash_password(PASSWORD)
    row = Account(
        **{
            "username": None if person else f"user{number}",
            "name": person.name if person else f"王{number}",
            "password_hash": None if person else _hashes[PASSWORD],
            "password_set_at": None if person else datetime.now(UTC),
            "person_id": person.id if person else None,
            "created_at": AT,
            **values,
        }
    )
    _save(row)
    limit = {"region_code": region, "cohort_id": cohort.id if cohort else None}
    if roles:
        _save(*(RoleGrant(account_id=row.id, role=role, granted_at=AT, **limit) for role in roles))
    return row


def actor(*roles: Role, **values) -> Actor:
    return get_actor(account(*roles, **values))


def actor_of(row: Account) -> Actor:
    return get_actor(row)


def session_token(row: Account) -> str:
    """A live session of `row`, as the cookie holds it."""
    is_device = row.person_id is not None
    with transaction():
        fresh = db.session.get(Account, row.id)
        return sessions.open_session(fresh, at=datetime.now(UTC), life=timedelta(hours=12), is_device=is_device)


def person(
    name: str = "王秀芳", *, phone: str | None = None, id_number: str | None = None, region: str = YUNZHOU, **values
):
    number = next(_numbers)
    phone = phone or f"1400000{number:04d}"
    return _save(
        Person(
            **{
                "name": name,
                "name_pinyin": name_pinyin(name),
                "name_initials": name_initials(name),
                "sex": "F",
                "phone": phone,
                "phone_index": keyring().blind_index("phone", phone),
                "id_number": id_number,
                "id_number_index": keyring().blind_index("id_number", id_number) if id_number else None,
                "region_code": region,
                "village": "大西沟村",
                "created_at": AT,
                "updated_at": AT,
                **values,
            }
        )
    )


def programme(name: str | None = None, region: str = SHANXI, **values):
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    name = name or f"她力量乡村振兴帮扶计划{next(_numbers)}"
    return _save(Programme(**{"name": name, "region_code": region, "created_at": AT, **days, **values}))


def cohort(
    code: str | None = None, *, of: Programme | None = None, region: str = DATONG, min_rate_bp: int = 8000, **values
):
    number = next(_numbers)
    row = _save(
        Cohort(
            **{
                "code": code or f"DT-2026-{number:02d}",
                "programme_id": (of or programme()).id,
                "name": f"大同市第{number}期",
                "track": Track.FOUNDATION,
                "region_code": region,
                "place": "大同市云州区巾帼培训基地",
                "starts_on": date(2026, 3, 9),
                "ends_on": date(2026, 3, 13),
                "capacity": 100,
                "teacher_name": "李老师",
                "teacher_phone": "14000009999",
                "created_at": AT,
                **values,
            }
        )
    )
    _save(
        CompletionRuleVersion(
            cohort_id=row.id, number=1, min_rate_bp=min_rate_bp, excused_counts=ExcusedCounts.ABSENT, set_at=AT
        )
    )
    return row


def enrolment(of: Cohort, who: Person | None = None, *, status=EnrolmentStatus.ACTIVE, joined_on: date | None = None):
    who = who or person()
    seat = 1 + (
        db.session.scalar(db.select(db.func.max(Enrolment.seat_number)).where(Enrolment.cohort_id == of.id)) or 0
    )
    row = _save(
        Enrolment(
            cohort_id=of.id, person_id=who.id, seat_number=seat, status=status, joined_on=joined_on or of.starts_on
        )
    )
    _save(EnrolmentEvent(enrolment_id=row.id, status=status, at=AT))
    return row


def lesson(of: Cohort, *, day: int = 0, state: LessonState = LessonState.PLANNED, minutes: int = 180, **values):
    starts = datetime(of.starts_on.year, of.starts_on.month, of.starts_on.day, 1, tzinfo=UTC) + timedelta(days=day)
    closing = {"headcount": 0, "closed_at": starts + timedelta(hours=4)} if state is LessonState.CLOSED else {}
    return _save(
        Lesson(
            **{
                "cohort_id": of.id,
                "title": f"第{day + 1}课 直播入门",
                "kind": LessonKind.LECTURE,
                "starts_at": starts,
                "ends_at": starts + timedelta(hours=3),
                "credit_minutes": minutes,
                "place": of.place,
                "state": state,
                **closing,
                **values,
            }
        )
    )


def shop(of: Person, platform: str = "kuaishou", name: str = "秀芳杂粮", **values):
    return _save(Shop(**{"person_id": of.id, "platform": platform, "name": name, "created_at": AT, **values}))


def trainee(of: Cohort, **values) -> tuple[Enrolment, Account]:
    """A woman on the roll with an account of her own."""
    who = person(**values)
    return enrolment(of, who), account(Role.TRAINEE, person=who)


def data_request(person_id: int, kind: str = "erase", **values) -> DataRequest:
    facts = {"state": "open", "channel": "online", "asked_at": AT, "due_on": date(2026, 4, 9)}
    return _save(DataRequest(**{"person_id": person_id, "kind": kind, **facts, **values}))


def version(client, url: str) -> str:
    """The version that the form at `url` carries: what the person has before her."""
    return re.search(r'name="version"[^>]*value="(\d+)"', client.get(url).text)[1]


def second_factor(of: Account, secret: str = "JBSWY3DPEHPK3PXP" * 2) -> str:
    """An authenticator in force; returns its secret."""
    _save(SecondFactor(account_id=of.id, secret=secret, created_at=AT, confirmed_at=AT))
    return secret


def asked_reset(of: Account, by: Account) -> SecondFactorReset:
    """A second factor that one administrator asked to be taken off."""
    return _save(SecondFactorReset(account_id=of.id, asked_by=by.id, asked_at=AT, reason="手机丢了"))


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), **saving) -> bytes:
    """A photograph, as a phone would send it."""
    out = io.BytesIO()
    Image.new("RGB", size, "#a8243c").save(out, kind, **saving)
    return out.getvalue()


def consent(person_id: int, scope: ConsentScope = ConsentScope.BASIC, **values) -> Consent:
    """One in force, given on a paper that lies here."""
    with transaction():
        scan = keep_file(
            *(picture("JPEG"), "consent.jpg", "image/jpeg"),
            purpose=FilePurpose.CONSENT_SCAN,
            by=SYSTEM,
            at=AT,
            person_id=person_id,
        )
        row = Consent(
            **{
                "person_id": person_id,
                "scope": scope,
                "notice_version": NOTICE_VERSION,
                "channel": ConsentChannel.PAPER,
                "given_at": AT,
                "evidence_id": scan.id,
                **values,
            }
        )
        db.session.add(row)
    return row


__all__ = ["Grant", "Role"]


def attendance_request(lesson: Lesson, enrolment: Enrolment, kind: str = "wrong", **values) -> AttendanceRequest:
    """Asked and not answered."""
    asked = {"lesson_starts_at": lesson.starts_at, "wished": "present", "asked_at": AT}
    ids = {"lesson_id": lesson.id, "enrolment_id": enrolment.id, "nonce": f"{kind} {lesson.id} {enrolment.id}"}
    return _save(AttendanceRequest(**{"kind": kind, **asked, **ids, **values}))


def walk_in(lesson: Lesson, name: str = "冯秀珍", phone: str | None = None, **values) -> WalkIn:
    """Noted and not matched."""
    number = next(_numbers)
    index = keyring().blind_index("phone", phone) if phone else None
    facts = {"number": number, "nonce": f"walk-in {number}", "at": AT, "phone": phone, "phone_index": index}
    return _save(WalkIn(**{"lesson_id": lesson.id, "name": name, **facts, **values}))


def sheet_photo(by: Actor = SYSTEM) -> int:
    """A photograph of a sheet, not used yet."""
    with transaction():
        facts = {"purpose": FilePurpose.SHEET_PHOTO, "by": by, "at": AT}
        return keep_file(picture("JPEG"), "sheet.jpg", "image/jpeg", **facts).id


def paper_sheet(lesson: Lesson, women: list[Enrolment], **values) -> tuple[int, int]:
    """(sheet, photograph) of a first page that waits; everybody signed."""
    facts = {"page": 1, "listed": [woman.id for woman in women], "absent": [], "unsure": [], "entered_at": AT}
    row = _save(PaperSheet(**{"lesson_id": lesson.id, "photo_id": sheet_photo(), **facts, **values}))
    return row.id, row.photo_id


def class_photo(lesson: Lesson) -> int:
    with transaction():
        facts = {"purpose": FilePurpose.CLASS_PHOTO, "by": SYSTEM, "at": AT}
        kept = keep_file(picture("JPEG"), "class.jpg", "image/jpeg", **facts)
    facts = {"kind": LessonFileKind.CLASS_PHOTO, "title": "", "file_id": kept.id, "added_at": AT}
    return _save(LessonFile(lesson_id=lesson.id, **facts)).id


def roll_check(lesson: Lesson) -> int:
    """Found and not answered."""
    facts = {"headcount": 3, "on_the_roll": 1}
    kind = RollCheckKind.HEADCOUNT_DIFFERS
    return _save(RollCheck(lesson_id=lesson.id, kind=kind, facts=facts, found_at=AT)).id


def spot_check(lesson: Lesson, enrolment: Enrolment) -> int:
    """Drawn and not called."""
    draw = _save(SpotCheckDraw(cohort_id=lesson.cohort_id, seed=1, eligible=1, drawn=1, at=AT))
    asked = {"draw_id": draw.id, "enrolment_id": enrolment.id, "lesson_id": lesson.id, "reported": "present"}
    return _save(SpotCheck(**asked)).id


def open_sign_up(cohort: Cohort, **settings) -> Cohort:
    """Women can sign up for it from a week before AT; `settings` by their names in the table."""
    with transaction():
        row = db.session.get(Cohort, cohort.id)
        for name, value in {
            "sign_up_opens_on": date(2026, 3, 1),
            "sign_up_closes_on": date(2026, 3, 12),
            **settings,
        }.items():
            setattr(row, name, value)
    return row


def site(region: str = YUNZHOU, kind: str = "county_point", name: str | None = None, **values) -> Site:
    """Open since the beginning of 2026."""
    facts = {"name": name or f"云州巾帼服务点{next(_numbers)}", "opened_on": date(2026, 1, 1), "created_at": AT}
    return _save(Site(**{"region_code": region, "kind": kind, **facts, **values}))


def service_entry(person_id: int, minutes: int = 90, *, has_picture: bool = False, **values) -> int:
    """Help that waits for an answer, entered by nobody in particular."""
    facts = {"kind": ServiceKind.MENTORING, "day": AT.date(), "nonce": f"help {next(_numbers)}", "entered_at": AT}
    if has_picture:
        with transaction():
            kept = keep_file(
                picture("JPEG"), "help.jpg", "image/jpeg", purpose=FilePurpose.SERVICE_EVIDENCE, by=SYSTEM, at=AT
            )
            facts["evidence_id"] = kept.id
    facts |= {"person_id": person_id, "minutes": minutes, "state": ServiceState.PROPOSED, **values}
    return _save(ServiceEntry(**facts)).id


def honour(person_id: int | None = None, title: str = "年度带头人", **values) -> Honour:
    """Of 2026, published."""
    facts = {"kind": HonourKind.PERSON if person_id else HonourKind.PROJECT, "person_id": person_id, "title": title}
    facts |= {"year": 2026, "region_code": DATONG, "entered_at": AT, "published_at": AT, **values}
    return _save(Honour(**facts))


def person_merge(**values) -> int:
    """Two women put together; returns the merge."""
    kept, gone = person(**values), person(**values)
    with transaction():
        return merges.merge(kept.id, gone.id, seen=(1, 1), reason="同一个人", by=SYSTEM, at=AT).id


def course_task(of: Cohort, title: str = "直播一场", **values) -> CourseTask:
    facts = {"kind": "broadcast", "proof": "either", "min_minutes": 30, "created_at": AT}
    return _save(CourseTask(cohort_id=of.id, title=title, **facts | values))


def hand_in(task: CourseTask, enrolment: Enrolment, state: str = "handed_in", number: int = 1, **values) -> HandIn:
    facts = {"nonce": f"hand-in-{next(_numbers)}", "link": "https://v.kuaishou.com/x", "minutes": 40, "at": AT}
    ids = {"course_task_id": task.id, "enrolment_id": enrolment.id}
    return _save(HandIn(**ids, state=HandInState(state), number=number, **facts | values))


def sign_up(
    of: Cohort, name: str = "郭美玲", *, phone: str | None = None, id_number: str | None = None, **values
) -> int:
    """Sent by herself a day before AT, and not answered."""
    number = next(_numbers)
    phone, keys = phone or f"1410000{number:04d}", keyring()
    facts = {"state": "open", "code_index": f"code {number}", "nonce": f"sign-up {number}", "answer_by": "call"}
    facts |= {"phone": phone, "phone_index": keys.blind_index("phone", phone), "id_number": id_number}
    facts["id_number_index"] = keys.blind_index("id_number", id_number) if id_number else None
    facts |= {
        "region_code": YUNZHOU,
        "village": "大西沟村",
        "notice_version": NOTICE_VERSION,
        "at": AT - timedelta(days=1),
    }
    return _save(SignUp(cohort_id=of.id, name=name, **{**facts, **values})).id


def placed(of: Cohort, status: EnrolmentStatus, who: Person | None = None, **values) -> int:
    """An enrolment made by its own service: a seat only for whoever is on the roll."""
    person_id = (who or person()).id
    facts = {
        "joined_on": of.starts_on,
        "cause": StatusCause.STAFF,
        "by": SYSTEM,
        "at": AT - timedelta(hours=2),
        **values,
    }
    with transaction():
        return enrolments.enrol(of.id, person_id, status, **facts).id


def certificate(of: Enrolment, number: str | None = None, **values) -> tuple[int, str]:
    """(id, number) of a valid one from before this system."""
    number = number or f"晋妇培字〔2022〕第{next(_numbers):04d}号"
    woman = db.session.get(Person, of.person_id).name
    days = (date(2022, 6, 1), date(2022, 6, 10))
    facts = CertificateFacts(woman, "她力量", "第1期", "大同市", Track.FOUNDATION, "大同市妇女联合会", 1800, *days)
    kept = {"content": facts.to_content(), "state": CertificateState.VALID, "issued_on": days[1], "issued_at": AT}
    row = _save(Certificate(**{"number": number, "enrolment_id": of.id, "name": woman, **kept, **values}))
    return row.id, row.number


def order_line(of: Shop, paid_on: datetime = AT, fen: int = 10_000, **values) -> OrderLine:
    """One line of an order that was received; a number of its own unless `order_key` says which order."""
    number = f"{next(_numbers):012d}"
    facts = {
        "natural_key": f"{of.platform}:{number}",
        "order_key": number,
        "product": "沁州黄小米",
        "product_key": "p1",
    }
    facts |= {"platform": of.platform, "status": "received", "trust": 3, "quantity": 1}
    return _save(OrderLine(**{"shop_id": of.id, "paid_at": paid_on, "paid_fen": fen, **facts, **values}))


def livestream(of: Shop, started_at: datetime = AT, **values) -> Livestream:
    facts = {
        "natural_key": f"{of.id}:{next(_numbers)}",
        "gmv_fen": 50_000,
        "orders": 5,
        "trust": 2,
        "platform": of.platform,
    }
    return _save(Livestream(**{"shop_id": of.id, "started_at": started_at, **facts, **values}))


def column_mapping(fingerprint: str = "f" * 64, **values) -> ColumnMapping:
    facts = {"platform": "kuaishou", "kind": "order", "columns": {"order_id": "单子"}, "created_at": AT}
    return _save(ColumnMapping(**{"fingerprint": fingerprint, **facts, **values}))


def anomaly(at: Shop, check: AnomalyCheck = AnomalyCheck.IMPOSSIBLE_ORDER, **values) -> Anomaly:
    """A finding of a shop that rests on no row."""
    said = [["peak_above_viewers", {"one": 50, "other": 20}]]
    evidence = {"said": said, "livestreams": [], "order_lines": [], "entries": [], "whole": True}
    facts = {"subject": f"s{next(_numbers)}", "state": AnomalyState.OPEN, "weight": 2.5, "evidence": evidence}
    return _save(Anomaly(**{"shop_id": at.id, "check": check, "found_at": AT, **facts, **values}))


def sales_period(
    region: str = YUNZHOU, month: date = date(2026, 2, 1), stage: PeriodStage | None = None
) -> SalesPeriod:
    """An approved month, by the level that the code stands for."""
    return _save(SalesPeriod(region_code=region, month=month, stage=stage or level_of(region)))


def screen(seed: int = 0) -> bytes:
    """A phone's screenshot of an app: the same head, cards with blocks where figures would be, which `seed` chooses."""
    dice, drawn = random.Random(seed), Image.new("RGB", (540, 1170), "#f5f5f7")
    drawn.paste("#ff5014", (0, 0, 540, 130))
    for card in range(8):
        x, y = 20 + card % 2 * 255, 160 + card // 2 * 240
        drawn.paste("white", (x, y, x + 245, y + 220))
        for block in range(6):
            width, top = dice.randint(2, 26), y + 100 + dice.randint(0, 20)
            drawn.paste("#202020", (x + 20 + block * 34, top, x + 20 + block * 34 + width, top + dice.randint(10, 60)))
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=90)
    return out.getvalue()


def sales_entry(of: Shop, *, is_draft: bool = False, by: Actor = SYSTEM, content: bytes | None = None, **values) -> int:
    """Typed of a broadcast on the evening before AT; handed in unless it is a draft, it stands among the broadcasts."""
    facts = {"started_at": AT - timedelta(hours=14), "duration_s": 5400, "viewers": 300, "orders": 12}
    typed = Typed(**facts | {"gmv_fen": 58_800, "refund_fen": 0} | values)
    number, content = next(_numbers), content or screen(next(_numbers))
    with transaction():
        picture, nonce = Picture(content, look_at(content)), f"entry {number}"
        entry_id = entries.begin(of.id, typed, nonce=nonce, picture=picture, keep_years=3, by=by, at=AT)
        if not is_draft:
            entries.submit(entry_id, by=Actor(by.account_id, "她", person_id=by.person_id or of.person_id), at=AT)
    return entry_id


def survey_sheet(
    of: Enrolment, wave: Wave = Wave.DAY_30, state: SurveyState = SurveyState.OPEN, **values
) -> SurveySheet:
    """A woman asked on the day when the wave was due."""
    cohort = db.session.get(Cohort, of.cohort_id)
    due_on = wave.due_on(cohort.starts_on, cohort.ends_on)
    facts = {"due_on": due_on, "opened_at": AT, "mode": "herself" if state is SurveyState.ANSWERED else None}
    if state in (SurveyState.ANSWERED, SurveyState.ENTERED):
        facts |= {"answered_on": due_on, "answered_at": AT}
    return _save(SurveySheet(enrolment_id=of.id, wave=wave, state=state, **{**facts, **values}))


def follow_up(of: Enrolment, **values) -> int:
    """A call in which she was spoken with, the day after the course."""
    facts = {"kind": FollowUpKind.CALL, "purpose": FollowUpPurpose.ADVICE, "outcome": FollowUpOutcome.SPOKEN}
    day = db.session.get(Cohort, of.cohort_id).ends_on + timedelta(days=1)
    facts |= {"day": day, "minutes": 10, "nonce": f"call {next(_numbers)}", "at": AT}
    return _save(FollowUp(**{"enrolment_id": of.id, **facts, **values})).id


def cost(of: Cohort, *, has_evidence: bool = False, **values) -> int:
    facts = {"kind": CostKind.MEALS, "amount_fen": 10_000, "spent_on": of.starts_on, "at": AT}
    facts |= {"nonce": f"cost {next(_numbers)}", "evidence_id": _evidence() if has_evidence else None}
    return _save(CohortCost(**{"cohort_id": of.id, **facts, **values})).id


def paid_work(of: Enrolment, cohort: Cohort, *, has_evidence: bool = False, **values) -> int:
    """A worker paid for two of the three days after the course."""
    first = cohort.ends_on + timedelta(days=1)
    facts = {"worker": "冯大姐", "is_woman": True, "is_seasonal": False, "paid_days": 2, "at": AT}
    facts |= {"from_on": first, "until_on": first + timedelta(days=2), "nonce": f"work {next(_numbers)}"}
    facts |= {"evidence_id": _evidence(of.person_id) if has_evidence else None}
    return _save(PaidWork(**{"person_id": of.person_id, **facts, **values})).id


def _evidence(person_id: int | None = None) -> int:
    with transaction():
        facts = {"purpose": FilePurpose.OUTCOME_EVIDENCE, "person_id": person_id, "by": SYSTEM, "at": AT}
        return keep_file(b"%PDF-1.4 ", "票据.pdf", "application/pdf", **facts).id


def reading(programme_id: int, county: str, measured_on: date, hundredths: int, **values) -> int:
    facts = {"kind": IndicatorKind.PURCHASE_PRICE, "subject": "黄花菜", "unit": "元/斤", "source": "收购合同"}
    row = IndicatorReading(programme_id=programme_id, region_code=county, measured_on=measured_on, at=AT)
    row.value_hundredths, row.nonce = hundredths, f"reading {next(_numbers)}"
    for name, value in (facts | values).items():
        setattr(row, name, value)
    return _save(row).id


def posting(programme_id: int, county: str, **values) -> int:
    facts = {"name": f"任老师{next(_numbers)}", "organisation": "农大", "plan": "教直播", "planned_visits": 6}
    days = {"starts_on": AT.date(), "ends_on": AT.date() + timedelta(days=300), "created_at": AT}
    return _save(MentorPosting(**{"programme_id": programme_id, "region_code": county, **facts, **days, **values})).id


def visit(posting_id: int, day: date, minutes: int = 120, **values) -> int:
    facts = {"place": "瓜园乡", "women": 12, "words": "教了打光", "at": AT, "nonce": f"visit {next(_numbers)}"}
    return _save(MentorVisit(**{"posting_id": posting_id, "day": day, "minutes": minutes, **facts, **values})).id


def county_facts(programme_id: int, county: str, *, by: Actor = SYSTEM) -> dict[str, int]:
    """A reading of a county and a mentor posted to it who was there, both with evidence."""
    with transaction():
        facts = {"purpose": FilePurpose.OUTCOME_EVIDENCE, "by": by, "at": AT}
        kept = keep_file(picture("JPEG"), "凭证.jpg", "image/jpeg", **facts).id
    posted = posting(programme_id, county)
    seen = {"reading_id": reading(programme_id, county, AT.date(), 900, evidence_id=kept), "posting_id": posted}
    return seen | {"visit_id": visit(posted, AT.date(), evidence_id=kept)}

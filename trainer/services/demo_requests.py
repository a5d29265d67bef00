"""Requests about attendance of the demonstration: two leaves, a late sign-in and a “this is wrong” that wait."""

from datetime import timedelta

from sqlalchemy import select

from trainer.database import db
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.attendance_request import AttendanceRequestKind
from trainer.domain.enrolment import EnrolmentStatus
from trainer.models.account import Account
from trainer.models.attendance import Attendance
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.queries.account import get_account, get_actor
from trainer.services.attendance_request import ask, grant
from trainer.services.demo_place import Place

LEAVES = ("孩子发烧，要去医院", "家里秋收，走不开")
WRONG = "那天我坐在第三排，签到表上也签了名。"


def add_requests(place: Place) -> None:
    """In the first cohort that is under way; the first of the leaves is granted."""
    under_way = select(Cohort.id).where(Cohort.starts_on <= place.today, Cohort.ends_on >= place.today)
    cohort_id = db.session.scalar(under_way.order_by(Cohort.id).limit(1))
    to_come = _lesson(cohort_id, Lesson.starts_at > place.at, Lesson.starts_at)
    if to_come is None:
        return
    women = db.session.scalars(
        select(Enrolment.id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status == EnrolmentStatus.ACTIVE)
        .order_by(Enrolment.seat_number)
        .offset(2)
        .limit(len(LEAVES))
    ).all()
    asked = [
        _ask(AttendanceRequestKind.LEAVE, to_come.id, woman, AttendanceStatus.EXCUSED, words, place)
        for woman, words in zip(women, LEAVES, strict=False)
    ]
    if asked:
        grant(asked[0].id, by=get_actor(get_account(place.accounts["datong"])), at=place.at - timedelta(hours=1))
    _doubt(cohort_id, place)


def _doubt(cohort_id: int, place: Place) -> None:
    """Somebody who was marked absent at the last closed lesson says that she was there."""
    closed = _lesson(cohort_id, Lesson.state == LessonState.CLOSED, Lesson.starts_at.desc())
    if closed is None:
        return
    absent = select(Attendance.enrolment_id).where(
        Attendance.lesson_id == closed.id, Attendance.status == AttendanceStatus.ABSENT
    )
    woman = db.session.scalar(absent.order_by(Attendance.enrolment_id).limit(1))
    if woman:
        _ask(AttendanceRequestKind.WRONG, closed.id, woman, AttendanceStatus.PRESENT, WRONG, place)


def _lesson(cohort_id: int | None, which, order) -> Lesson | None:
    return db.session.scalar(select(Lesson).where(Lesson.cohort_id == cohort_id, which).order_by(order).limit(1))


def _ask(kind: AttendanceRequestKind, lesson_id: int, woman: int, wished: AttendanceStatus, words: str, place: Place):
    hers = select(Account.id).join(Enrolment, Enrolment.person_id == Account.person_id).where(Enrolment.id == woman)
    account_id = db.session.scalar(hers.limit(1)) or place.accounts["datong"]
    by = get_actor(get_account(account_id))
    nonce = f"demonstration:{kind}:{lesson_id}:{woman}"
    return ask(kind, lesson_id, woman, wished=wished, words=words, nonce=nonce, by=by, at=place.at - timedelta(hours=2))

"""Statements of what waits: one a kind of open work, in order, within somebody's reach."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, literal, or_, select
from sqlalchemy.orm import aliased

from trainer.domain.actors import Actor
from trainer.domain.attendance import UNFINISHED, LessonState
from trainer.domain.attendance_request import AttendanceRequestState
from trainer.domain.background_task import TaskState
from trainer.domain.data_request import RequestState
from trainer.domain.days import china_day, day_begins
from trainer.domain.imports import BatchState, ImportKind
from trainer.domain.jobs import JobState
from trainer.domain.message import INBOX, DeliveryState
from trainer.domain.need import MATCH_WITHIN, NEWS, SOON, NeedKind
from trainer.domain.paper_sheet import SheetState
from trainer.models.account import Account
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.audit import AuditEvent
from trainer.models.background_task import BackgroundTask
from trainer.models.data_request import DataRequest
from trainer.models.enrolment import Enrolment
from trainer.models.imports import ImportBatch
from trainer.models.job import JobRun
from trainer.models.lesson import Lesson
from trainer.models.message import Delivery, Message
from trainer.models.paper_sheet import PaperSheet
from trainer.models.person import Person
from trainer.models.programme import Cohort, Programme
from trainer.models.review import Assignment
from trainer.models.roll_check import RollCheck
from trainer.models.second_factor import SecondFactorReset
from trainer.models.spot_check import SpotCheck, SpotCheckDraw
from trainer.models.walk_in import WalkIn
from trainer.permissions import Permission
from trainer.queries.at_risk import calls_to_make
from trainer.queries.cohort import visible_cohorts
from trainer.queries.completion_exception import to_decide
from trainer.queries.conclusion import cohorts_to_conclude
from trainer.queries.lesson import lessons_within_reach
from trainer.queries.need_course_task import hand_ins_to_mark
from trainer.queries.need_panel import (
    conflicts_to_decide,
    declarations_to_make,
    declined_seats,
    invitations_to_answer,
    silent_invitations,
)
from trainer.queries.need_round import complete_rounds, frozen_rounds, rounds_to_freeze, rounds_to_reopen
from trainer.queries.need_sales import files_to_confirm, findings_to_decide, findings_to_explain
from trainer.queries.need_service_hours import entries_to_approve
from trainer.queries.need_sign_up import answers_to_tell, open_sign_ups
from trainer.queries.need_survey import calls_wanted, papers_to_check, surveys_to_call
from trainer.queries.person import visible_people
from trainer.queries.roll_check import open_checks, within_review
from trainer.queries.sales_entry import entries_to_check
from trainer.queries.scoping import visible
from trainer.queries.spot_check import still_to_call
from trainer.queries.unfinished_review import waiting_sheets
from trainer.queries.walk_in import is_open


@dataclass(frozen=True)
class Asked:
    """Whose needs, and when."""

    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        return china_day(self.now)


def _lessons(asked: Asked, *when) -> Select:
    reach = lessons_within_reach(asked.actor, Permission.MARK_ATTENDANCE)
    return (
        select(Lesson.id, Lesson.title, Cohort.name.label("detail"), Lesson.starts_at)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .where(reach, Lesson.state.in_(UNFINISHED), *when)
        .order_by(Lesson.starts_at, Lesson.id)
    )


def _lessons_today(asked: Asked) -> Select:
    ends = day_begins(asked.today + timedelta(days=1))
    return _lessons(
        asked, Lesson.starts_at >= day_begins(asked.today), Lesson.starts_at < ends, Lesson.ends_at > asked.now
    )


def _lessons_left(asked: Asked) -> Select:
    """Over, and nobody closed the roll."""
    return _lessons(asked, Lesson.ends_at <= asked.now)


def _attendance_requests(asked: Asked) -> Select:
    return (
        select(AttendanceRequest.id, Person.name, Lesson.title.label("detail"), Lesson.starts_at)
        .join(Lesson, Lesson.id == AttendanceRequest.lesson_id)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .join(Enrolment, Enrolment.id == AttendanceRequest.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            AttendanceRequest.state == AttendanceRequestState.OPEN,
            lessons_within_reach(asked.actor, Permission.ANSWER_REQUESTS),
        )
        .order_by(Lesson.starts_at, AttendanceRequest.id)
    )


def _calls(asked: Asked) -> Select:
    return calls_to_make(asked.actor)


def _paper_sheets(asked: Asked) -> Select:
    """Entered by somebody else: two people."""
    reach = lessons_within_reach(asked.actor, Permission.MARK_ATTENDANCE)
    return (
        select(PaperSheet.id, Lesson.title, Cohort.name.label("detail"), PaperSheet.entered_at)
        .join(Lesson, Lesson.id == PaperSheet.lesson_id)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .where(
            reach,
            PaperSheet.state == SheetState.WAITING,
            or_(PaperSheet.entered_by.is_(None), PaperSheet.entered_by != asked.actor.account_id),
        )
        .order_by(PaperSheet.entered_at, PaperSheet.id)
    )


def _walk_ins(asked: Asked) -> Select:
    """Nobody has said who they are."""
    return (
        select(WalkIn.id, WalkIn.name, Cohort.name.label("detail"), WalkIn.at)
        .join(Lesson, Lesson.id == WalkIn.lesson_id)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .where(
            visible(asked.actor, Permission.MANAGE_PEOPLE, region=Cohort.region_code, cohort=Cohort.id),
            is_open(),
            WalkIn.at <= asked.now - MATCH_WITHIN,
        )
        .order_by(WalkIn.at, WalkIn.id)
    )


def _roll_checks(asked: Asked) -> Select:
    """Of rolls that others took and closed."""
    return (
        select(RollCheck.id, RollCheck.kind, Lesson.title.label("detail"), Lesson.starts_at)
        .join(Lesson, Lesson.id == RollCheck.lesson_id)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .where(within_review(asked.actor), open_checks())
        .order_by(Lesson.starts_at, RollCheck.id)
    )


def _spot_checks(asked: Asked) -> Select:
    reach = visible(asked.actor, Permission.FOLLOW_UP, region=Cohort.region_code, cohort=Cohort.id)
    return (
        select(SpotCheck.id, Person.name, Cohort.name.label("detail"), SpotCheckDraw.at)
        .join(SpotCheckDraw, SpotCheckDraw.id == SpotCheck.draw_id)
        .join(Cohort, Cohort.id == SpotCheckDraw.cohort_id)
        .join(Enrolment, Enrolment.id == SpotCheck.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(reach, still_to_call())
        .order_by(SpotCheck.draw_id, SpotCheck.id)
    )


def _sheets(asked: Asked) -> Select:
    return waiting_sheets().where(Assignment.account_id == asked.actor.account_id)


def _requests(asked: Asked, *when) -> Select:
    return (
        select(DataRequest.id, Person.name, DataRequest.kind, DataRequest.due_on)
        .join(Person, Person.id == DataRequest.person_id)
        .where(
            DataRequest.state == RequestState.OPEN, visible_people(asked.actor, Permission.HANDLE_DATA_REQUESTS), *when
        )
        .order_by(DataRequest.due_on, DataRequest.id)
    )


def _requests_overdue(asked: Asked) -> Select:
    return _requests(asked, DataRequest.due_on < asked.today)


def _requests_open(asked: Asked) -> Select:
    return _requests(asked, DataRequest.due_on >= asked.today)


def _roster_previews(asked: Asked) -> Select:
    return (
        select(ImportBatch.id, ImportBatch.filename, Cohort.name.label("detail"), ImportBatch.created_at)
        .join(Cohort, Cohort.id == ImportBatch.cohort_id)
        .where(
            ImportBatch.kind == ImportKind.ROSTER,
            ImportBatch.state == BatchState.PREVIEWED,
            visible(asked.actor, Permission.IMPORT_PEOPLE, region=Cohort.region_code, cohort=Cohort.id),
        )
        .order_by(ImportBatch.created_at, ImportBatch.id)
    )


def _mark_previews(asked: Asked) -> Select:
    """An instructor without an area finds those that she sent in."""
    reach = visible(
        asked.actor,
        Permission.MARK_ATTENDANCE,
        region=Cohort.region_code,
        cohort=Cohort.id,
        accounts=lambda account_id: ImportBatch.created_by == account_id,
    )
    return (
        select(ImportBatch.id, ImportBatch.filename, Cohort.name.label("detail"), ImportBatch.created_at)
        .join(Cohort, Cohort.id == ImportBatch.cohort_id)
        .where(ImportBatch.kind == ImportKind.MARKS, ImportBatch.state == BatchState.PREVIEWED, reach)
        .order_by(ImportBatch.created_at, ImportBatch.id)
    )


def _without_timetable(asked: Asked) -> Select:
    lessons = exists().where(Lesson.cohort_id == Cohort.id, Lesson.state != LessonState.CANCELLED)
    return (
        select(Cohort.id, Cohort.name, Cohort.place.label("detail"), Cohort.starts_on)
        .where(
            visible_cohorts(asked.actor, Permission.MANAGE_COHORT),
            Cohort.starts_on.between(asked.today, asked.today + SOON),
            ~lessons,
        )
        .order_by(Cohort.starts_on, Cohort.id)
    )


def _resets(asked: Asked) -> Select:
    """Asked for by another administrator, for another account: two people."""
    me = asked.actor.account_id
    return (
        select(SecondFactorReset.id, Account.name, SecondFactorReset.reason, SecondFactorReset.asked_at)
        .join(Account, Account.id == SecondFactorReset.account_id)
        .where(
            SecondFactorReset.decided_at.is_(None),
            or_(SecondFactorReset.asked_by.is_(None), SecondFactorReset.asked_by != me),
            SecondFactorReset.account_id != me,
        )
        .order_by(SecondFactorReset.asked_at)
    )


def _jobs_failed(_asked: Asked) -> Select:
    """Jobs whose last finished run failed."""
    later = aliased(JobRun)
    newer = exists().where(
        later.job == JobRun.job, later.started_at > JobRun.started_at, later.state.in_((JobState.DONE, JobState.FAILED))
    )
    return (
        select(JobRun.job, JobRun.job.label("title"), literal("").label("detail"), JobRun.started_at)
        .where(JobRun.state == JobState.FAILED, ~newer)
        .order_by(JobRun.job)
    )


def _tasks_failed(asked: Asked) -> Select:
    return (
        select(BackgroundTask.id, BackgroundTask.kind, literal("").label("detail"), BackgroundTask.finished_at)
        .where(
            BackgroundTask.asked_by == asked.actor.account_id,
            BackgroundTask.state == TaskState.FAILED,
            BackgroundTask.finished_at > asked.now - NEWS,
        )
        .order_by(BackgroundTask.id.desc())
    )


def _letters_stuck(asked: Asked) -> Select:
    """Hers, with copies that failed or of which nobody knows."""
    stuck = exists().where(
        Delivery.message_id == Message.id,
        Delivery.channel != INBOX,
        Delivery.state.in_((DeliveryState.FAILED, DeliveryState.UNKNOWN)),
    )
    return (
        select(Message.id, Message.subject, literal("").label("detail"), Message.created_at)
        .where(Message.sent_by == asked.actor.account_id, Message.subject.is_not(None), stuck)
        .order_by(Message.id.desc())
    )


def _programmes_running(asked: Asked) -> Select:
    reach = visible(asked.actor, Permission.VIEW_PROGRAMME, region=Programme.region_code, overlapping=True)
    return (
        select(Programme.id, Programme.name, literal("").label("detail"), Programme.ends_on)
        .where(reach, Programme.starts_on <= asked.today, Programme.ends_on >= asked.today)
        .order_by(Programme.ends_on, Programme.id)
    )


def _cohorts_running(asked: Asked) -> Select:
    return (
        select(Cohort.id, Cohort.name, Cohort.place.label("detail"), Cohort.ends_on)
        .where(visible_cohorts(asked.actor), Cohort.starts_on <= asked.today, Cohort.ends_on >= asked.today)
        .order_by(Cohort.ends_on, Cohort.id)
    )


def _refusals(asked: Asked) -> Select:
    """Acts refused within the last day."""
    return (
        select(AuditEvent.seq, AuditEvent.action, AuditEvent.actor_name, AuditEvent.at)
        .where(~AuditEvent.success, AuditEvent.at > asked.now - timedelta(days=1))
        .order_by(AuditEvent.seq.desc())
    )


# What each kind needs, and the statement of what waits: (id, title, detail, moment), in order, within her reach.
STATEMENTS: dict[NeedKind, tuple[Permission | None, Callable[[Asked], Select]]] = {
    NeedKind.LESSON_TODAY: (Permission.MARK_ATTENDANCE, _lessons_today),
    NeedKind.LESSON_LEFT: (Permission.CLOSE_LESSON, _lessons_left),
    NeedKind.CALL_TO_MAKE: (Permission.FOLLOW_UP, _calls),
    NeedKind.ATTENDANCE_REQUEST: (Permission.ANSWER_REQUESTS, _attendance_requests),
    NeedKind.HAND_IN: (Permission.MARK_TASKS, lambda asked: hand_ins_to_mark(asked.actor)),
    NeedKind.PAPER_SHEET: (Permission.MARK_ATTENDANCE, _paper_sheets),
    NeedKind.WALK_IN: (Permission.MANAGE_PEOPLE, _walk_ins),
    NeedKind.SIGN_UP: (Permission.MANAGE_ENROLMENTS, open_sign_ups),
    NeedKind.ANSWER_TO_TELL: (Permission.MANAGE_ENROLMENTS, answers_to_tell),
    NeedKind.ROLL_CHECK: (Permission.MANAGE_COHORT, _roll_checks),
    NeedKind.SPOT_CHECK: (Permission.FOLLOW_UP, _spot_checks),
    NeedKind.SALES_ENTRY: (Permission.CHECK_SALES, lambda asked: entries_to_check(asked.actor)),
    NeedKind.ANOMALY_OPEN: (Permission.EXPLAIN_ANOMALIES, lambda asked: findings_to_explain(asked.actor)),
    NeedKind.ANOMALY_EXPLAINED: (Permission.DECIDE_ANOMALIES, lambda asked: findings_to_decide(asked.actor)),
    NeedKind.SURVEY_CALL: (Permission.CONDUCT_SURVEYS, surveys_to_call),
    NeedKind.SURVEY_PAPER: (Permission.CONDUCT_SURVEYS, papers_to_check),
    NeedKind.CALL_WANTED: (Permission.CONDUCT_SURVEYS, calls_wanted),
    NeedKind.TO_CONCLUDE: (Permission.MANAGE_ENROLMENTS, lambda asked: cohorts_to_conclude(asked.actor)),
    NeedKind.EXCEPTION: (Permission.APPROVE_EXCEPTIONS, lambda asked: to_decide(asked.actor)),
    NeedKind.PANEL_INVITATION: (Permission.SCORE, lambda asked: invitations_to_answer(asked.actor)),
    NeedKind.DECLARATION: (Permission.SCORE, lambda asked: declarations_to_make(asked.actor)),
    NeedKind.SHEET: (Permission.SCORE, _sheets),
    NeedKind.CONFLICT: (Permission.MANAGE_SELECTION, lambda asked: conflicts_to_decide(asked.actor)),
    NeedKind.PANEL_SILENT: (Permission.MANAGE_SELECTION, lambda asked: silent_invitations(asked.actor, asked.now)),
    NeedKind.PANEL_DECLINED: (Permission.MANAGE_SELECTION, lambda asked: declined_seats(asked.actor, asked.now)),
    NeedKind.REQUEST_OVERDUE: (Permission.HANDLE_DATA_REQUESTS, _requests_overdue),
    NeedKind.REQUEST_OPEN: (Permission.HANDLE_DATA_REQUESTS, _requests_open),
    NeedKind.SERVICE_HOURS: (Permission.APPROVE_SERVICE, lambda asked: entries_to_approve(asked.actor)),
    NeedKind.ROSTER_PREVIEW: (Permission.IMPORT_PEOPLE, _roster_previews),
    NeedKind.MARK_PREVIEW: (Permission.MARK_ATTENDANCE, _mark_previews),
    NeedKind.SALES_PREVIEW: (Permission.IMPORT_SALES, lambda asked: files_to_confirm(asked.actor)),
    NeedKind.NO_TIMETABLE: (Permission.MANAGE_COHORT, _without_timetable),
    NeedKind.ROUND_COMPLETE: (Permission.MANAGE_SELECTION, complete_rounds),
    NeedKind.ROUND_TO_FREEZE: (Permission.MANAGE_SELECTION, rounds_to_freeze),
    NeedKind.ROUND_TO_REOPEN: (Permission.MANAGE_SELECTION, rounds_to_reopen),
    NeedKind.SECOND_FACTOR_RESET: (Permission.MANAGE_ACCOUNTS, _resets),
    NeedKind.JOB_FAILED: (Permission.RUN_JOBS, _jobs_failed),
    NeedKind.TASK_FAILED: (None, _tasks_failed),
    NeedKind.LETTER_STUCK: (Permission.SEND_MESSAGES, _letters_stuck),
    NeedKind.PROGRAMME_RUNNING: (Permission.VIEW_PROGRAMME, _programmes_running),
    NeedKind.COHORT_RUNNING: (Permission.VIEW_COHORT, _cohorts_running),
    NeedKind.ROUND_CLOSED: (Permission.VIEW_SELECTION, frozen_rounds),
    NeedKind.REFUSAL: (Permission.VIEW_AUDIT, _refusals),
}

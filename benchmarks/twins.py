"""The floor: bare Flask views with plain SQL and a Jinja page of the same rows; no sessions, roles, forms or audit.

A twin shows the fields and the buttons of our page, made from the same tables, and no word more: no navigation, no
filters, no words in two languages. So the report's and the ranking's rows weigh a third of ours and the ratio is
stricter for it; a woman's own lessons are hers of 31 with materials and requests, and her first page adds up her
shop's files and asks what she agreed to, as ours do. Those that write keep our durability; a sheet's twin asks first
whether the round is open, as no view goes without one question.
"""

import itertools
from datetime import UTC, datetime

from flask import Flask, abort, redirect, render_template, request
from sqlalchemy import bindparam, create_engine, event, exists, func, insert, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Engine

from trainer.domain.attendance import ATTENDED, AttendanceStatus, LessonState, MarkChannel
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState
from trainer.domain.consent import NOTICE_VERSION
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.imports import BatchState
from trainer.domain.lesson_file import LessonFileKind
from trainer.domain.selection import ReviewState, RoundState
from trainer.models import (
    Account,
    Application,
    Assignment,
    Attendance,
    AttendanceRequest,
    Cohort,
    CohortOutcomes,
    CompletionRuleVersion,
    Consent,
    Enrolment,
    ImportBatch,
    Lesson,
    LessonFile,
    Livestream,
    Mark,
    OrderLine,
    Person,
    RankingRow,
    Review,
    ReviewVersion,
    Round,
    Shop,
)

LEAVE = exists().where(
    AttendanceRequest.lesson_id == bindparam("lesson"),
    AttendanceRequest.enrolment_id == Enrolment.id,
    AttendanceRequest.kind == AttendanceRequestKind.LEAVE,
    AttendanceRequest.state == AttendanceRequestState.GRANTED,
)
ROLL = (
    select(
        *(Enrolment.id, Enrolment.seat_number, Person.name, Person.name_initials, Attendance.status),
        *(Account.name.label("marker"), Attendance.conflict_mark_id, LEAVE.label("on_leave")),
    )
    .join(Person, Person.id == Enrolment.person_id)
    .outerjoin(Attendance, (Attendance.enrolment_id == Enrolment.id) & (Attendance.lesson_id == bindparam("lesson")))
    .outerjoin(Mark, Mark.id == Attendance.mark_id)
    .outerjoin(Account, Account.id == Mark.by)
    .where(Enrolment.cohort_id == bindparam("cohort"), Enrolment.status.in_(ON_THE_ROLL))
    .order_by(Enrolment.seat_number)
)
SUMMARY = (
    select(Enrolment.seat_number, Person.name, Lesson.credit_minutes, Attendance.status)
    .join(Person, Person.id == Enrolment.person_id)
    .join(Lesson, (Lesson.cohort_id == Enrolment.cohort_id) & (Lesson.state == LessonState.CLOSED))
    .outerjoin(Attendance, (Attendance.enrolment_id == Enrolment.id) & (Attendance.lesson_id == Lesson.id))
    .where(Enrolment.cohort_id == bindparam("cohort"), Enrolment.status.in_(ON_THE_ROLL))
    .order_by(Enrolment.seat_number, Lesson.starts_at)
)
OWN = (
    select(
        *(Cohort.name, Cohort.teacher_name, Cohort.teacher_phone, Enrolment.seat_number.label("seat")),
        *(Lesson.id, Lesson.title, Lesson.link),
        *(Lesson.starts_at, Lesson.ends_at, Lesson.place, Lesson.state, Lesson.credit_minutes, Attendance.status),
    )
    .select_from(Account)
    .join(Enrolment, Enrolment.person_id == Account.person_id)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .join(Lesson, Lesson.cohort_id == Cohort.id)
    .outerjoin(Attendance, (Attendance.enrolment_id == Enrolment.id) & (Attendance.lesson_id == Lesson.id))
    .where(Account.id == bindparam("account"))
    .order_by(Lesson.starts_at)
)
MATERIALS = (
    select(LessonFile.lesson_id, LessonFile.id, LessonFile.title, LessonFile.link)
    .select_from(Account)
    .join(Enrolment, Enrolment.person_id == Account.person_id)
    .join(Lesson, Lesson.cohort_id == Enrolment.cohort_id)
    .join(LessonFile, (LessonFile.lesson_id == Lesson.id) & (LessonFile.kind == LessonFileKind.MATERIAL))
    .where(Account.id == bindparam("account"), LessonFile.removed_at.is_(None))
    .order_by(LessonFile.id)
)
REQUESTS = (
    select(AttendanceRequest.lesson_id, AttendanceRequest.kind, AttendanceRequest.state, AttendanceRequest.answer)
    .select_from(Account)
    .join(Enrolment, Enrolment.person_id == Account.person_id)
    .join(AttendanceRequest, AttendanceRequest.enrolment_id == Enrolment.id)
    .where(Account.id == bindparam("account"))
    .order_by(AttendanceRequest.id)
)
NEWEST = select(func.max(CompletionRuleVersion.number)).where(CompletionRuleVersion.cohort_id == Cohort.id)
FIRST = OWN.add_columns(CompletionRuleVersion.min_rate_bp).outerjoin(
    CompletionRuleVersion,
    (CompletionRuleVersion.cohort_id == Cohort.id)
    & (CompletionRuleVersion.number == NEWEST.correlate(Cohort).scalar_subquery()),
)
FILES = (
    select(ImportBatch.shop_id, func.max(ImportBatch.committed_at))
    .select_from(Account)
    .join(Shop, Shop.person_id == Account.person_id)
    .join(ImportBatch, (ImportBatch.shop_id == Shop.id) & (ImportBatch.state == BatchState.COMMITTED))
    .where(Account.id == bindparam("account"))
    .group_by(ImportBatch.shop_id)
)
CONSENTS = (
    select(Consent.notice_version)
    .join(Account, Account.person_id == Consent.person_id)
    .where(Account.id == bindparam("account"), Consent.withdrawn_at.is_(None))
)
BROADCASTS = (
    select(
        *(Shop.id, Shop.name, Shop.platform, func.count(Livestream.id), func.sum(Livestream.gmv_fen)),
        *(func.sum(Livestream.refund_fen), func.min(Livestream.trust)),
    )
    .select_from(Account)
    .join(Shop, Shop.person_id == Account.person_id)
    .outerjoin(Livestream, Livestream.shop_id == Shop.id)
    .where(Account.id == bindparam("account"))
    .group_by(Shop.id)
    .order_by(Shop.id)
)
ORDERS = (
    select(
        *(func.sum(figure) for figure in (OrderLine.paid_fen, OrderLine.refunded_fen, OrderLine.settled_fen)),
        func.min(OrderLine.trust),
    )
    .select_from(Account)
    .join(Shop, Shop.person_id == Account.person_id)
    .outerjoin(OrderLine, OrderLine.shop_id == Shop.id)
    .where(Account.id == bindparam("account"))
    .group_by(Shop.id)
    .order_by(Shop.id)
)
KEPT = select(CohortOutcomes.figures, CohortOutcomes.as_of, CohortOutcomes.reckoned_at).where(
    CohortOutcomes.cohort_id == bindparam("cohort")
)
RANKING = (
    select(
        *(RankingRow.rank, Application.code, Person.name, Person.village, RankingRow.total_hundredths),
        *(RankingRow.reviews, RankingRow.judged_mean_hundredths, RankingRow.spread_hundredths),
        *(RankingRow.adjusted_hundredths, RankingRow.rank_low, RankingRow.rank_high, RankingRow.raw_total_hundredths),
        *(RankingRow.adjusted_total_hundredths, RankingRow.p_seat_bp, RankingRow.weight_seat_bp),
        *(RankingRow.bonus_hundredths, RankingRow.parts, RankingRow.flags),
    )
    .join(Application, Application.id == RankingRow.application_id)
    .join(Person, Person.id == Application.person_id)
    .where(Application.selection_id == bindparam("selection"))
    .order_by(RankingRow.rank, Application.code)
)
OPEN = (
    select(Assignment.account_id, Review.state)
    .join(Round, Round.id == Assignment.round_id)
    .outerjoin(Review, Review.assignment_id == Assignment.id)
    .where(Assignment.id == bindparam("assignment"), Round.state == RoundState.OPEN)
)
MARK, REVIEW, SHEET = insert(Mark.__table__), insert(Review.__table__), insert(ReviewVersion.__table__)
ATTEND = sqlite_insert(Attendance.__table__)
ATTEND = ATTEND.on_conflict_do_update(
    index_elements=["lesson_id", "enrolment_id"],
    set_={"status": ATTEND.excluded.status, "mark_id": ATTEND.excluded.mark_id},
)
_turns = itertools.count(1)


def create_twin(database: str) -> Flask:
    app = Flask("benchmarks")
    engine = create_engine(database)
    event.listen(engine, "connect", _prepare)

    @app.get("/roll/<int:cohort>/<int:lesson>")
    def roll(cohort: int, lesson: int):
        with engine.connect() as connection:
            rows = connection.execute(ROLL, {"cohort": cohort, "lesson": lesson}).all()
        return render_template("roll.html", rows=rows, lesson=lesson)

    @app.get("/summary/<int:cohort>")
    def summary(cohort: int):
        with engine.connect() as connection:
            rows = connection.execute(SUMMARY, {"cohort": cohort}).all()
        women = [(seat, _counts(list(own))) for seat, own in itertools.groupby(rows, key=lambda row: row[0])]
        return render_template("summary.html", women=women)

    @app.get("/table/<int:cohort>")
    def table(cohort: int):
        with engine.connect() as connection:
            rows = connection.execute(SUMMARY, {"cohort": cohort}).all()
        women = [(seat, list(own)) for seat, own in itertools.groupby(rows, key=lambda row: row[0])]
        return render_template("table.html", women=women)

    @app.get("/outcomes/<int:cohort>")
    def outcomes(cohort: int):
        with engine.connect() as connection:
            row = connection.execute(KEPT, {"cohort": cohort}).one()
        return render_template("outcomes.html", figures=row.figures, as_of=row.as_of, reckoned_at=row.reckoned_at)

    @app.get("/own/<int:account>")
    def own(account: int):
        with engine.connect() as connection:
            rows = connection.execute(OWN, {"account": account}).all()
            materials = _by_lesson(connection.execute(MATERIALS, {"account": account}))
            requests = _by_lesson(connection.execute(REQUESTS, {"account": account}))
        return render_template("own.html", rows=rows, materials=materials, requests=requests)

    @app.get("/first/<int:account>")
    def first(account: int):
        with engine.connect() as connection:
            rows, broadcasts, orders, files, consents = (
                connection.execute(statement, {"account": account}).all()
                for statement in (FIRST, BROADCASTS, ORDERS, FILES, CONSENTS)
            )
        shops, stale = zip(broadcasts, orders, strict=True), any(version != NOTICE_VERSION for (version,) in consents)
        days = dict(files)
        return render_template("first.html", shops=shops, days=days, stale=stale, **_progress(rows))

    @app.get("/ranking/<int:selection>")
    def ranking(selection: int):
        with engine.connect() as connection:
            rows = connection.execute(RANKING, {"selection": selection}).all()
        return render_template("ranking.html", rows=rows)

    @app.post("/roll/<int:cohort>/<int:lesson>")
    def save(cohort: int, lesson: int):
        marks = [value.split(":") for value in request.form.getlist("mark")]
        with _writing(engine) as connection:
            _save(connection, lesson, marks)
        return redirect(f"/roll/{cohort}/{lesson}", 303)

    @app.post("/review/<int:assignment>")
    def submit(assignment: int):
        levels = {name: int(value) for name, value in request.form.items() if name.startswith("level_")}
        sheet = {"levels": levels, "strengths": request.form["strengths"], "risks": "", "abstentions": {}}
        sheet |= {"confidence": 3, "recommendation": "support"}
        row, now = {"assignment_id": assignment}, datetime.now(UTC)
        submitted = {"state": ReviewState.SUBMITTED, "draft": sheet, "updated_at": now, "submitted_version": 1}
        with _writing(engine) as connection:
            if connection.execute(OPEN, {"assignment": assignment}).one_or_none() is None:
                abort(404)
            connection.execute(REVIEW, row | submitted)
            connection.execute(SHEET, row | sheet | {"number": 1, "submitted_at": now})
        return redirect("/")

    return app


def _prepare(connection, _record) -> None:
    """The same durability as ours."""
    connection.isolation_level = None
    rules = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in rules:
        connection.execute(f"PRAGMA {pragma}")


class _writing:
    """One immediate transaction."""

    def __init__(self, engine: Engine) -> None:
        self.connection = engine.connect()

    def __enter__(self):
        self.connection.exec_driver_sql("BEGIN IMMEDIATE")
        return self.connection

    def __exit__(self, kind, *_rest) -> None:
        self.connection.exec_driver_sql("ROLLBACK" if kind else "COMMIT")
        self.connection.close()


def _save(connection, lesson: int, marks: list[list[str]]) -> None:
    first = connection.execute(select(func.max(Mark.id))).scalar() + 1
    turn, now = next(_turns), datetime.now(UTC)
    said = [
        {"lesson_id": lesson, "enrolment_id": int(enrolment), "status": AttendanceStatus(status)}
        for enrolment, status, _nonce in marks
    ]
    rest = {"channel": MarkChannel.ROLL, "at": now}
    connection.execute(
        MARK, [row | rest | {"id": first + n, "nonce": f"twin:{turn}:{n}"} for n, row in enumerate(said)]
    )
    connection.execute(ATTEND, [row | {"mark_id": first + n} for n, row in enumerate(said)])


def _by_lesson(rows) -> dict[int, list]:
    found: dict[int, list] = {}
    for row in rows:
        found.setdefault(row.lesson_id, []).append(row)
    return found


def _progress(rows: list) -> dict[str, object]:
    now = datetime.now(UTC)
    closed = [row for row in rows if row.state is LessonState.CLOSED]
    came = [row for row in closed if row.status in ATTENDED]
    return {
        "mine": rows[0],
        "next": next((row for row in rows if row.ends_at > now), None),
        "all": len(rows),
        "over": sum(row.ends_at <= now for row in rows),
        "came": len(came),
        "rate": sum(row.credit_minutes for row in came) / max(1, sum(row.credit_minutes for row in closed)),
        "bar": (rows[0].min_rate_bp or 8000) / 10000,
    }


def _counts(rows: list) -> tuple:
    statuses = [row[3] for row in rows]
    came = sum(row[2] for row in rows if row[3] in ATTENDED)
    counted = sum(row[2] for row in rows if row[3])
    kinds = (*AttendanceStatus, None)
    return rows[0][1], came / counted if counted else None, came, [statuses.count(kind) for kind in kinds]

"""The floor: bare Flask views with plain SQL and a Jinja page of the same rows; no sessions, roles, forms or audit.

A twin shows the fields and the buttons of our page, made from the same tables, and no word more: no navigation, no
filters, no words in two languages. So the report's and the ranking's rows weigh a third of ours and the ratio is
stricter for it; a woman's own lessons are hers of 31, and her first page adds up her shop's files, as ours do. Those that
write keep our durability; a sheet's twin asks first whether the round is open, as no view goes without one question.
"""

import itertools
from datetime import UTC, datetime

from flask import Flask, abort, redirect, render_template, request
from sqlalchemy import bindparam, create_engine, event, func, insert, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Engine

from trainer.domain.attendance import ATTENDED, AttendanceStatus, LessonState, MarkChannel
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.selection import ReviewState, RoundState
from trainer.models import (
    Account,
    Application,
    Assignment,
    Attendance,
    Cohort,
    Enrolment,
    Lesson,
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

ROLL = (
    select(Enrolment.id, Enrolment.seat_number, Person.name, Person.name_initials, Attendance.status)
    .join(Person, Person.id == Enrolment.person_id)
    .outerjoin(Attendance, (Attendance.enrolment_id == Enrolment.id) & (Attendance.lesson_id == bindparam("lesson")))
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
        *(Lesson.id, Lesson.title),
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
BROADCASTS = (
    select(Shop.name, func.count(Livestream.id), func.sum(Livestream.gmv_fen), func.sum(Livestream.refund_fen))
    .select_from(Account)
    .join(Shop, Shop.person_id == Account.person_id)
    .outerjoin(Livestream, Livestream.shop_id == Shop.id)
    .where(Account.id == bindparam("account"))
    .group_by(Shop.id)
    .order_by(Shop.id)
)
ORDERS = (
    select(*(func.sum(figure) for figure in (OrderLine.paid_fen, OrderLine.refunded_fen, OrderLine.settled_fen)))
    .select_from(Account)
    .join(Shop, Shop.person_id == Account.person_id)
    .outerjoin(OrderLine, OrderLine.shop_id == Shop.id)
    .where(Account.id == bindparam("account"))
    .group_by(Shop.id)
    .order_by(Shop.id)
)
RANKING = (
    select(
        *(RankingRow.rank, Application.code, Person.name, Person.village, RankingRow.total_hundredths),
        *(RankingRow.reviews, RankingRow.judged_mean_hundredths, RankingRow.spread_hundredths),
        *(RankingRow.adjusted_hundredths, RankingRow.parts, RankingRow.flags),
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

    @app.get("/own/<int:account>")
    def own(account: int):
        with engine.connect() as connection:
            rows = connection.execute(OWN, {"account": account}).all()
        return render_template("own.html", rows=rows)

    @app.get("/first/<int:account>")
    def first(account: int):
        with engine.connect() as connection:
            rows = connection.execute(OWN, {"account": account}).all()
            broadcasts = connection.execute(BROADCASTS, {"account": account}).all()
            orders = connection.execute(ORDERS, {"account": account}).all()
        return render_template("first.html", shops=zip(broadcasts, orders, strict=True), **_progress(rows))

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
        sheet = {"levels": levels, "strengths": request.form["strengths"], "risks": ""}
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
    }


def _counts(rows: list) -> tuple:
    statuses = [row[3] for row in rows]
    came = sum(row[2] for row in rows if row[3] in ATTENDED)
    counted = sum(row[2] for row in rows if row[3])
    kinds = (*AttendanceStatus, None)
    return rows[0][1], came / counted if counted else None, came, [statuses.count(kind) for kind in kinds]

"""The board: cohorts and their kept figures by region, and the people in them counted once, in three statements."""

from sqlalchemy import CTE, ColumnElement, Select, case, distinct, func, literal, null, select, type_coerce, union_all

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.board import Board, CohortSums
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.programme import CohortPhase
from trainer.domain.tally import BROADCAST, CAME, ENDED, SOLD, Count, Level, Question
from trainer.models.job import CohortMetrics
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.queries.cohort import in_phase
from trainer.queries.tally import area, as_of_places, behind, certificates_as_of, cohorts_asked_for, roll_up

FUNNEL = "funnel"


def get_board(actor: Actor, question: Question) -> Board:
    """`question` is by region, county by county."""
    board = Board(_sums(actor, question))
    places, valid = _with_city(as_of_places(actor, question)), _with_city(certificates_as_of(actor, question))
    ended = select(*(column for column in places.c if column.name != "stage"), literal(ENDED).label("stage"))
    ended = ended.where(_is_over(places.c)).cte("ended")
    steps = [_step(name, places, question) for name in (CAME, BROADCAST, SOLD)]
    counts = [*roll_up(places, *_parts(places), with_all=True), *roll_up(ended, *_parts(ended)), *steps]
    for statement in (union_all(*counts), union_all(*roll_up(valid, *_parts(valid)))):
        for part, key, stage, times, people in db.session.execute(statement):
            if times:
                _row_of(board, part, key)[stage] = Count(times, people)
    return board


def _with_city(rows: Select) -> CTE:
    rows = rows.subquery()
    return select(rows, area(rows.c.key, Level.CITY).label("city")).cte()


def _is_over(places) -> ColumnElement[bool]:
    """However it ended for her; who left before she had a place never began."""
    over = places.stage.in_([EnrolmentStatus.COMPLETED, EnrolmentStatus.NOT_COMPLETED])
    return over | ((places.stage == EnrolmentStatus.WITHDRAWN) & places.seated)


def _parts(rows: CTE) -> list[tuple[str, ColumnElement | None]]:
    return [("county", rows.c.key), ("city", rows.c.city), ("together", None)]


def _step(name: str, places: CTE, question: Question) -> Select:
    counts = (func.count(), func.count(distinct(places.c.person)))
    return select(literal(FUNNEL), null(), literal(name), *counts).where(behind(name, places.c, question))


def _row_of(board: Board, part: str, key: str | None) -> dict[str, Count]:
    if part in ("together", FUNNEL):
        return board.together
    return (board.counties if part == "county" else board.cities).setdefault(key, {})


def _sums(actor: Actor, question: Question) -> dict[str, CohortSums]:
    """By the region of the cohort."""
    day = question.as_of
    states = (in_phase(phase, day) for phase in CohortPhase)
    kept = (
        *(CohortMetrics.attended_minutes, CohortMetrics.counted_minutes),
        *(CohortMetrics.with_shop, CohortMetrics.with_livestream, CohortMetrics.with_paid_order),
    )
    closed = select(func.max(Lesson.closed_at)).where(Lesson.cohort_id == Cohort.id).scalar_subquery()
    rows = db.session.execute(
        select(
            Cohort.region_code,
            *(func.sum(case((state, 1), else_=0)) for state in states),
            *(func.coalesce(func.sum(column), 0) for column in kept),
            type_coerce(func.max(closed), Lesson.closed_at.type),
        )
        .outerjoin(CohortMetrics, CohortMetrics.cohort_id == Cohort.id)
        .where(Cohort.id.in_(cohorts_asked_for(actor, question)))
        .group_by(Cohort.region_code)
    )
    return {code: CohortSums(*map(int, numbers), last) for code, *numbers, last in rows}

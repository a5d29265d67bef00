"""A woman's yearly statement, from what was closed, approved, taken in, issued and published: nine statements."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.attendance import ATTENDED, LessonState
from trainer.domain.certificate import CertificateState
from trainer.domain.days import china_day
from trainer.domain.service_hours import ServiceState
from trainer.domain.statement import Milestone, MilestoneKind, ShopYear, Statement, year_span
from trainer.models.attendance import Attendance
from trainer.models.certificate import Certificate
from trainer.models.enrolment import Enrolment
from trainer.models.honour import Honour
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.models.sales import Livestream, OrderLine, Shop
from trainer.models.service_hours import ServiceEntry
from trainer.queries.honour import IS_PUBLIC
from trainer.queries.sales_figures import ORDER_DAY, SOLD, get_figures
from trainer.queries.service_hours import get_totals_of, in_year
from trainer.queries.shop import list_shops_of, roles_of


def get_newest_year(person_id: int) -> int | None:
    """The newest year of which there is anything to tell. One statement."""
    spans = _spans(person_id)
    return max((last for _first, last in _years(spans)), default=None)


def get_statement(person_id: int, year: int, *, today: date) -> Statement:
    """Her year as far as it is known; nine statements, three fewer where she has no shop."""
    spans, between = _spans(person_id), year_span(year)
    lessons, minutes = _lessons(person_id, between)
    firsts = (spans[kind][0] for kind in _FIRSTS)
    first_days = zip(_FIRSTS, map(_day, firsts), strict=True)
    milestones = [Milestone(kind, day) for kind, day in first_days if day and day.year == year]
    milestones += _certificates(person_id, year)
    milestones.sort(key=lambda milestone: (milestone.day, list(MilestoneKind).index(milestone.kind)))
    return Statement(
        year,
        as_of=min(today, date(year, 12, 31)),
        years=_range(_years(spans), year),
        lessons=lessons,
        lesson_minutes=minutes,
        service=get_totals_of(person_id, year=year),
        shops=_shops(person_id, between),
        milestones=[*milestones, *_honours(person_id, year)],
    )


_FIRSTS = (MilestoneKind.FIRST_LESSON, MilestoneKind.FIRST_BROADCAST, MilestoneKind.FIRST_ORDER)


def _day(moment: datetime | date | None) -> date | None:
    return china_day(moment) if isinstance(moment, datetime) else moment


def _attended(person_id: int) -> Select:
    """Her lessons that are closed and that she was at."""
    return (
        select(Lesson.id)
        .join(Attendance, Attendance.lesson_id == Lesson.id)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(Enrolment.person_id == person_id, Lesson.state == LessonState.CLOSED, Attendance.status.in_(ATTENDED))
    )


def _spans(person_id: int) -> dict[object, tuple[datetime | date | int | None, datetime | date | int | None]]:
    """First and last of everything that a year may tell of, by kind; the service hours under ServiceEntry."""
    shops = select(Shop.id).where(Shop.person_id == person_id)
    sources = {
        MilestoneKind.FIRST_LESSON: (_attended(person_id), Lesson.starts_at),
        MilestoneKind.FIRST_BROADCAST: (
            select(Livestream.id).where(Livestream.shop_id.in_(shops)),
            Livestream.started_at,
        ),
        MilestoneKind.FIRST_ORDER: (select(OrderLine.id).where(OrderLine.shop_id.in_(shops), SOLD), ORDER_DAY),
        MilestoneKind.CERTIFICATE: (_certified(person_id), Certificate.issued_on),
        MilestoneKind.HONOUR: (select(Honour.id).where(Honour.person_id == person_id, IS_PUBLIC), Honour.year),
        ServiceEntry: (
            select(ServiceEntry.id).where(
                ServiceEntry.person_id == person_id, ServiceEntry.state == ServiceState.APPROVED
            ),
            ServiceEntry.day,
        ),
    }
    ends = [
        statement.with_only_columns(end(column), maintain_column_froms=True).scalar_subquery()
        for statement, column in sources.values()
        for end in (func.min, func.max)
    ]
    row = db.session.execute(select(*ends)).one()
    return dict(zip(sources, zip(row[::2], row[1::2], strict=True), strict=True))


def _years(spans) -> list[tuple[int, int]]:
    """(first, last) year of each kind that there is anything of."""

    def year(end) -> int:
        return end if isinstance(end, int) else _day(end).year

    return [(year(first), year(last)) for first, last in spans.values() if first is not None]


def _range(years: Iterable[tuple[int, int]], year: int) -> range:
    """The years one may leaf through; the one asked for stands among them, whatever it is."""
    ends = [end for span in years for end in span] or [year]
    return range(min(ends), max(ends) + 1)


def _lessons(person_id: int, between: tuple[datetime, datetime]) -> tuple[int, int]:
    hers = _attended(person_id).where(Lesson.starts_at >= between[0], Lesson.starts_at < between[1])
    sums = (func.count(), func.coalesce(func.sum(Lesson.credit_minutes), 0))
    count, minutes = db.session.execute(hers.with_only_columns(*sums, maintain_column_froms=True)).one()
    return count, int(minutes)


def _certified(person_id: int) -> Select:
    """The first paper of every certificate that counts: one that stands in for it was not earned on its own day."""
    valid = aliased(Certificate)
    return (
        select(Certificate.id)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(
            *(Enrolment.person_id == person_id, Certificate.replaces_id.is_(None)),
            Certificate.state != CertificateState.REVOKED,
            exists().where(valid.enrolment_id == Certificate.enrolment_id, valid.state == CertificateState.VALID),
        )
    )


def _certificates(person_id: int, year: int) -> list[Milestone]:
    rows = db.session.execute(
        _certified(person_id)
        .with_only_columns(Certificate.issued_on, Cohort.name, maintain_column_froms=True)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(in_year(Certificate.issued_on, year))
        .order_by(Certificate.issued_on, Certificate.id)
    )
    return [Milestone(MilestoneKind.CERTIFICATE, day, cohort) for day, cohort in rows]


def _honours(person_id: int, year: int) -> list[Milestone]:
    hers = select(Honour.title).where(Honour.person_id == person_id, Honour.year == year, IS_PUBLIC)
    return [Milestone(MilestoneKind.HONOUR, None, title) for title in db.session.scalars(hers.order_by(Honour.id))]


def _shops(person_id: int, between: tuple[datetime, datetime]) -> Sequence[ShopYear]:
    """Shops with figures in the year, each source by itself."""
    shops = list_shops_of(person_id)
    figures = get_figures(roles_of(shops), between)
    years = [ShopYear(shop.name, shop.platform, figures[shop.id]) for shop in shops]
    return [year for year in years if not year.figures.is_empty]

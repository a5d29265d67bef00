"""The demonstration fills an empty database, once, with plausible people who do not exist."""

import hashlib
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from trainer.database import Base, db, transaction
from trainer.domain.actors import Actor, Grant, Role
from trainer.domain.anomaly import AnomalyCheck, AnomalyState, Decision
from trainer.domain.attendance import AttendanceStatus, LessonState, NewMark
from trainer.domain.consent import ConsentScope
from trainer.domain.days import china_day
from trainer.domain.demonstration import Size
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.outcomes import ComparisonKind
from trainer.domain.panel import ConflictSource, SeatState
from trainer.domain.paper_sheet import SheetState
from trainer.domain.people import check_id_number
from trainer.domain.person_merge import DuplicateSign
from trainer.domain.round_inputs import RoundInputs
from trainer.domain.round_ranking import rank_round
from trainer.domain.sales import Attribution
from trainer.domain.sales_entry import EntryState as S
from trainer.domain.sales_upload import UploadState
from trainer.domain.selection import ApplicationState, ReviewState, RoundState
from trainer.models import (
    Account,
    Anomaly,
    Application,
    Assignment,
    Attendance,
    AuditEvent,
    Certificate,
    Cohort,
    CohortMetrics,
    Conflict,
    Consent,
    DonationPayment,
    DonationPledge,
    Enrolment,
    EnrolmentEvent,
    FeedbackAnswer,
    ImportBatch,
    Lesson,
    Livestream,
    Mark,
    OrderLine,
    PanelSeat,
    PaperSheet,
    Person,
    Product,
    RankingRow,
    RankingRun,
    Region,
    Review,
    RoleGrant,
    Round,
    SalesEntry,
    SalesPeriod,
    SalesPeriodEvent,
    SalesUpload,
    Selection,
    Settlement,
    Shop,
    SiteFlag,
    WalkIn,
)
from trainer.queries.attendance import get_cohort_attendance
from trainer.queries.demo import get_demonstration_size, list_demo_accounts
from trainer.queries.duplicate import duplicates_page
from trainer.queries.outcomes import get_cohort_figures
from trainer.services import demonstration, roll, sales
from trainer.services.file import read_file

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def fill(at: datetime = NOON, size: Size = Size.SMALL):
    with transaction():
        return demonstration.fill(size, at=at)


@pytest.fixture(scope="module")
def small(whole_app, databases):
    """One small demonstration for all tests that only look, and what it says."""
    with whole_app.app_context():
        db.engine.dispose()
        databases.renew()
        assert fill().new
        said = digest()
        db.session.remove()
    return whole_app, said


@pytest.fixture
def filled(small):
    with small[0].app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def count(model, *where) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(model).where(*where))


def datong() -> Cohort:
    return db.session.scalars(db.select(Cohort).where(Cohort.code == "DT-2026-01")).one()


# Tests that only look at the filled database come first: the `app` fixture renews it.


@pytest.mark.sqlite_is_enough
def test_everybody_is_there(filled):
    roles = dict(db.session.execute(db.select(RoleGrant.role, db.func.count()).group_by(RoleGrant.role)).all())
    assert {role: n for role, n in roles.items() if n != 1} == {
        Role.MANAGER: 3,
        Role.COHORT_STAFF: 5,
        Role.INSTRUCTOR: 2,
        Role.EVALUATOR: 12,
        Role.TRAINEE: roles[Role.TRAINEE],
    }
    assert set(roles) == set(Role)
    assert roles[Role.TRAINEE] >= 5
    shown = Counter(account.role for account in list_demo_accounts())
    assert shown == {**dict.fromkeys(Role, 1), Role.MANAGER: 2}  # what needs two people is tried with both
    cities = db.session.execute(
        db.select(Cohort.region_code, db.func.count())
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Cohort.region_code != "140000", Enrolment.status != EnrolmentStatus.REJECTED)
        .group_by(Cohort.region_code)
    ).all()
    assert {code for code, _ in cities} == {"141000", "140800", "140400", "140300", "140200"}
    assert all(95 <= women <= 105 for _, women in cities)
    # With three who signed up, and one who was transferred and so stands in two.
    assert sum(women for _, women in cities) == 500 + 4


@pytest.mark.sqlite_is_enough
def test_outcomes_tell_a_whole_story(filled):
    """Of the first class: women at every stage, and a group without a place that answered twice."""
    figures = get_cohort_figures(1).figures
    assert all(step.reached for step in figures.funnel)
    assert figures.difference.kind is ComparisonKind.NOT_ADMITTED
    assert all(band.with_data for band in figures.bands)


@pytest.mark.sqlite_is_enough
def test_nobody_exists(filled):
    known = set(db.session.scalars(db.select(Region.code)))
    people = db.session.scalars(db.select(Person)).all()
    for person in people:
        if person.id_number:  # whoever signed up herself, and the records made twice, have none
            assert check_id_number(person.id_number) == person.id_number
            assert person.id_number[:6] not in known
        assert re.fullmatch(r"140000[09]\d{4}", person.phone)
        assert person.region_code in known
    phones = Counter(person.phone for person in people)
    assert sorted(phones.values(), reverse=True)[:5] == [2, 2, 2, 2, 1]
    assert [pair.sign for pair in list_pairs().items] == [DuplicateSign.PHONE_AND_NAME, DuplicateSign.SHARED_PHONE]


def list_pairs():
    return duplicates_page(Actor(None, "", None, (Grant(Role.MANAGER),)))


@pytest.mark.sqlite_is_enough
def test_nothing_was_done_in_the_future(filled):
    done = (
        *(Account.created_at, Person.created_at, Consent.given_at, EnrolmentEvent.at, Mark.at, Lesson.closed_at),
        *(Livestream.started_at, OrderLine.paid_at, ImportBatch.committed_at, Review.updated_at, AuditEvent.at),
    )
    for column in done:
        assert db.session.scalar(db.select(db.func.max(column))) <= NOON, column


@pytest.mark.sqlite_is_enough
def test_datong_is_in_the_middle_of_its_lessons(filled):
    lessons = db.session.scalars(
        db.select(Lesson).where(Lesson.cohort_id == datong().id).order_by(Lesson.starts_at)
    ).all()
    assert Counter(lesson.state for lesson in lessons) == {
        LessonState.CLOSED: 3,
        LessonState.OPEN: 2,
        LessonState.PLANNED: 4,
        LessonState.CANCELLED: 1,
    }
    forgotten, today = [lesson for lesson in lessons if lesson.state is LessonState.OPEN]
    assert forgotten.ends_at < NOON
    assert china_day(today.starts_at) == china_day(NOON)
    assert 40 <= count(Attendance, Attendance.lesson_id == today.id) <= 50
    assert count(Attendance, Attendance.lesson_id == forgotten.id) > 80


@pytest.mark.sqlite_is_enough
def test_attendance_is_what_the_last_mark_says(filled):
    last = db.select(db.func.max(Mark.id)).group_by(Mark.lesson_id, Mark.enrolment_id)
    said = db.select(Mark.id, Mark.lesson_id, Mark.enrolment_id, Mark.status).where(Mark.id.in_(last))
    kept = db.select(Attendance.mark_id, Attendance.lesson_id, Attendance.enrolment_id, Attendance.status)
    assert sorted(db.session.execute(said).all()) == sorted(db.session.execute(kept).all())
    superseded = count(Mark) - count(Attendance)
    assert superseded > 10
    assert count(Attendance, Attendance.status == AttendanceStatus.MADE_UP) > 5


@pytest.mark.sqlite_is_enough
def test_most_come_and_some_do_not(filled):
    for cohort in db.session.scalars(db.select(Cohort).where(Cohort.region_code.in_(["141000", "140800", "140300"]))):
        rows = get_cohort_attendance(cohort.id).rows
        assert 0.75 < sum(row.summary.rate >= 0.8 for row in rows) / len(rows) < 0.97
        assert any(row.summary.consecutive_absences >= 3 for row in rows)
        assert any(row.summary.not_applicable for row in rows)
        completed = set(
            db.session.scalars(
                db.select(Enrolment.id).where(
                    Enrolment.cohort_id == cohort.id, Enrolment.status == EnrolmentStatus.COMPLETED
                )
            )
        )
        assert completed == {row.enrolment_id for row in rows if row.summary.meets_rule}


@pytest.mark.sqlite_is_enough
def test_every_enrolment_ends_where_its_history_does(filled):
    last = db.select(db.func.max(EnrolmentEvent.id)).group_by(EnrolmentEvent.enrolment_id)
    ends = db.session.execute(
        db.select(Enrolment.status, EnrolmentEvent.status)
        .join(EnrolmentEvent, EnrolmentEvent.enrolment_id == Enrolment.id)
        .where(EnrolmentEvent.id.in_(last))
    ).all()
    assert len(ends) == count(Enrolment)
    assert all(now == told for now, told in ends)


@pytest.mark.sqlite_is_enough
def test_everybody_consented_to_be_in_the_register(filled):
    assert count(Consent, Consent.scope == ConsentScope.BASIC) == count(Person)


@pytest.mark.sqlite_is_enough
def test_one_woman_sells_most_of_all_and_many_nothing(filled):
    net = db.func.sum(OrderLine.paid_fen - OrderLine.refunded_fen)
    by_woman = db.session.execute(
        db.select(Person.name, net, db.func.count(OrderLine.id))
        .join(Shop, Shop.person_id == Person.id)
        .outerjoin(OrderLine, OrderLine.shop_id == Shop.id)
        .group_by(Person.id, Person.name)
    ).all()
    sold = sorted((total or 0 for _, total, _ in by_woman), reverse=True)
    assert max(by_woman, key=lambda row: row[1] or 0)[0] == "张晓红"
    assert sold[0] > 3 * sold[1]
    assert sum(lines == 0 for *_, lines in by_woman) > 20
    assert sum(0 < lines <= 12 for *_, lines in by_woman) > 80
    paid, refunded = db.session.execute(
        db.select(db.func.sum(OrderLine.paid_fen), db.func.sum(OrderLine.refunded_fen))
    ).one()
    assert 0.10 < refunded / paid < 0.30


@pytest.mark.sqlite_is_enough
def test_trust_follows_the_age_of_the_payment(filled):
    month_ago = NOON - timedelta(days=30)
    assert count(OrderLine, OrderLine.trust == 2, OrderLine.paid_at > month_ago) > 50
    assert count(OrderLine, OrderLine.trust == 2, OrderLine.paid_at < month_ago - timedelta(days=15)) == 0
    assert count(OrderLine, OrderLine.trust == 3, OrderLine.paid_at < month_ago) > 1000
    assert count(Livestream, Livestream.trust != 2, Livestream.batch_id.is_not(None)) == 0


@pytest.mark.sqlite_is_enough
def test_the_finished_selection_has_a_ranking_that_can_be_reckoned_again(filled):
    run = db.session.scalars(db.select(RankingRun)).one()
    again = rank_round(RoundInputs.from_json(run.inputs))
    assert again.output_sha256 == run.output_sha256
    assert count(RankingRow, RankingRow.run_id == run.id) == len(again.rows) > 40
    assert db.session.get(Round, run.round_id).state is RoundState.FROZEN
    assert run.frozen_at


@pytest.mark.sqlite_is_enough
def test_the_chosen_are_in_the_advanced_cohort(filled):
    chosen = db.session.scalars(
        db.select(Application.person_id)
        .join(RankingRow, RankingRow.application_id == Application.id)
        .where(RankingRow.rank <= 20)
    ).all()
    advanced = db.session.scalars(
        db.select(Enrolment.person_id).join(Cohort, Cohort.id == Enrolment.cohort_id).where(Cohort.track == "advanced")
    ).all()
    assert len(advanced) == 20
    assert set(advanced) <= set(chosen)


@pytest.mark.sqlite_is_enough
def test_the_running_selection_is_half_read_by_those_who_accepted(filled):
    round_ = db.session.scalars(db.select(Round).where(Round.state == RoundState.OPEN)).one()
    assert db.session.get(Selection, round_.selection_id).seats == 6
    assignments = db.session.scalars(db.select(Assignment).where(Assignment.round_id == round_.id)).all()
    assert len({assignment.account_id for assignment in assignments}) == 11
    states = Counter(
        db.session.scalars(
            db.select(Review.state).where(Review.assignment_id.in_([assignment.id for assignment in assignments]))
        )
    )
    assert 0.3 < states[ReviewState.SUBMITTED] / len(assignments) < 0.8
    assert states[ReviewState.DRAFT] >= 6
    assert states.total() < len(assignments)
    seats = Counter(db.session.scalars(db.select(PanelSeat.state).where(PanelSeat.round_id == round_.id)))
    assert seats == {SeatState.ACCEPTED: 11, SeatState.DECLINED: 1}
    conflicts = Counter(db.session.scalars(db.select(Conflict.source)))
    assert conflicts == {ConflictSource.SELF: 2, ConflictSource.APPLICANT: 1}


@pytest.mark.sqlite_is_enough
def test_women_apply_for_a_third_selection_now(filled):
    opening = db.session.scalars(db.select(Selection).where(Selection.applies_until > NOON)).one()
    states = Counter(db.session.scalars(db.select(Application.state).where(Application.selection_id == opening.id)))
    assert states.keys() == {ApplicationState.SUBMITTED, ApplicationState.DRAFT}


@pytest.mark.sqlite_is_enough
def test_a_sheet_waits_for_a_second_person_and_two_for_their_names(filled):
    sheet = db.session.scalar(db.select(PaperSheet))
    assert sheet.state is SheetState.WAITING
    assert (len(sheet.listed), len(sheet.unsure)) == (25, 1)
    assert read_file(sheet.photo).startswith(b"\xff\xd8")
    phones = db.session.scalars(db.select(WalkIn.phone_index).order_by(WalkIn.id)).all()
    assert (phones[0] is not None, phones[1:]) == (True, [None])


@pytest.mark.sqlite_is_enough
def test_the_shown_trainee_has_a_story(filled):
    shown = next(account for account in list_demo_accounts() if account.role is Role.TRAINEE)
    person = db.session.get(Account, shown.id).person_id
    enrolment = db.session.scalars(db.select(Enrolment).where(Enrolment.person_id == person)).one()
    assert enrolment.cohort_id == datong().id
    assert count(Attendance, Attendance.enrolment_id == enrolment.id) >= 3
    shop = db.session.scalars(db.select(Shop).where(Shop.person_id == person)).one()
    assert count(Livestream, Livestream.shop_id == shop.id) >= 6
    assert count(OrderLine, OrderLine.shop_id == shop.id) >= 20


@pytest.mark.sqlite_is_enough
def test_what_the_sales_pages_show_is_there_from_the_beginning(filled):
    """Typed broadcasts in every state, findings looked into by two people, months, seasons, a fund, a file to be mapped."""
    states = Counter(db.session.scalars(db.select(SalesEntry.state)))
    assert states == {S.DRAFT: 1, S.SUBMITTED: 3, S.CHECKED: 1, S.RETURNED: 1, S.REPLACED: 1}
    assert count(Anomaly, Anomaly.check == AnomalyCheck.DOUBLE_CLAIM) == 2
    assert count(Anomaly, Anomaly.check == AnomalyCheck.ABNORMAL_TRADES) == 1
    decided = Counter(db.session.scalars(db.select(Anomaly.decision)))
    assert (decided[Decision.ACCEPT], decided[Decision.EXCLUDE]) == (1, 1)
    assert count(Anomaly, Anomaly.state == AnomalyState.EXPLAINED) == 1
    assert count(OrderLine, OrderLine.excluded_by.is_not(None)) == 5
    stages = Counter(db.session.scalars(db.select(SalesPeriod.stage)))
    assert (stages["open"], stages["county"], stages["city"] > 2) == (1, 1, True)
    assert count(SalesPeriodEvent, SalesPeriodEvent.reason != "") == 1
    assert count(Product, Product.season_from.is_not(None)) > 3
    assert (count(DonationPledge), count(DonationPayment)) == (3, 2)
    assert db.session.scalars(db.select(SalesUpload.state)).all() == [UploadState.TO_MAP]
    assert count(Settlement) > 200
    assert set(db.session.scalars(db.select(OrderLine.attribution).distinct())) >= {
        None,
        *list(Attribution)[:3],
    }


@pytest.mark.sqlite_is_enough
def test_the_figures_of_every_cohort_are_reckoned(filled):
    assert count(CohortMetrics) == count(Cohort)


@pytest.mark.sqlite_is_enough
def test_it_says_what_it_is(filled):
    assert get_demonstration_size() is Size.SMALL
    last = db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert (last.action, last.details["size"]) == ("demonstration.fill", "small")


@pytest.mark.sqlite_is_enough
def test_two_finished_classes_have_their_certificates(filled):
    counts = Counter(db.session.scalars(db.select(Certificate.state)))
    assert (counts["replaced"], counts["revoked"]) == (1, 1)
    assert counts["valid"] > 150
    assert db.session.scalar(db.select(db.func.count(Certificate.enrolment_id.distinct()))) == counts.total() - 1


def test_work_goes_on_in_it_and_a_file_can_be_undone(filled):
    """The last of those that share it: here it changes."""
    lesson = db.session.scalars(
        db.select(Lesson).where(Lesson.cohort_id == datong().id, Lesson.state == LessonState.OPEN)
    ).all()[-1]
    unmarked = db.session.scalars(
        db.select(Enrolment.id).where(
            Enrolment.cohort_id == lesson.cohort_id,
            Enrolment.status == EnrolmentStatus.ACTIVE,
            Enrolment.joined_on <= china_day(NOON),
            Enrolment.id.not_in(db.select(Attendance.enrolment_id).where(Attendance.lesson_id == lesson.id)),
        )
    ).first()
    by = factories.actor(Role.MANAGER)
    with transaction():
        marks = [NewMark(unmarked, AttendanceStatus.PRESENT, "one-more")]
        roll.record_marks(lesson.id, marks, by=by, at=NOON)
    assert db.session.get(Attendance, (lesson.id, unmarked)).status is AttendanceStatus.PRESENT
    factories.enrolment(factories.cohort("NEW-01"))
    batch = db.session.scalars(db.select(ImportBatch).order_by(ImportBatch.id).limit(1)).one()
    made = count(Livestream, Livestream.batch_id == batch.id)
    assert made == batch.summary["counts"]["new"] > 0
    with transaction():
        sales.undo(batch.id, by=by, at=NOON)
    assert count(Livestream, Livestream.batch_id == batch.id) == 0


# From here on every test has its own database.


def digest() -> str:
    """Everything the database says, but for what is encrypted with a fresh nonce, the passwords, and the keys of
    answers that are to say nothing."""
    found = hashlib.sha256()
    secret = {"id_number", "phone", "password_hash", "content", "hash", "previous_hash", "stored_as"}
    for table in Base.metadata.sorted_tables:
        columns = [c for c in table.columns if c.name not in secret and c is not FeedbackAnswer.__table__.c.id]
        for row in sorted(map(repr, db.session.execute(db.select(*columns)))):
            found.update(row.encode())
    return found.hexdigest()


@pytest.mark.sqlite_is_enough
def test_the_same_day_gives_the_same_data_and_twice_is_once(small, app):
    for day, is_new in ((NOON, True), (NOON + timedelta(days=3), False)):
        assert fill(day).new is is_new
        assert digest() == small[1]


@pytest.mark.sqlite_is_enough
@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 12, 31, 16, 5, tzinfo=UTC),  # five past midnight of New Year's Day in China
        datetime(2028, 2, 29, 15, 55, tzinfo=UTC),
    ],
)
def test_it_can_be_filled_at_any_hour(app, at):
    fill(at)
    today = db.session.scalars(db.select(Lesson).where(Lesson.state == LessonState.OPEN)).all()
    assert china_day(max(lesson.starts_at for lesson in today)) == china_day(at)
    assert db.session.scalar(db.select(db.func.max(Mark.at))) <= at


def test_another_size_is_refused(app):
    with transaction() as session:
        session.add(SiteFlag(name="demonstration", value="small"))
    with pytest.raises(demonstration.OtherSize):
        fill(size=Size.MEDIUM)


@pytest.mark.parametrize("make", [factories.account, factories.person, factories.programme])
def test_a_real_database_is_left_alone(app, make):
    make()
    with pytest.raises(demonstration.HoldsRealData):
        fill()
    assert get_demonstration_size() is None
    assert count(Cohort) == 0

"""Tallies against a count by hand: eight women whose steps fall around midnight in China, as of three days."""

from datetime import date, datetime, timedelta

import pytest

from tests import factories
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.board import BoardLine, CohortSums
from trainer.domain.days import CHINA
from trainer.domain.tally import Count, Level, Question, TallyBy
from trainer.models import Certificate, Enrolment, EnrolmentEvent, Person, SignUp
from trainer.queries.board import get_board
from trainer.queries.tally import count_as_of
from trainer.queries.tally_list import places_page

pytestmark = pytest.mark.sqlite_is_enough

MAY, JUNE, JULY = date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31)


def at(text: str) -> datetime:
    """06-30 23:59:59 by the clocks in China, of 2026 unless a year is named."""
    text = text if len(text.split()[0]) > 5 else f"2026-{text}"
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def place(cohort, person, *steps: tuple[str, str], certificate: tuple[date, str | None] | None = None) -> None:
    """A place in a cohort with its steps (when, what); `certificate`: issued on, ended when."""
    with transaction() as session:
        row = Enrolment(cohort_id=cohort.id, person_id=person.id, status=steps[-1][1], joined_on=cohort.starts_on)
        session.add(row)
        session.flush()
        session.add_all(EnrolmentEvent(enrolment_id=row.id, status=what, at=at(when)) for when, what in steps)
        if certificate:
            issued_on, ended = certificate
            state = {"state": "revoked", "ended_at": at(ended)} if ended else {"state": "valid"}
            facts = {"number": f"T-{row.id}", "name": person.name, "content": "{}", "issued_at": factories.AT}
            session.add(Certificate(enrolment_id=row.id, issued_on=issued_on, **facts, **state))


def sign_up(cohort, number: int, sent: str, state: str = "open", settled: str | None = None) -> None:
    with transaction() as session:
        texts = {
            "code_index": f"c{number}",
            "nonce": f"n{number}",
            "name": "冯小妹",
            "notice_version": "1",
            "reason": "",
        }
        session.add(
            SignUp(
                **{"cohort_id": cohort.id, "state": state, "region_code": cohort.region_code, "answer_by": "look_up"},
                **texts,
                **{"at": at(sent), "settled_at": at(settled) if settled else None},
            )
        )


@pytest.fixture
def history(app):
    """A: county, foundation; B: another city, advanced, partly taken over; C: cadres of the city."""
    programme = factories.programme()
    a = factories.cohort(of=programme, region=factories.YUNZHOU)
    b = factories.cohort(of=programme, region=factories.LINFEN, track="advanced", is_taken_over=True)
    c = factories.cohort(of=programme, region=factories.DATONG, track="cadre")
    wang, li, zhang, zhao, sun, zhou, wu, zheng = (
        factories.person(name, kind="cadre" if name == "周" else "farmer") for name in "王李张赵孙周吴郑"
    )
    gone = factories.person("吴", region=factories.LINFEN)
    with transaction() as session:
        session.get(Person, gone.id).merged_into_id = wu.id
    steps = [("05-20 09:00", "applied"), ("05-31 23:59:59", "admitted"), ("06-01 00:00:00", "active")]
    place(a, wang, *steps, ("06-30 23:30", "completed"), certificate=(JUNE, None))
    place(b, wang, ("07-10 09:00", "admitted"))
    steps = [("05-25 09:00", "applied"), ("05-26 09:00", "waitlisted"), ("06-05 09:00", "admitted")]
    place(a, li, *steps, ("06-30 10:00", "not_completed"), ("07-05 09:00", "completed"))
    place(a, zhang, ("05-30 09:00", "applied"), ("06-01 00:00:00", "rejected"))
    place(a, zhao, ("06-30 23:59:59", "applied"), ("07-01 00:00:00", "withdrawn"))
    place(a, sun, ("05-20 09:00", "active"), ("06-15 09:00", "withdrawn"))
    place(c, zhou, ("06-10 09:00", "admitted"), ("07-31 23:59:59", "completed"))
    place(a, gone, ("05-28 09:00", "active"), ("06-30 10:00", "completed"))
    place(b, wu, ("06-20 09:00", "active"), ("07-20 09:00", "completed"))
    place(b, gone, ("06-21 09:00", "active"))  # doubled by the kept record's place: counted once
    place(b, zheng, ("2025-12-31 09:00", "completed"), certificate=(date(2025, 12, 31), "07-01 00:00:00"))
    sign_up(a, 1, "05-31 23:00", "settled", "06-02 09:00")
    sign_up(a, 2, "06-30 23:59:59")
    sign_up(a, 3, "06-15 09:00", "struck_out", "06-16 09:00")
    factories.site(factories.SHANXI, "hub")
    factories.site(opened_on=date(2026, 6, 1), closed_on=JULY)
    return a, b, c


# By hand. Stage: person-times/people; what does not stand here is nobody.
BY_HAND = {
    MAY: {
        "foundation": "all 5/5, applied 1/1, waitlisted 1/1, active 3/3, waiting 1/-",  # 张; 李; 王 孙 吴
        "advanced": "all 1/1, completed 1/1, certificates 1/1",  # 郑
        "trainees": "all 6/6, applied 1/1, waitlisted 1/1, active 3/3, completed 1/1, certificates 1/1, waiting 1/-",
        "cadres": "",
        "together": "all 6/6, applied 1/1, waitlisted 1/1, active 3/3, completed 1/1, certificates 1/1, waiting 1/-",
        "sites": 1,
    },
    JUNE: {
        # 赵; 王 吴; 李; 孙; 张
        "foundation": "all 6/6, applied 1/1, completed 2/2, not_completed 1/1, withdrawn 1/1, rejected 1/1,"
        " certificates 1/1, waiting 1/-",
        "advanced": "all 2/2, active 1/1, completed 1/1, certificates 1/1",  # 吴; 郑
        "cadre": "all 1/1, active 1/1",  # 周
        "trainees": "all 8/7, applied 1/1, active 1/1, completed 3/3, not_completed 1/1, withdrawn 1/1, rejected 1/1,"
        " certificates 2/2, waiting 1/-",
        "cadres": "all 1/1, active 1/1",
        "together": "all 9/8, applied 1/1, active 2/2, completed 3/3, not_completed 1/1, withdrawn 1/1, rejected 1/1,"
        " certificates 2/2, waiting 1/-",
        "sites": 2,
    },
    JULY: {
        # 王 李 吴; 赵 孙; 张
        "foundation": "all 6/6, completed 3/3, withdrawn 2/2, rejected 1/1, certificates 1/1, waiting 1/-",
        "advanced": "all 3/3, active 1/1, completed 2/2",  # 王; 吴 郑
        "cadre": "all 1/1, completed 1/1",  # 周
        "trainees": "all 9/7, active 1/1, completed 5/4, withdrawn 2/2, rejected 1/1, certificates 1/1, waiting 1/-",
        "cadres": "all 1/1, completed 1/1",
        "together": "all 10/8, active 1/1, completed 6/5, withdrawn 2/2, rejected 1/1, certificates 1/1, waiting 1/-",
        "sites": 1,
    },
}


def written(row) -> set[str]:
    return {f"{stage} {count.times}/{'-' if count.people is None else count.people}" for stage, count in row.items()}


def expected(line: str) -> set[str]:
    return {part.strip() for part in line.split(",") if part.strip()}


@pytest.fixture
def manager(app):
    return factories.actor(Role.MANAGER, region=factories.SHANXI)


@pytest.mark.parametrize("day", BY_HAND)
def test_the_tally_agrees_with_the_count_by_hand(history, manager, day):
    tally = count_as_of(manager, Question(day))
    hand = dict(BY_HAND[day])
    assert sum(tally.sites_by_kind.values()) == hand.pop("sites")
    for part in ("trainees", "cadres", "together"):
        assert written(getattr(tally, part)) == expected(hand.pop(part))
    assert {key: written(row) for key, row in tally.groups.items()} == {key: expected(row) for key, row in hand.items()}


@pytest.mark.parametrize("by", TallyBy)
@pytest.mark.parametrize("level", Level)
def test_person_times_of_the_groups_add_up_and_people_do_not_exceed_them(history, manager, by, level):
    tally = count_as_of(manager, Question(JULY, by, level))
    for stage, total in tally.together.items():
        rows = [row[stage] for row in tally.groups.values() if stage in row]
        assert sum(row.times for row in rows) == total.times
        if total.people is not None:
            assert max(row.people for row in rows) <= total.people <= sum(row.people for row in rows)
            assert total.people <= total.times


def test_the_groups_of_july(history, manager):
    def groups(by, level=Level.CITY):
        tally = count_as_of(manager, Question(JULY, by, level))
        return {key: tuple(row["all"]) for key, row in tally.groups.items() if "all" in row}

    assert groups(TallyBy.KIND) == {"farmer": (9, 7), "cadre": (1, 1)}  # the kept record's kind
    assert groups(TallyBy.REGION) == {"140200": (7, 7), "141000": (3, 3)}
    assert groups(TallyBy.REGION, Level.COUNTY) == {"140200": (1, 1), "140215": (6, 6), "141000": (3, 3)}
    assert groups(TallyBy.HOME) == {"140200": (10, 8)}  # where the kept record lives
    assert groups(TallyBy.SITE) == {"": (10, 8)}


@pytest.mark.parametrize("stage", ["all", "active", "completed", "certificates"])
def test_behind_every_number_stands_a_list_of_as_many_places(history, manager, stage):
    question = Question(JULY)
    tally = count_as_of(manager, question)
    for key, row in tally.groups.items():
        times = row[stage].times if stage in row else 0
        assert places_page(manager, question, key=key, column=stage).total == times
    assert places_page(manager, question, key=None, column=stage).total == tally.together[stage].times
    trainees = places_page(manager, question, key=None, cadre=False, column=stage)
    assert trainees.total == tally.trainees[stage].times


def test_rights_and_filters_cut_the_tally(history, manager):
    county = factories.actor(Role.COHORT_STAFF, region=factories.YUNZHOU)
    assert tuple(count_as_of(county, Question(JULY)).together["all"]) == (6, 6)
    assert count_as_of(factories.actor(Role.EVALUATOR), Question(JULY)).together == {}
    for cut, times in (
        ({"region_code": factories.DATONG}, 7),
        ({"track": "cadre"}, 1),
        ({"programme_id": history[0].programme_id + 1}, 0),
        ({"year": 2026}, 10),
        ({"year": 2025}, 0),
    ):
        tally = count_as_of(manager, Question(JULY, **cut))
        assert (tally.together["all"].times if tally.together else 0) == times


def test_the_board_counts_a_woman_once_in_a_city(history, manager):
    board = get_board(manager, Question(JULY, TallyBy.REGION, Level.COUNTY))
    assert {code: sums.finished for code, sums in board.sums.items()} == {"140200": 1, "140215": 1, "141000": 1}
    assert tuple(board.cities["140200"]["all"]) == (7, 7)
    assert tuple(board.together["all"]) == (10, 8)
    assert tuple(board.together["ended"]) == (6, 5)  # who left before she had a seat never began
    assert dict(board.funnel) == {"all": 8, "came": 0, "completed": 5, "broadcast": 0, "sold": 0}
    left = {"ended": Count(2, 2)}
    rates = [BoardLine("140200", True, CohortSums(running=1, finished=over), left).completion for over in (0, 1)]
    assert rates == [(0, 0), (0, 2)]  # who leaves a class that goes on makes no rate of 0 %


def test_a_later_correction_of_the_same_moment_counts(history, manager):
    """Steps of one moment count in the order in which they were written down."""
    woman, moment = factories.person("冯"), "06-20 09:00"
    place(history[0], woman, (moment, "admitted"), (moment, "active"), (moment, "withdrawn"))
    tally = count_as_of(manager, Question(JUNE))
    assert tally.groups["foundation"]["withdrawn"].times == 2
    assert db.session.get(Person, woman.id).created_at < at(moment) + timedelta(days=1)

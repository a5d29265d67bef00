"""County indicators, mentors and targets at their pages: from a form to the results sheet, by role and area."""

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from tests import factories
from tests.factories import AT, DATONG, LINFEN, SHANXI, YUNZHOU
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.county_indicator import IndicatorKind
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.programme import TargetKind
from trainer.models import CohortOutcomes, EnrolmentOutcome, IndicatorReading, MentorPosting, MentorVisit, Target
from trainer.queries.target import get_reached

POINTS = {"kind": IndicatorKind.LOGISTICS_POINTS, "subject": "", "unit": "个"}


@pytest.fixture
def manager(signed_in):
    return signed_in(factories.account(Role.MANAGER, region=SHANXI))


@pytest.fixture
def programme(app):
    return factories.programme(region=SHANXI)


def entered(**values) -> dict[str, object]:
    facts = {"region_code": YUNZHOU, "kind": "purchase_price", "subject": "黄花菜", "unit": "元/斤", "value": "9.50"}
    said = {"measured_on": str(clock.today()), "source": "收购合同", "idempotency_key": "k1"}
    return facts | said | values


def test_from_a_reading_to_its_series(manager, programme):
    page = f"/programmes/{programme.id}/counties"
    evidence = (io.BytesIO(factories.picture()), "合同.png")
    first = manager.post(page + "/new", data=entered(measured_on="2026-01-05", evidence=evidence))
    assert first.status_code == 303
    leap = manager.post(page + "/new", data=entered(value="1900", idempotency_key="k2"))
    assert (leap.status_code, "数值无误" in leap.text, 'value="1900"' in leap.text) == (422, True, True)
    for _twice in range(2):
        sent = manager.post(page + "/new", data=entered(value="19", idempotency_key="k2"))
        assert (sent.status_code, sent.location) == (303, "/programmes/counties/2")
    assert db.session.scalar(db.select(db.func.count()).select_from(IndicatorReading)) == 2
    shown = manager.get(page).text
    assert all(
        words in shown for words in ("9.50 元/斤", "19.00 元/斤", "+9.50", "+100.0%", "不能说明变化是项目带来的")
    )
    assert manager.get(first.location + "/evidence").mimetype == "image/jpeg"
    assert manager.post("/programmes/counties/2/take-back", data={"reason": "看错了"}).status_code == 303
    series = manager.get(first.location).text
    assert ("看错了" in series, "还没有之后的数据" in series) == (True, True)
    assert manager.post(page + "/new", data=entered(value="-1", idempotency_key="k3")).status_code == 422
    assert manager.post(page + "/new", data=entered(value="1.001", idempotency_key="k3")).status_code == 422
    book = load_workbook(io.BytesIO(manager.get(page + "/export").data))
    assert [sheet.title for sheet in book] == ["前后对比", "全部数据"]


def test_a_mentor_is_posted_visits_and_ends_early(manager, programme, signed_in):
    page, today = f"/programmes/{programme.id}/mentors", clock.today()
    days = {"starts_on": str(today - timedelta(days=90)), "ends_on": str(today + timedelta(days=90))}
    facts = {"region_code": YUNZHOU, "name": "任老师", "organisation": "农大", "planned_visits": "6", "plan": "教直播"}
    answer = manager.post(page + "/new", data={**facts, **days, "idempotency_key": "k1"})
    posting = answer.location
    assert "60天没有下乡" in manager.get(page).text
    seen = {"day": str(today), "minutes": "90", "place": "瓜园乡", "women": "12", "words": "教了打光"}
    county = signed_in(factories.account(Role.COHORT_STAFF, region=YUNZHOU))
    for _twice in range(2):
        assert county.post(posting + "/visits/new", data={**seen, "idempotency_key": "v"}).status_code == 303
    assert db.session.scalar(db.select(db.func.count()).select_from(MentorVisit)) == 1
    shown = county.get(posting).text
    assert ("教了打光" in shown, "1.5" in shown, posting + "/edit" in shown) == (True, True, False)
    edit = {**facts, **days, "planned_visits": "9", "version": factories.version(manager, posting + "/edit")}
    assert manager.post(posting + "/edit", data=edit).status_code == 303
    assert manager.post(posting + "/edit", data=edit).status_code == 409
    end = {"day": str(today), "reason": "调走", "version": factories.version(manager, posting + "/end")}
    assert manager.post(posting + "/end", data=end).status_code == 303
    assert "调走" in manager.get(posting).text
    again = {"version": factories.version(manager, posting)}
    manager.post(posting + "/reopen", data=again)
    row = db.session.scalar(db.select(MentorPosting))
    assert (row.ended_on, row.planned_visits) == (None, 9)
    partner = signed_in(factories.account(Role.PARTNER, region=SHANXI))
    assert ("瓜园乡" in partner.get(posting).text, "教了打光" in partner.get(posting).text) == (True, False)
    book = load_workbook(io.BytesIO(partner.get(page + "/export").data))
    assert "教了打光" not in str([row for sheet in book for row in sheet.iter_rows(values_only=True)])


def test_an_officer_reaches_her_own_county_only(signed_in, programme):
    mine, foreign = (factories.county_facts(programme.id, county) for county in (YUNZHOU, "141002"))
    officer = signed_in(factories.account(Role.COHORT_STAFF, region=YUNZHOU))
    assert officer.get(f"/programmes/counties/{foreign['reading_id']}").status_code == 404
    assert officer.get(f"/programmes/mentors/{foreign['posting_id']}").status_code == 404
    shown = officer.get(f"/programmes/{programme.id}/counties").text
    assert (f"/counties/{mine['reading_id']}" in shown, f"/counties/{foreign['reading_id']}" in shown) == (True, False)
    sent = officer.post(f"/programmes/{programme.id}/counties/new", data=entered(region_code="141002"))
    assert sent.status_code == 422
    other = factories.programme(region=LINFEN)
    assert officer.get(f"/programmes/{other.id}/counties/new").status_code == 404


def graduate(cohort, person=None, stages=(), net=None):
    """A woman who completed, with what she reached; her enrolment."""
    enrolment = factories.enrolment(cohort, person or factories.person(), status=EnrolmentStatus.COMPLETED)
    blank = {"activity": {}, "sources": {}, "paid_90_fen": 0, "refunded_90_fen": 0}
    row = EnrolmentOutcome(enrolment_id=enrolment.id, cohort_id=cohort.id, completed_on=AT.date(), **blank)
    row.stages, row.net_90_fen = dict.fromkeys(stages, "2026-05-01"), net
    with transaction() as session:
        session.add(row)
    return enrolment


def promise(programme, *kinds: TargetKind, value: int = 10) -> None:
    with transaction() as session:
        session.add_all(
            Target(programme_id=programme.id, kind=kind, value=value, source="协议") for kind in kinds or TargetKind
        )


def test_a_woman_of_two_courses_counts_once(programme):
    first, second = (factories.cohort(of=programme) for _ in range(2))
    both = factories.person()
    hers = graduate(first, both, ["first_broadcast", "first_paid_order"], net=50_000)
    graduate(second, both, ["first_broadcast", "sustained"], net=70_050)
    graduate(second, stages=["first_broadcast"])
    factories.paid_work(hers, first, paid_days=200)
    factories.paid_work(hers, first, paid_days=100, taken_back_at=AT)
    factories.paid_work(factories.enrolment(second), second, paid_days=240)
    for county, day, value in ((YUNZHOU, 1, 3000), (YUNZHOU, 9, 9500), ("140221", 5, 7100)):
        factories.reading(programme.id, county, date(2026, 1, day), value, **POINTS)
    factories.reading(programme.id, YUNZHOU, date(2026, 1, 20), 99_900, taken_back_at=AT, **POINTS)
    factories.posting(programme.id, YUNZHOU, name="任老师")
    factories.posting(programme.id, "140221", name="任老师")
    factories.posting(programme.id, YUNZHOU, starts_on=AT.date() + timedelta(days=9))
    with transaction() as session:
        session.add_all(CohortOutcomes(cohort_id=c.id, as_of=AT.date()) for c in (first, second))
    reached = get_reached(programme.id, AT.date())
    found = {kind: reached.actual(kind).value for kind in TargetKind}
    assert found == {
        **{TargetKind.PEOPLE_TRAINED: 3, TargetKind.COHORTS_RUN: 0, TargetKind.ADVANCED_TRAINED: 0},
        **{TargetKind.SHOPS_OPENED: 0, TargetKind.COMPLETED: 2, TargetKind.BROADCASTING: 2, TargetKind.SELLING: 1},
        **{TargetKind.SUSTAINED_SELLERS: 1, TargetKind.NET_SALES_YUAN: 700, TargetKind.JOBS_FTE: 0.8},
        **{TargetKind.MENTORS_POSTED: 1, TargetKind.LOGISTICS_POINTS: 166, TargetKind.PRACTITIONERS: 0},
        TargetKind.HOUSEHOLDS: 0,
    }
    assert reached.actual(TargetKind.LOGISTICS_POINTS).as_of == date(2026, 1, 5)
    assert reached.actual(TargetKind.SELLING).as_of == AT.date()


def test_the_results_sheet_shows_what_stands_behind_and_outsiders_no_few(manager, signed_in, programme):
    cohort = factories.cohort(of=programme)
    for _number in range(3):
        graduate(cohort, stages=["first_broadcast"])
    factories.reading(programme.id, YUNZHOU, date(2026, 1, 9), 9500, **POINTS)
    promise(programme, TargetKind.BROADCASTING, TargetKind.LOGISTICS_POINTS, value=80)
    page = f"/programmes/{programme.id}/targets"
    shown, partner = manager.get(page).text, signed_in(factories.account(Role.PARTNER, region=DATONG))
    assert (f'href="/cohorts/{cohort.id}/outcomes"' in shown, "118.8%" in shown, "协议" in shown) == (True, True, True)
    told = partner.get(page).text
    assert ("人数太少，不显示" in told, cohort.name in told, "118.8%" in told) == (True, False, True)
    for client, behind in ((manager, True), (partner, False)):
        said = str([row for sheet in _book(client, page) for row in sheet.iter_rows(values_only=True)])
        assert (cohort.name in said, "收购合同" in said) == (behind, True)


def _book(client, page):
    return load_workbook(io.BytesIO(client.get(page + "/export").data))


@pytest.mark.parametrize("things", [1, 3])
def test_pages_take_the_same_statements(manager, programme, count_statements, things):
    promise(programme)
    for number in range(things):
        graduate(factories.cohort(of=programme), stages=["sustained"])
        posting = factories.posting(programme.id, YUNZHOU)
        factories.visit(posting, AT.date())
        reading = factories.reading(programme.id, YUNZHOU, AT.date() + timedelta(days=number), 900)
    base = f"/programmes/{programme.id}"
    pages = [(base + "/counties", 5), (f"/programmes/counties/{reading}", 6), (base + "/mentors", 5)]
    pages += [(f"/programmes/mentors/{posting}", 7), (base + "/targets", 10), (base, 9)]
    counts = []
    for address, _statements in pages:
        with count_statements() as seen:
            assert manager.get(address).status_code == 200
        counts.append(len(seen))
    assert counts == [statements for _address, statements in pages]

"""The command that tells a cohort's outcomes, against sums made another way."""

import importlib
import json
from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest

from tests import factories
from tests.factories import AT
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.enrolment import EnrolmentStatus
from trainer.models import Shop
from trainer.services import sales_reckoning, shop_lock

END = date(2026, 3, 13)
# Of each graduate: days of qualifying broadcasts, and of orders with their net in fen; her data reach her last day.
WOMEN = [
    (range(4, 200, 7), {12: 30_000, 45: 8_000, 199: 100}),
    ((8, 20, 61), {20: 5_000, 95: 700}),
    ((15,), {}),
    ((), {33: 90_000, 120: 2_500}),
    ((), {}),
    ((3, 28), {5: 1_500}),
]


def moment(day: int) -> datetime:
    return datetime(END.year, END.month, END.day, 4, tzinfo=UTC) + timedelta(days=day)


@pytest.fixture
def cohort(app, monkeypatch):
    made = factories.cohort("DT-2026-01")
    shops = []
    for broadcasts, orders in WOMEN:
        hers = factories.enrolment(made, status=EnrolmentStatus.COMPLETED)
        shops.append(factories.shop(hers.person, name=f"店{hers.id}"))
        for day in broadcasts:
            factories.livestream(shops[-1], moment(day), duration_s=3600, viewers=50)
        for day, net in orders.items():
            factories.order_line(shops[-1], moment(day), net + 1_000, refunded_fen=1_000)
    with transaction():
        for shop in shops:
            shop_lock.touch(db.session.get(Shop, shop.id), at=AT)
    for shop in shops:
        with transaction():
            sales_reckoning.reckon(shop.id, at=AT)
    monkeypatch.setattr(clock, "now", lambda: moment(210))
    return made


def told(app, *words) -> dict:
    result = app.test_cli_runner().invoke(args=["outcomes", "cohort", *words, "--json"])
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def reach(broadcasts, orders) -> int:
    return max((*broadcasts, *orders), default=-1)


def test_it_tells_what_the_rows_say(app, cohort):
    found = told(app, "DT-2026-01")
    assert (found["cohort"], found["as_of"], found["n"]) == ("DT-2026-01", "2026-10-09", 6)
    for cell in found["retention"][:4]:
        day = cell["day"]
        known = [broadcasts for broadcasts, orders in WOMEN if reach(broadcasts, orders) >= day]
        active = sum(any(day - 29 <= one <= day for one in broadcasts) for broadcasts in known)
        unknown = len(WOMEN) - len(known)
        assert [cell[name] for name in ("eligible", "active", "no_data")] == [len(known), active, unknown]
        assert (cell["low"], cell["high"]) == (active / 6, (active + unknown) / 6)
    nets = [
        sum(net for day, net in orders.items() if 0 < day <= 90)
        for broadcasts, orders in WOMEN
        if reach(broadcasts, orders) >= 90
    ]
    assert found["money"]["net_fen_median"] == median(nets)
    assert [step["reached"] for step in found["funnel"] if step["stage"] == "first_paid_order"] == [4]
    # The time to the first order, as another library reckons it.
    survfunc = importlib.import_module("statsmodels.duration.survfunc")
    watched = [(min(orders), 1) if orders else (reach(broadcasts, orders), 0) for broadcasts, orders in WOMEN]
    watched = [(day, sold) for day, sold in watched if day > 0]
    other = survfunc.SurvfuncRight(*zip(*watched, strict=True))
    steps = found["first_order_km"]
    assert [step[0] for step in steps] == list(other.surv_times)
    assert [step[3] for step in steps] == pytest.approx(list(other.surv_prob))
    early = told(app, "DT-2026-01", "--as-of", "2026-04-12")
    assert early["as_of"] == "2026-04-12"
    assert [cell["no_data"] + cell["eligible"] for cell in early["retention"]] == [6, 0, 0, 0, 0]


REFUSED = {
    "unknown": (["NO-SUCH"], 2, "NO-SUCH"),
    "tomorrow": (["DT-2026-01", "--as-of", "2026-10-10"], 2, "2026-10-10"),
}


@pytest.mark.parametrize(("words", "code", "named"), REFUSED.values(), ids=REFUSED)
def test_what_it_refuses(app, monkeypatch, words, code, named):
    factories.cohort("DT-2026-01")
    monkeypatch.setattr(clock, "now", lambda: moment(210))
    result = app.test_cli_runner().invoke(args=["outcomes", "cohort", *words, "--json"])
    assert (result.exit_code, result.stdout) == (code, "")
    assert named in result.stderr
    assert "Traceback" not in result.stderr

"""Women for the tables of cases: everything by days since the end of a course on 31 January 2026."""

from datetime import date, timedelta

from trainer.domain.outcomes import Day, Stage, Woman

T0 = date(2026, 1, 31)


def on(day: int) -> date:
    return T0 + timedelta(days=day)


def woman(*, done=True, reach=None, since=None, broadcasts=(), sold=None, stages=None, said=(), **rest) -> Woman:
    """`broadcasts`: days with one qualifying broadcast each (twice named, two); `sold`: firm net fen by day."""
    sold = sold or {}
    days = [
        Day(
            on(day),
            qualifying=list(broadcasts).count(day),
            broadcasts=list(broadcasts).count(day),
            orders=int(day in sold),
            paid_fen=max(sold.get(day, 0), 0),
            refunded_fen=max(-sold.get(day, 0), 0),
            firm_net_fen=sold.get(day, 0),
        )
        for day in sorted({*broadcasts, *sold})
    ]
    return Woman(
        **{"id": 1, "region_code": "320100"} | rest,
        completed_on=T0 if done else None,
        stages={Stage(name): on(day) for name, day in (stages or {}).items()},
        reach_from=None if since is None else on(since),
        reach_on=None if reach is None else on(reach),
        days=tuple(days),
        said_on=tuple(on(day) for day in said),
    )

"""Which broadcast an order line is of where its file does not name one: by when it was paid."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from trainer.domain.days import china_day, day_begins
from trainer.domain.sales import Attribution

# Whoever watched to the end pays a little later.
PAID_UNTIL = timedelta(minutes=30)
A_SECOND = timedelta(seconds=1)
EVER, NEVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Window:
    """When the orders of a broadcast are paid: from its beginning on, up to (not with) `until`."""

    livestream_id: int
    begins: datetime
    until: datetime


@dataclass(frozen=True)
class Slice:
    """A stretch of time, its end not with it, and what an order paid in it is: `if_live` where the file says that it was
    sold live, `if_untold` where it says nothing of that."""

    begins: datetime
    until: datetime
    livestream_id: int | None
    if_live: Attribution
    if_untold: Attribution


def window(
    livestream_id: int, started_at: datetime, ended_at: datetime | None, duration_s: int | None
) -> Window | None:
    """None where the list says neither an end nor how long it lasted."""
    if ended_at is None and duration_s is not None:
        ended_at = started_at + timedelta(seconds=duration_s)
    if ended_at is None or ended_at < started_at:
        return None
    return Window(livestream_id, started_at, ended_at + PAID_UNTIL + A_SECOND)


def cut(windows: Iterable[Window]) -> list[Slice]:
    """All time cut into stretches in which the same broadcasts could have sold; every moment lies in exactly one.

    In one broadcast: by TIME. In several at once: OPEN, nobody can tell. So is the second of midnight: files that
    print a day without a clock are read like that. Between two broadcasts nothing was sold live, unless the file says
    so. Before the first and after the last one her lists may not reach: OPEN.
    """
    windows = list(windows)
    edges = {edge for one in windows for edge in (one.begins, one.until)}
    first, last = min(edges, default=NEVER), max(edges, default=EVER)
    midnights = {midnight for one in windows for midnight in _midnights(one)}
    edges |= midnights | {midnight + A_SECOND for midnight in midnights} | {EVER, NEVER}
    by_beginning = sorted(windows, key=lambda one: one.begins, reverse=True)
    on_air: list[Window] = []
    slices = []
    for begins, until in pairwise(sorted(edges)):
        while by_beginning and by_beginning[-1].begins <= begins:
            on_air.append(by_beginning.pop())
        on_air = [one for one in on_air if one.until > begins]
        if len(on_air) == 1 and begins not in midnights:
            slices.append(Slice(begins, until, on_air[0].livestream_id, Attribution.TIME, Attribution.TIME))
        elif on_air:
            slices.append(Slice(begins, until, None, Attribution.OPEN, Attribution.OPEN))
        else:
            untold = Attribution.NOT_LIVE if first <= begins < last else Attribution.OPEN
            slices.append(Slice(begins, until, None, Attribution.UNKNOWN_BROADCAST, untold))
    return slices


def _midnights(one: Window) -> Iterator[datetime]:
    midnight = day_begins(china_day(one.begins))
    while midnight < one.until:
        if midnight >= one.begins:
            yield midnight
        midnight += timedelta(days=1)

"""The dealing as a mixed integer programme, solved by HiGHS; what cannot be met is refused with what to loosen."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np

from trainer.errors import Refused

# Whole costs by lot: with real ones the solver is much slower, and the best by a hair is not wanted.
LOTS = 10
GAP = 0.1
MOST_NAMED = 5


class CannotDeal(Refused):
    """What was asked for cannot be met; `code` says what stands against it."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        super().__init__(**values)


@dataclass(frozen=True)
class Table:
    """Candidates × judges: who `may` read whom, whose reading is `fixed`, who is of whose `own` group; `most` a judge."""

    may: np.ndarray
    fixed: np.ndarray
    own: np.ndarray
    most: np.ndarray
    candidates: tuple[str, ...]
    judges: tuple[str, ...]


def assign(table: Table, need: np.ndarray, cross: Fraction, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """Who reads whom (`need`: readers of each candidate), and how many readings may lie within a group.

    Raises CannotDeal.
    """
    total = int(need.sum())
    limit = total - ceil(cross * total)
    fixed = table.fixed.sum(axis=0)
    room = np.maximum(np.minimum(table.most, table.may.sum(axis=0)), fixed)
    if total > room.sum():
        raise CannotDeal("capacity_short", needed=total, room=int(room.sum()), missing=total - int(room.sum()))
    level = _level(room, fixed, total)
    model = _Model(table, need, rng.integers(0, LOTS, table.may.shape), limit)
    # Conflicts or groups may stand against equal loads: then as little apart as can be.
    slacks = (0, *(1 << k for k in range(level.bit_length())))
    bounds = [(np.clip(level - slack, fixed, room), np.clip(level + 1 + slack, fixed, room)) for slack in slacks]
    for low, high in (*bounds, (fixed, room)):
        if (found := model.solve(low, high)) is not None:
            return found, limit
    raise _why_not(model, fixed, room, total)


def needs(table: Table, readers: int | None, *, lenient: bool) -> np.ndarray:
    """Readers of each candidate: as asked for, or those fixed where they are more; `lenient`: as many as there are."""
    judges = len(table.judges)
    if readers is not None and not (readers >= 1 and (readers <= judges or lenient)):
        raise CannotDeal("too_few_evaluators", readers=readers, evaluators=judges)
    left = (table.may | table.fixed).sum(axis=1)
    wanted = left if readers is None else np.maximum(readers, table.fixed.sum(axis=1))
    short = np.flatnonzero((left < wanted) | (left == 0))
    if short.size and not lenient:
        named = [table.candidates[i] for i in short]
        raise CannotDeal("too_few_left", candidates=_named(named), readers=readers or 1, left=int(left[short].min()))
    return np.minimum(wanted, left)


def _level(room: np.ndarray, fixed: np.ndarray, total: int) -> int:
    """The floor of the loads: the highest that fits, with room and what is fixed heeded."""
    level = 0
    while level < room.max() and np.clip(level + 1, fixed, room).sum() <= total:
        level += 1
    return level


class _Model:
    """min Σ lot·x over 0/1 for the free pairs: readers of each candidate, loads of each judge, readings in a group."""

    def __init__(self, table: Table, need: np.ndarray, lots: np.ndarray, limit: int) -> None:
        self.table, self.missing, self.lots = table, need - table.fixed.sum(axis=1), lots
        self.limit = limit - int((table.fixed & table.own).sum())
        free = table.may & ~table.fixed & (self.missing > 0)[:, None]
        self.rows, self.columns = np.nonzero(free)
        self.within = table.own[self.rows, self.columns]

    def solve(self, low: np.ndarray, high: np.ndarray) -> np.ndarray | None:
        """With loads from `low` to `high`; None where there is no way."""
        if self.limit < 0:
            return None
        values = self._minimise(self.lots[self.rows, self.columns], low, high, self.limit)
        if values is None:
            return None
        reads = self.table.fixed.copy()
        reads[self.rows, self.columns] = values > 0.5
        return reads

    def fewest_within(self, low: np.ndarray, high: np.ndarray) -> int | None:
        """How many readings must lie within a group at least; None where even so there is no way."""
        values = self._minimise(self.within, low, high, None)
        return (
            None
            if values is None
            else round(float(values @ self.within)) + int((self.table.fixed & self.table.own).sum())
        )

    def unmet(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Of each candidate, the readings that nobody is left to do, as few as can be."""
        values = self._minimise(np.zeros(self.rows.size), low, high, None, open_ended=True)
        return np.round(values[self.rows.size :]).astype(int)

    def _minimise(self, cost, low, high, limit: int | None, open_ended: bool = False) -> np.ndarray | None:
        """`open_ended`: readings may be missing, at a price each; they stand behind the others in the answer."""
        candidates, judges = self.table.may.shape
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 (37 MB, only a dealing needs it)
        from scipy.sparse import csr_array  # noqa: PLC0415 (with the one above)

        pairs, fixed = np.arange(self.rows.size), self.table.fixed.sum(axis=0)
        spare = candidates if open_ended else 0
        width = pairs.size + spare
        if not width:
            return np.zeros(0) if (fixed >= low).all() and (self.missing <= 0).all() else None
        at_row = [self.rows, candidates + self.columns, np.arange(spare)]
        at_column = [pairs, pairs, pairs.size + np.arange(spare)]
        lower, upper = [self.missing, low - fixed], [self.missing, high - fixed]
        if limit is not None and self.within.sum() > limit:
            at_row.append(np.full(int(self.within.sum()), candidates + judges))
            at_column.append(np.flatnonzero(self.within))
            lower.append([0])
            upper.append([limit])
        where = np.concatenate(at_row), np.concatenate(at_column)
        lower, upper = np.concatenate(lower), np.concatenate(upper)
        table = csr_array((np.ones(where[0].size), where), shape=(lower.size, width))
        found = milp(
            np.concatenate([cost, np.ones(spare)]),
            constraints=LinearConstraint(table, lower, upper),
            bounds=Bounds(0, np.concatenate([np.ones(pairs.size), np.maximum(self.missing[:spare], 0)])),
            integrality=np.ones(width),
            options={"mip_rel_gap": GAP},
        )
        return found.x


def _why_not(model: _Model, fixed: np.ndarray, room: np.ndarray, total: int) -> CannotDeal:
    within = model.fewest_within(fixed, room)
    if within is not None:
        # Cut off, not rounded: what it says can be asked for.
        return CannotDeal("cross_out_of_reach", reached=f"{int(1000 * Fraction(total - within, total)) / 10:g}")
    unmet = model.unmet(fixed, room)
    named = [model.table.candidates[i] for i in np.flatnonzero(unmet)]
    return CannotDeal("limits_and_conflicts", candidates=_named(named), missing=int(unmet.sum()))


def _named(names: list[str]) -> str:
    return "、".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")

"""Quotas laid over a ranking: who would move in and out, by which rule, and what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from trainer.domain.round_inputs import QuotaRule


@dataclass(frozen=True)
class Proposal:
    """`comes_in` and `goes_out`: candidate → the rules that move her; `price`: points of the mean total of the chosen.

    `unmet`: the rules that cannot all be kept, whoever is chosen; then nothing is proposed.
    """

    chosen: tuple[str, ...]
    comes_in: Mapping[str, tuple[int, ...]]
    goes_out: Mapping[str, tuple[int, ...]]
    price: Decimal | None
    unmet: tuple[int, ...] = ()


def propose(
    totals: Mapping[str, Decimal], groups: Mapping[str, Mapping[str, str]], quotas: Sequence[QuotaRule], seats: int
) -> Proposal:
    """The `seats` with the highest totals that keep all quotas. Rules go by their position in `quotas`.

    Nobody moves without need; equal totals: the earlier code. max Σ total·z, Σ z = seats, at_least ≤ Σ z in the group ≤ at_most (HiGHS).
    """
    ranked = sorted(totals, key=lambda code: (-totals[code], code))
    seats = min(seats, len(ranked))
    members = np.array([[groups.get(code, {}).get(q.attribute.value) == q.value for code in ranked] for q in quotas])
    plain = set(ranked[:seats])
    picked = _solve(np.array([float(totals[code]) for code in ranked]), members, quotas, seats)
    if picked is None:
        return Proposal((), {}, {}, None, _unmet(members, quotas, seats))
    chosen = {code for code, is_in in zip(ranked, picked, strict=True) if is_in}
    at = {code: place for place, code in enumerate(ranked)}

    def rules_of(code: str, limit: str) -> tuple[int, ...]:
        return tuple(k for k, q in enumerate(quotas) if members[k, at[code]] and getattr(q, limit) is not None)

    lost = sum((totals[code] for code in plain), Decimal(0)) - sum((totals[code] for code in chosen), Decimal(0))
    return Proposal(
        chosen=tuple(code for code in ranked if code in chosen),
        comes_in={code: rules_of(code, "at_least") for code in ranked if code in chosen - plain},
        goes_out={code: rules_of(code, "at_most") for code in ranked if code in plain - chosen},
        price=round(lost / seats, 6) if seats else None,
    )


def _solve(totals: np.ndarray, members: np.ndarray, quotas: Sequence[QuotaRule], seats: int) -> np.ndarray | None:
    """Who is picked of the ranked `totals`: the most points, of such choices the fewest moves, then the earlier ones."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 (half a second that most pages never need)

    n, place = len(totals), np.arange(len(totals))
    low = np.array([q.at_least or 0 for q in quotas], dtype=float)
    high = np.array([n if q.at_most is None else q.at_most for q in quotas], dtype=float)
    rules = [LinearConstraint(np.ones((1, n)), seats, seats)]
    if len(quotas):
        rules.append(LinearConstraint(members.astype(float), low, high))

    def cheapest(cost: np.ndarray) -> np.ndarray | None:
        # The gap of the solver's own accord is a hundredth of a percent: enough to pass over the better choice.
        exact = {"mip_rel_gap": 0.0}
        found = milp(cost, constraints=rules, integrality=np.ones(n), bounds=Bounds(0, 1), options=exact)
        return found.x > 0.5 if found.success else None

    # As what is lost to the best, so large that the solver's tolerance lies far below the last digit of a total.
    lost = (totals.max(initial=0.0) - totals) * 1000
    best = cheapest(lost)
    if best is None:
        return None
    rules.append(LinearConstraint(lost[None, :], -np.inf, lost[best].sum() + 1e-4))
    return cheapest(place + np.where(place < seats, 0.0, n * n))


def _unmet(members: np.ndarray, quotas: Sequence[QuotaRule], seats: int) -> tuple[int, ...]:
    """Rules that not even everybody could keep; all of them where only together they cannot be kept."""
    alone = tuple(k for k, q in enumerate(quotas) if (q.at_least or 0) > min(int(members[k].sum()), seats))
    return alone or tuple(range(len(quotas)))

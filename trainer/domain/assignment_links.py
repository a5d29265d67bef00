"""Swaps that hang judges together: who shares candidates with whom evens out, loads stay as they are.

The mean of the eigenvalues of S is given by the numbers of readings; the fewer differences there are in how many
candidates two judges share, the nearer all of them, λ₂ among them, lie to it ((M,S)-optimality, Eccleston & Hedayat
1974). What is left to gain, and unlinked groups, the vector of λ₂ shows.
"""

import numpy as np

from trainer.domain.assignment_model import Table

EVENING_ROUNDS, PATIENCE, SAMPLE = 300, 12, 250
LINKING_ROUNDS, TRIALS = 40, 6
SMALL = 1e-6


def even_out(reads: np.ndarray, table: Table, limit: int, rng: np.random.Generator) -> None:
    """Change `reads` in place; what is fixed stays, conflicts too, and at most `limit` readings within a group."""
    _even_shares(reads, table, limit, rng)
    _link(reads, table, limit, rng)


class _Swaps:
    """A drawn sample of readings (i by a), (k by b), and which of them may become (i by b), (k by a)."""

    def __init__(self, reads: np.ndarray, table: Table, limit: int, rng: np.random.Generator) -> None:
        readings = np.argwhere(reads & ~table.fixed)
        one, other = (readings[rng.permutation(len(readings))[:SAMPLE]] for _ in range(2))
        self.i, self.a = one.T
        self.k, self.b = other.T
        free, own = table.may & ~reads, table.own.astype(int)
        more = self._both(own) - own[self.i, self.a][:, None] - own[self.k, self.b][None, :]
        within = int((reads & table.own).sum()) + more <= limit
        self.allowed = free[self.i][:, self.b] & free[self.k][:, self.a].T & within

    def _both(self, values: np.ndarray) -> np.ndarray:
        return values[self.i][:, self.b] + values[self.k][:, self.a].T

    def best(self, gains: np.ndarray, count: int) -> list[tuple[int, int]]:
        """Places of the greatest gains above nothing."""
        gains = np.where(self.allowed, gains, 0.0)
        places = np.argsort(-gains, axis=None, kind="stable")[:count]
        return [divmod(int(p), gains.shape[1]) for p in places if gains.flat[p] > SMALL]

    def swap(self, reads: np.ndarray, r: int, s: int) -> None:
        """The second time takes the first back."""
        i, a, k, b = self.i[r], self.a[r], self.k[s], self.b[s]
        for row, column in ((i, a), (i, b), (k, b), (k, a)):
            reads[row, column] ^= True


def _even_shares(reads: np.ndarray, table: Table, limit: int, rng: np.random.Generator) -> None:
    """Fewer and fewer Σ (shared candidates of two judges)²."""
    failures = 0
    for _ in range(EVENING_ROUNDS):
        if failures == PATIENCE:
            return
        swaps = _Swaps(reads, table, limit, rng)
        before = _shares(reads)
        for r, s in swaps.best(_evening_gains(swaps, reads, before), 1):
            swaps.swap(reads, r, s)
            if (_shares(reads) ** 2).sum() < (before**2).sum():
                failures = -1
            else:
                swaps.swap(reads, r, s)
        failures += 1


def _shares(reads: np.ndarray) -> np.ndarray:
    numbers = reads.astype(float)
    return numbers.T @ numbers


def _evening_gains(swaps: _Swaps, reads: np.ndarray, shares: np.ndarray) -> np.ndarray:
    i, a, k, b = swaps.i, swaps.a, swaps.k, swaps.b
    met = reads.astype(float) @ shares
    readers = reads.sum(axis=1)
    lost = met[i, a] - shares[a, a] - readers[i] + 1, met[k, b] - shares[b, b] - readers[k] + 1
    return lost[0][:, None] + lost[1][None, :] - swaps._both(met) + 2 * shares[a][:, b]


def _link(reads: np.ndarray, table: Table, limit: int, rng: np.random.Generator) -> None:
    """Raise λ₂ along its own vector: a swap changes vᵀSv by exactly the gain, and λ₂ by no more."""
    state, vector = _slowest(reads)
    for _ in range(LINKING_ROUNDS):
        swaps, better = _Swaps(reads, table, limit, rng), False
        for r, s in swaps.best(_linking_gains(swaps, reads, vector), TRIALS):
            swaps.swap(reads, r, s)
            then, new = _slowest(reads)
            better = then > state
            if better:
                state, vector = then, new
                break
            swaps.swap(reads, r, s)
        if not better:
            return


def _slowest(reads: np.ndarray) -> tuple[tuple[int, float], np.ndarray]:
    """(−groups, λ₂) of the judges who read anything, and the vector of λ₂ over all of them."""
    numbers = reads[:, (busy := reads.any(axis=0))].astype(float)
    numbers = numbers[numbers.any(axis=1)]
    joined = np.diag(numbers.sum(axis=0)) - numbers.T @ (numbers / numbers.sum(axis=1)[:, None])
    # The constant vector, whose eigenvalue is 0 always, is lifted out of the way.
    values, vectors = np.linalg.eigh(joined + numbers.shape[0])
    vector = np.zeros(reads.shape[1])
    vector[busy] = vectors[:, 0]
    return (-int((values < SMALL).sum()), round(float(values[0]), 6)), vector


def _linking_gains(swaps: _Swaps, reads: np.ndarray, vector: np.ndarray) -> np.ndarray:
    i, a, k, b = swaps.i, swaps.a, swaps.k, swaps.b
    total, readers = reads @ vector, reads.sum(axis=1)
    step = vector[b][None, :] - vector[a][:, None]
    # Σ (v − mean)² of i's readers with b for a, and of k's with a for b; the squares themselves cancel.
    first = step * (2 * total[i][:, None] + step) / readers[i][:, None]
    second = -step * (2 * total[k][None, :] - step) / readers[k][None, :]
    return np.where(i[:, None] == k[None, :], 0.0, -first - second)

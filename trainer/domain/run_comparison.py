"""Two runs of a round beside each other: whose rank changed, and who crossed the line."""

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.domain.ranking_line import RankingLine


@dataclass(frozen=True)
class Move:
    """One candidate in both runs; a line is None in the run where she was no candidate."""

    before: RankingLine | None
    after: RankingLine | None
    was_inside: bool
    is_inside: bool

    @property
    def line(self) -> RankingLine:
        return self.after or self.before

    @property
    def crossed(self) -> bool:
        return self.was_inside != self.is_inside

    @property
    def ranks(self) -> tuple[int | None, int | None]:
        return (self.before and self.before.rank, self.after and self.after.rank)

    @property
    def places(self) -> int | None:
        """Up is positive."""
        old, new = self.ranks
        return None if old is None or new is None else old - new


@dataclass(frozen=True)
class Comparison:
    """`crossed`: on the other side of the line now; `moved`: another rank, the farthest first; `same`: how many stayed."""

    crossed: tuple[Move, ...]
    moved: tuple[Move, ...]
    same: int


def compare_runs(before: Sequence[RankingLine], after: Sequence[RankingLine], seats: int) -> Comparison:
    """`crossed` in the order of the later run."""
    old, new = ({line.application_id: line for line in lines} for lines in (before, after))
    moves = [
        Move(old.get(id_), new.get(id_), _is_inside(old.get(id_), seats), _is_inside(new.get(id_), seats))
        for id_ in dict.fromkeys((*new, *old))
    ]
    crossed = tuple(move for move in moves if move.crossed)
    moved = [move for move in moves if not move.crossed and move.ranks[0] != move.ranks[1]]
    moved.sort(key=lambda move: (move.places is not None, -abs(move.places or 0)))
    return Comparison(crossed, tuple(moved), len(moves) - len(crossed) - len(moved))


def _is_inside(line: RankingLine | None, seats: int) -> bool:
    return line is not None and line.rank is not None and line.rank <= seats

"""Reckon the seals of all submitted score sheets and frozen rankings again."""

from collections.abc import Mapping

from trainer.domain.jobs import tell
from trainer.queries.review_seal import first_broken_sheet
from trainer.services.ranking import first_broken_run


class SheetBroken(Exception):
    """A sheet is not as it was submitted: whoever looks after the site is told, as of every job that fails."""


class RankingBroken(Exception):
    """A frozen ranking is not what was sealed."""


def run(_settings: Mapping[str, object]) -> str:
    """Raises SheetBroken or RankingBroken with the first that is not as it was sealed."""
    broken = first_broken_sheet()
    if broken:
        raise SheetBroken(
            f"{broken.selection} {broken.code}, assignment {broken.assignment_id}, version {broken.number}"
        )
    ranking = first_broken_run()
    if ranking:
        raise RankingBroken(f"run {ranking.id} of round {ranking.round_id}")
    return tell("job_sheets_hold", {})

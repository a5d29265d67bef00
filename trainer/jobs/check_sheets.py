"""Reckon the seals of all submitted score sheets again."""

from collections.abc import Mapping

from trainer.domain.jobs import tell
from trainer.queries.review_seal import first_broken_sheet


class SheetBroken(Exception):
    """A sheet is not as it was submitted: whoever looks after the site is told, as of every job that fails."""


def run(_settings: Mapping[str, object]) -> str:
    """Raises SheetBroken with the first that is not as it was submitted."""
    broken = first_broken_sheet()
    if broken:
        raise SheetBroken(
            f"{broken.selection} {broken.code}, assignment {broken.assignment_id}, version {broken.number}"
        )
    return tell("job_sheets_hold", {})

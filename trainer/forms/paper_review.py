"""Score sheets on paper: the sheet as it is typed, the second time without words."""

from collections.abc import Iterable, Mapping

from trainer.domain.selection import SheetDraft
from trainer.forms.review import SheetForm, build_sheet_form
from trainer.queries.review import JudgedCriterion


def build_paper_form(criteria: tuple[JudgedCriterion, ...], content: Mapping | None = None) -> SheetForm:
    """The sheet of the screen; `content` as it was typed before."""
    return build_sheet_form(criteria, content or SheetDraft({}).as_json(), 0)


def is_asked(form: SheetForm, differs: Iterable[str] | None) -> list[tuple]:
    """The questions to type: all of them, or those in which two copies differ."""
    return [one for one in form.questions if differs is None or one[0].code in set(differs)]

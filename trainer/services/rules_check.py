"""Whether a round's rules can be laid over its figures: asked before anything rests on them."""

from datetime import datetime

from trainer.domain.round_inputs import fields_of
from trainer.domain.rules_preview import PreviewRow, preview_rules
from trainer.queries.figures import list_figures
from trainer.queries.selection import get_extras, round_criteria


def check_rules(round_id: int, *, at: datetime) -> list[PreviewRow]:
    """What the computed part brings. Raises BadSelectionInput, as the closing would when nobody can mend it any more."""
    criteria, (bonus, veto) = round_criteria(round_id), get_extras(round_id)
    figures = list_figures(round_id, fields_of(criteria, (*bonus, *veto)), at=at)
    return preview_rules(criteria, bonus, veto, figures)

"""Words for closing a lesson: what stands in the way, and by what the women on the roll are known to have come."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from trainer.domain.attendance import Evidence
from trainer.wording.attendance import LABELS as ATTENDANCE

LABELS: dict = {}
TONES: dict = {}

SENTENCES: dict[str, object] = {
    "lesson_not_started": _(
        "This lesson begins at %(moment)s. Heads are counted and the roll is closed once it has begun."
    ),
    "lesson_contradicted": _(
        "Two markers say different things of %(names)s. Decide what the roll says of her, then close. What you entered stands below."
    ),
    "class_photos_too_many": _("There are %(most)s pictures of this lesson already. Take one away first."),
}


def evidence_sentence(counts: Mapping[Evidence, int]) -> str:
    """32 women: seen by staff 28, by the code on the screen 3, claimed 1."""
    words = ATTENDANCE[Evidence]
    parts = gettext(", ").join(f"{words[evidence]} {count}" for evidence, count in counts.items())
    return gettext("%(women)s attended: %(parts)s.", women=sum(counts.values()), parts=parts)

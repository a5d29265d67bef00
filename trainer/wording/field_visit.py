"""Words for field visits: kinds of facts, a fact as it is read, and each refusal."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from trainer.domain.field_visit import FactKind

LABELS = {
    FactKind: {
        FactKind.YES_NO: _("Yes or no"),
        FactKind.NUMBER: _("A number"),
        FactKind.WORDS: _("In words"),
    },
}

TONES: dict[type, dict] = {}


def fact_words(kind: FactKind, value: str | None) -> str:
    """A fact for people; None: nobody has said anything."""
    if value is None:
        return "—"
    if value == "":
        return gettext("Could not be found out")
    if kind is FactKind.YES_NO:
        return gettext("Yes") if value == "yes" else gettext("No")
    return value


SENTENCES: dict[str, object] = {
    "visit_saying_unreadable": _("What the phone sent cannot be read. Open the page of the visit afresh."),
    "visit_fact_unfit": _(
        "This does not fit the question: a number is written in digits, such as 35 or 0.5; words have at most 200 signs."
    ),
    "visit_signed": _(
        "You have signed this visit: what you found stands as it is. Tell the staff if something is wrong."
    ),
    "visit_not_arrived": _("Say first that you have arrived; then sign."),
    "visit_facts_missing": _(
        "%(count)s questions have no answer yet. Answer them, or choose “Could not be found out”; then sign."
    ),
    "too_many_visit_pictures": _("%(most)s pictures a visitor are enough. Take one away first."),
    "too_many_visit_questions": _("At most %(most)s facts: visitors have about an hour at each place. Take some away."),
    "visit_question_there": _("This fact is in the list already."),
    "visit_question_answered": _("Visitors have answered this in the round before it was taken back; it stays."),
    "nothing_to_settle": _("There is nothing to settle here, or one of the two has changed. Look at the visit again."),
    "findings_frozen": _("The result of this round is frozen: what stands then stands."),
    "own_findings": _("You are among those who were to go there. Somebody else must say what stands."),
    "too_few_visitors": _(
        "%(count)s candidates would be visited by fewer than two. Deal the applications out so that two go to each."
    ),
}

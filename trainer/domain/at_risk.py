"""Women at risk of not completing: why, from closed lessons only, and what calling them came to."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from trainer.domain.attendance import AttendanceSummary, LessonOutcome, Standing, summarise
from trainer.domain.programme import CompletionRule


class RiskReason(StrEnum):
    """The gravest first."""

    OUT_OF_REACH = "out_of_reach"
    ABSENT_IN_A_ROW = "absent_in_a_row"
    BEHIND = "behind"


# So many absences in a row, and somebody should call her.
ABSENCES_TO_CALL = 2


class ContactOutcome(StrEnum):
    WILL_COME = "will_come"
    CANNOT_COME = "cannot_come"
    CALL_AGAIN = "call_again"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"


# Somebody spoke with her: until a new risk is found, nobody has to call.
REACHED = (ContactOutcome.WILL_COME, ContactOutcome.CANNOT_COME)


def reasons_of(summary: AttendanceSummary) -> frozenset[RiskReason]:
    """Why a woman with this attendance is at risk; nothing where she is not."""
    found = set()
    if summary.standing is Standing.OUT_OF_REACH:
        found.add(RiskReason.OUT_OF_REACH)
    if summary.consecutive_absences >= ABSENCES_TO_CALL:
        found.add(RiskReason.ABSENT_IN_A_ROW)
    if summary.standing is Standing.BEHIND:
        found.add(RiskReason.BEHIND)
    return frozenset(found)


def settled_reasons(outcomes: Sequence[LessonOutcome], rule: CompletionRule) -> frozenset[RiskReason]:
    """From closed lessons only: a mark that may still change puts nobody at risk, and one without any closed lesson
    of hers is not at risk either."""
    if not any(outcome.closed and outcome.applicable for outcome in outcomes):
        return frozenset()
    settled = [outcome if outcome.closed else replace(outcome, status=None) for outcome in outcomes]
    return reasons_of(summarise(settled, rule))

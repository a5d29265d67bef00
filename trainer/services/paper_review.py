"""Score sheets filled in on paper: typed by one person, typed again unseen by a second, settled where they differ.

What waits is in `paper_entries`; once a sheet is submitted its copies are gone, and who typed them is in the audit trail.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.selection import Recommendation, RoundState, SheetDraft, SheetSource
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.review import PaperEntry
from trainer.models.selection import Round
from trainer.queries.blinding import judges_in
from trainer.queries.paper_review import PaperHead, get_paper, list_entries
from trainer.queries.selection import round_criteria
from trainer.services import audit
from trainer.services.review import check_complete, submit_paper
from trainer.services.round import ReasonMissing, RoundNotOpen

# Typed twice; words are typed once, for two people never type a sentence alike.
TYPED_TWICE = ("confidence", "recommendation")


class TypistJudges(Refused):
    """Whoever judges must not see others' scores, and nobody types her own."""

    code = "typist_judges"


class CopiedHerself(Refused):
    """Two people: who typed it first does not check it."""

    code = "paper_copied_herself"


class SheetOnScreen(Refused):
    """She has submitted it herself: she changes it herself."""

    code = "sheet_on_screen"


def enter_first(round_id: int, assignment_id: int, draft: SheetDraft, *, by: Actor, at: datetime) -> None:
    """The first copy; until somebody else has typed the second, its typist may type it anew.

    Raises NotFound, RoundNotOpen, TypistJudges, SheetOnScreen, Conflict; Unanswered, TooLittleAnswered as submitting does.
    """
    paper = _hold(round_id, assignment_id, by)
    if paper.second_by is not None or paper.waits_for(by.account_id):
        raise Conflict()
    check_complete(round_criteria(round_id), draft)
    _forget(assignment_id)
    _keep(assignment_id, 1, draft, by=by, at=at)
    audit.record("paper_review.enter", "assignment", assignment_id, by=by, at=at, application=paper.code)


def enter_second(
    round_id: int, assignment_id: int, draft: SheetDraft, reason: str = "", *, by: Actor, at: datetime
) -> tuple[str, ...]:
    """The second copy, made without seeing the first. Where both say the same the sheet is submitted; else the codes of
    what differs, to be settled with the paper in hand.

    Raises what `enter_first` raises, CopiedHerself, and what `review.submit_paper` raises.
    """
    paper = _hold(round_id, assignment_id, by)
    first = _first_of_another(paper, by)
    if paper.second_by is not None:
        raise Conflict()
    differs = differing(first, draft.as_json())
    if differs:
        _keep(assignment_id, 2, draft, by=by, at=at)
    else:
        _submit(assignment_id, draft_of(first), reason, by=by, at=at)
    facts = {"application": paper.code, "differs": list(differs)}
    audit.record("paper_review.check", "assignment", assignment_id, by=by, at=at, **facts)
    return differs


def settle(round_id: int, assignment_id: int, draft: SheetDraft, reason: str, *, by: Actor, at: datetime) -> None:
    """What the paper says of everything in which the copies differ, and why they did. Not by whoever made the first one.

    Raises what `enter_second` raises, and ReasonMissing.
    """
    paper = _hold(round_id, assignment_id, by)
    first = _first_of_another(paper, by)
    if paper.second_by is None:
        raise Conflict()
    if not reason.strip():
        raise ReasonMissing()
    _one, second = list_entries(assignment_id)
    differs = differing(first, second)
    settled = settled_of(first, draft.as_json(), differs)
    _submit(assignment_id, draft_of(settled), reason, by=by, at=at)
    facts = {"application": paper.code, "differs": list(differs), "reason": reason.strip()}
    audit.record("paper_review.settle", "assignment", assignment_id, by=by, at=at, **facts)


def differing(first: Mapping, second: Mapping) -> tuple[str, ...]:
    """The criteria, and what else is typed twice, in which two copies differ; levels left open are compared too."""
    codes = [code for code in first["levels"] if first["levels"][code] != second["levels"].get(code)]
    codes += [code for code in second["levels"] if code not in first["levels"]]
    return (*codes, *(name for name in TYPED_TWICE if first[name] != second[name]))


def settled_of(first: Mapping, settled: Mapping, differs: tuple[str, ...]) -> dict:
    """The first copy with what differed as the paper has it; a reason for abstaining goes with an open criterion only."""
    levels = {code: (settled if code in differs else first)["levels"].get(code) for code in first["levels"]}
    reasons = {**first["abstentions"], **settled["abstentions"]}
    return {
        **first,
        **{name: settled[name] for name in TYPED_TWICE if name in differs},
        "levels": levels,
        "abstentions": {code: why for code, why in reasons.items() if levels.get(code) is None},
    }


def draft_of(content: Mapping) -> SheetDraft:
    advice = content["recommendation"]
    return SheetDraft(**{**content, "recommendation": Recommendation(advice) if advice else None})


def _hold(round_id: int, assignment_id: int, by: Actor) -> PaperHead:
    """The sheet; its round is held, so that it cannot close in between, nor two people type at once."""
    round_ = db.session.scalar(select(Round).where(Round.id == round_id).with_for_update(of=Round))
    paper = get_paper(round_id, assignment_id)
    if round_ is None or paper is None:
        raise NotFound()
    if round_.state is not RoundState.OPEN:
        raise RoundNotOpen()
    if judges_in(round_.selection_id, by.account_id):
        raise TypistJudges()
    if paper.submitted is SheetSource.SCREEN:
        raise SheetOnScreen()
    return paper


def _first_of_another(paper: PaperHead, by: Actor) -> dict:
    if paper.first_by is None:
        raise Conflict()
    if paper.first_by == by.account_id:
        raise CopiedHerself()
    return list_entries(paper.id)[0]


def _submit(assignment_id: int, draft: SheetDraft, reason: str, *, by: Actor, at: datetime) -> None:
    submit_paper(assignment_id, draft, reason=reason, by=by, at=at)
    _forget(assignment_id)


def _keep(assignment_id: int, entry: int, draft: SheetDraft, *, by: Actor, at: datetime) -> None:
    who = {"entered_by": by.account_id, "entered_at": at}
    row = {"assignment_id": assignment_id, "entry": entry, "content": draft.as_json(), **who}
    db.session.execute(insert(PaperEntry.__table__), row)


def _forget(assignment_id: int) -> None:
    db.session.execute(delete(PaperEntry).where(PaperEntry.assignment_id == assignment_id))

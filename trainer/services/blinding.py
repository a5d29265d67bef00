"""Blinding: what evaluators of a blind round read, confirmed by a person who does not judge in it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.blinding import Doubt, list_doubts
from trainer.domain.selection import RoundState
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.application import Application, ApplicationFile
from trainer.models.selection import Round
from trainer.queries.blinding import BlindView, get_blind_view, judges_in
from trainer.services import audit
from trainer.services.round import RoundNotDraft


class RedactorJudges(Refused):
    """Who redacts sees names; evaluators of a blind round must not."""

    code = "redactor_judges"


class RoundNotBlind(Refused):
    code = "round_not_blind"


class TextEmptied(Refused):
    """Something was written, so that something must be left to read."""

    code = "blind_text_emptied"


class StillNamed(Refused):
    """Her name or a number of hers is still there."""

    code = "blind_text_names_her"


class DoubtsLeft(Refused):
    """Places that may say who she is, and that nobody has ticked off."""

    code = "blind_doubts_left"


@dataclass(frozen=True)
class BlindText:
    """What evaluators are to read; `ticked`: the doubtful places that a person found harmless."""

    title: str
    plan: str
    uses: tuple[str, ...] = ()
    ticked: frozenset[str] = frozenset()

    def doubts(self, view: BlindView) -> list[Doubt]:
        return list_doubts("\n".join((self.title, self.plan, *self.uses)), view.known)


def confirm_blind(
    round_id: int,
    application_id: int,
    version: int,
    text: BlindText,
    blind_files: Collection[int] = (),
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Set what evaluators read, and which pictures they see; while the round is being prepared, again as often as need be.

    Raises RoundNotDraft, RoundNotBlind, RedactorJudges, NotFound, Conflict, TextEmptied, StillNamed, DoubtsLeft.
    """
    view = _hold(round_id, application_id, version, by)
    if len(text.uses) != len(view.uses):
        raise Conflict()
    if (view.plan and not text.plan.strip()) or (view.title and not text.title.strip()):
        raise TextEmptied()
    doubts = text.doubts(view)
    if certain := [doubt.found for doubt in doubts if doubt.is_certain]:
        raise StillNamed(count=len(certain), part=certain[0])
    if left := [doubt.found for doubt in doubts if doubt.found not in text.ticked]:
        raise DoubtsLeft(count=len(left))
    chosen = _choose_files(view, blind_files)
    application = db.session.get(Application, application_id)
    application.blind_title, application.blind_plan = text.title, text.plan
    pairs = zip(application.uses, text.uses, strict=True)
    application.blind_uses = [{**use, "item": item} for use, item in pairs]
    application.blinded_at, application.blinded_by = at, by.account_id
    facts = {"code": view.code, "ticked": len(doubts), "files": chosen}
    audit.record("application.confirm_blind", "application", application_id, by=by, at=at, **facts)


def _hold(round_id: int, application_id: int, version: int, by: Actor) -> BlindView:
    """The application as it was looked at; its round is held so that it does not open in between."""
    round_ = db.session.scalar(select(Round).where(Round.id == round_id).with_for_update(read=True, of=Round))
    if round_ is None:
        raise NotFound()
    if round_.state is not RoundState.DRAFT:
        raise RoundNotDraft()
    if not round_.blind:
        raise RoundNotBlind()
    if judges_in(round_.selection_id, by.account_id):
        raise RedactorJudges()
    view = get_blind_view(round_id, application_id)
    if view is None:
        raise NotFound()
    if view.version != version:
        raise Conflict()
    return view


def _choose_files(view: BlindView, blind_files: Collection[int]) -> list[int]:
    """Those that may be seen are said one by one; whatever comes later is not among them."""
    ids, chosen = [file.id for file in view.files], sorted(set(blind_files))
    if not set(chosen) <= set(ids):
        raise NotFound()
    table = ApplicationFile.__table__
    db.session.execute(update(table).where(table.c.id.in_(ids)).values(is_blind=table.c.id.in_(chosen)))
    return chosen

"""Honours of a year: entered, changed until they are published, published, taken from the list with a reason."""

from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.honour import HonourDraft, HonourState, honour_state
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.honour import Honour
from trainer.models.person import Person
from trainer.models.region import Region
from trainer.queries.person import is_here
from trainer.services import audit


class HonourStands(Refused):
    """Somebody or something has this honour in this year already."""

    code = "honour_stands"


class HonourNotDraft(Refused):
    """Published, or taken from the list: its words are fixed."""

    code = "honour_not_draft"
    status = 409


class HonourWithdrawn(Refused):
    code = "honour_withdrawn"
    status = 409


class HonourReasonMissing(Refused):
    code = "honour_reason_missing"


def enter(draft: HonourDraft, *, by: Actor, at: datetime) -> int:
    """A draft, which nobody outside sees. Raises NotFound (nobody, or erased; no such region), HonourStands."""
    _check(draft)
    honour = Honour(kind=draft.kind, person_id=draft.person_id, entered_at=at, entered_by=by.account_id)
    _write(honour, draft)
    db.session.add(honour)
    db.session.flush()
    audit.record("honour.enter", "honour", honour.id, by=by, at=at, after=_facts(honour))
    return honour.id


def change(honour_id: int, draft: HonourDraft, *, seen: int, by: Actor, at: datetime) -> None:
    """Another wording, before it is published; who is honoured stays. Raises HonourNotDraft, Conflict, HonourStands."""
    honour = _hold(honour_id)
    if _state(honour) is not HonourState.DRAFT:
        raise HonourNotDraft(state=_state(honour))
    if honour.version != seen:
        raise Conflict()
    _check(draft, honour_id)
    before = _facts(honour)
    _write(honour, draft)
    audit.record("honour.change", "honour", honour.id, by=by, at=at, before=before, after=_facts(honour))


def publish(honour_id: int, *, by: Actor, at: datetime) -> None:
    """From here on it stands on the public page. Twice is once. Raises HonourWithdrawn, NotFound (she was erased)."""
    honour = _hold(honour_id)
    if honour.withdrawn_at:
        raise HonourWithdrawn()
    if honour.published_at:
        return
    _require_person(honour.person_id)
    honour.published_at, honour.published_by = at, by.account_id
    audit.record("honour.publish", "honour", honour.id, by=by, at=at, after=_facts(honour))


def withdraw(honour_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Off the list, for good: an error is entered anew. Raises HonourReasonMissing, HonourWithdrawn."""
    if not reason:
        raise HonourReasonMissing()
    honour = _hold(honour_id)
    if honour.withdrawn_at:
        raise HonourWithdrawn()
    before = {"state": _state(honour)}
    honour.withdrawn_at, honour.withdrawn_by, honour.withdrawal_reason = at, by.account_id, reason
    after = {"state": _state(honour), "with_reason": True}
    audit.record("honour.withdraw", "honour", honour.id, by=by, at=at, before=before, after=after)


def _hold(honour_id: int) -> Honour:
    honour = db.session.get(Honour, honour_id, with_for_update=True, populate_existing=True)
    if honour is None:
        raise NotFound()
    return honour


def _check(draft: HonourDraft, honour_id: int | None = None) -> None:
    _require_person(draft.person_id)
    if db.session.get(Region, draft.region_code) is None:
        raise NotFound()
    same = select(Honour.id).where(
        *(Honour.year == draft.year, Honour.title == draft.title, Honour.withdrawn_at.is_(None)),
        Honour.person_id == draft.person_id if draft.person_id else Honour.project == draft.project,
    )
    if db.session.scalars(same.where(Honour.id != (honour_id or 0))).first():
        raise HonourStands(year=draft.year, title=draft.title)


def _require_person(person_id: int | None) -> None:
    """Held, where there is one: two who honour her at once see each other."""
    if person_id is None:
        return
    if not db.session.scalar(
        select(Person.id).where(Person.id == person_id, is_here()).with_for_update(key_share=True)
    ):
        raise NotFound()


def _write(honour: Honour, draft: HonourDraft) -> None:
    honour.year, honour.title, honour.project = draft.year, draft.title, draft.project
    honour.region_code, honour.citation = draft.region_code, draft.citation


def _state(honour: Honour) -> HonourState:
    return honour_state(honour.published_at, honour.withdrawn_at)


def _facts(honour: Honour) -> dict[str, object]:
    """Never what is said of her."""
    facts = {"year": honour.year, "kind": honour.kind, "title": honour.title, "region_code": honour.region_code}
    return {**facts, "person": honour.person_id, "state": _state(honour)}

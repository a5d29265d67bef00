"""Conflicts of interest: said by the evaluator, a candidate or staff; they hold at once, until somebody else rejects them."""

from datetime import datetime

from sqlalchemy import exists, select, update

from trainer import errors
from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.panel import (
    HOLDING,
    WITHDRAWN_BY_CONFLICT,
    ConflictKind,
    ConflictSource,
    ConflictState,
    SeatState,
)
from trainer.domain.selection import RoundState
from trainer.errors import NotFound, Refused
from trainer.models.application import Application
from trainer.models.panel import Conflict, PanelSeat
from trainer.models.review import Assignment
from trainer.models.selection import Candidacy, Round, Selection
from trainer.queries.conflict import is_held
from trainer.queries.selection import list_evaluators
from trainer.services import audit
from trainer.services.message import notify


class AlreadyHeld(Refused):
    """A conflict keeps these two apart already."""

    code = "conflict_held"


class OwnConflict(Refused):
    """Whoever raised it, or whom it is about, does not decide it."""

    code = "own_conflict"


class ConflictDecided(Refused):
    code = "conflict_decided"


class DecisionWithoutReason(Refused):
    code = "decision_without_reason"


class NobodyNamed(Refused):
    """It is not known yet which evaluator a candidate means."""

    code = "nobody_named"


def declare_own(
    round_id: int, application_id: int, kind: ConflictKind, words: str, *, by: Actor, at: datetime
) -> Conflict | None:
    """An evaluator of the round says it of herself: upheld at once. None where she has said so before."""
    _hold_rounds(application_id)
    seated = select(PanelSeat.id).where(
        PanelSeat.round_id == round_id,
        PanelSeat.account_id == by.account_id,
        PanelSeat.state == SeatState.ACCEPTED,
        exists().where(Candidacy.round_id == round_id, Candidacy.application_id == application_id),
    )
    if db.session.scalar(seated) is None:
        raise NotFound()
    said = db.session.scalar(
        select(Conflict.id).where(
            Conflict.application_id == application_id,
            Conflict.account_id == by.account_id,
            Conflict.source == ConflictSource.SELF,
            Conflict.state == ConflictState.UPHELD,
        )
    )
    if said is not None:
        return None
    return _add(application_id, by.account_id, kind, ConflictSource.SELF, ConflictState.UPHELD, words, by=by, at=at)


def declare_of_sheet(assignment_id: int, kind: ConflictKind, words: str, *, by: Actor, at: datetime) -> None:
    """The same from her sheet: she knows a code, not a name."""
    sheet = db.session.execute(
        select(Assignment.round_id, Assignment.application_id).where(
            Assignment.id == assignment_id,
            Assignment.account_id == by.account_id,
            Assignment.withdrawn_at.is_(None),
        )
    ).one_or_none()
    if sheet is None:
        raise NotFound()
    declare_own(*sheet, kind, words, by=by, at=at)


def raise_conflict(
    application_id: int,
    account_id: int,
    kind: ConflictKind,
    words: str = "",
    *,
    detected: bool = False,
    by: Actor,
    at: datetime,
) -> Conflict:
    """Staff say it of an evaluator (`detected`: following a hint of the records). Raises AlreadyHeld."""
    _hold_rounds(application_id)
    if account_id not in {evaluator.id for evaluator in list_evaluators(_region(application_id))}:
        raise NotFound()
    _refuse_held(application_id, account_id)
    source = ConflictSource.DETECTED if detected else ConflictSource.STAFF
    conflict = _add(application_id, account_id, kind, source, ConflictState.RAISED, words, by=by, at=at)
    _tell_her(conflict, "conflict_raised", at=at)
    return conflict


def dismiss_hint(
    application_id: int, account_id: int, kind: ConflictKind, words: str = "", *, by: Actor, at: datetime
) -> Conflict:
    """What the records hint at is none: kept as rejected, so that it is not hinted at again. Not by whom it is about."""
    _hold_rounds(application_id)
    if account_id == by.account_id:
        raise OwnConflict()
    if account_id not in {evaluator.id for evaluator in list_evaluators(_region(application_id))}:
        raise NotFound()
    conflict = Conflict(
        application_id=application_id,
        account_id=account_id,
        kind=kind,
        source=ConflictSource.DETECTED,
        state=ConflictState.REJECTED,
        raised_at=at,
        decided_by=by.account_id,
        decided_at=at,
        decision=words.strip(),
    )
    db.session.add(conflict)
    db.session.flush()
    audit.record("conflict.dismiss", "conflict", conflict.id, by=by, at=at, kind=kind, evaluator=account_id)
    return conflict


def raise_by_applicant(application_id: int, kind: ConflictKind, words: str, *, by: Actor, at: datetime) -> Conflict:
    """A candidate names somebody who must not judge her; who that is, staff find out. It holds from then on."""
    _hold_rounds(application_id)
    return _add(application_id, None, kind, ConflictSource.APPLICANT, ConflictState.RAISED, words, by=by, at=at)


def name_evaluator(conflict_id: int, version: int, account_id: int, *, by: Actor, at: datetime) -> None:
    """Staff have found out whom the candidate means; from now on it holds."""
    conflict = _take(conflict_id, version)
    if conflict.account_id is not None or conflict.state not in HOLDING:
        raise ConflictDecided()
    if account_id not in {evaluator.id for evaluator in list_evaluators(_region(conflict.application_id))}:
        raise NotFound()
    conflict.account_id = account_id
    db.session.flush()
    _keep_apart(conflict, at=at)
    audit.record("conflict.name", "conflict", conflict.id, by=by, at=at, evaluator=account_id)
    _tell_her(conflict, "conflict_raised", at=at)


def dispute(conflict_id: int, words: str, *, by: Actor, at: datetime) -> None:
    """The evaluator says that it is not so. It holds until somebody decides."""
    conflict = _take(conflict_id, None)
    if conflict.account_id != by.account_id or conflict.source is ConflictSource.SELF:
        raise NotFound()
    if conflict.state is not ConflictState.RAISED:
        raise ConflictDecided()
    if not words.strip():
        raise DecisionWithoutReason()
    conflict.state, conflict.dispute, conflict.disputed_at = ConflictState.DISPUTED, words.strip(), at
    audit.record("conflict.dispute", "conflict", conflict.id, by=by, at=at)


def decide(conflict_id: int, version: int, upheld: bool, reason: str, *, by: Actor, at: datetime) -> None:
    """Uphold or reject, with a reason, by somebody who neither raised it nor is meant by it.

    Rejecting gives back what it took away. What an evaluator said of herself in error is rejected likewise.
    """
    conflict = _take(conflict_id, version)
    own_word = conflict.source is ConflictSource.SELF and conflict.decided_at is None and not upheld
    if conflict.state not in (ConflictState.RAISED, ConflictState.DISPUTED) and not own_word:
        raise ConflictDecided()
    if by.account_id in (conflict.raised_by, conflict.account_id):
        raise OwnConflict()
    if upheld and conflict.account_id is None:
        raise NobodyNamed()
    if not reason.strip():
        raise DecisionWithoutReason()
    conflict.state = ConflictState.UPHELD if upheld else ConflictState.REJECTED
    conflict.decided_by, conflict.decided_at, conflict.decision = by.account_id, at, reason.strip()
    db.session.flush()
    if not upheld:
        _give_back(conflict)
    audit.record("conflict.uphold" if upheld else "conflict.reject", "conflict", conflict.id, by=by, at=at)
    _tell_her(conflict, "conflict_decided", at=at)


def _add(application_id, account_id, kind, source, state, words, *, by: Actor, at: datetime) -> Conflict:
    conflict = Conflict(
        application_id=application_id,
        account_id=account_id,
        kind=kind,
        source=source,
        state=state,
        words=words.strip(),
        raised_at=at,
        raised_by=by.account_id,
    )
    db.session.add(conflict)
    db.session.flush()
    _keep_apart(conflict, at=at)
    audit.record(
        "conflict.declare" if source is ConflictSource.SELF else "conflict.raise",
        "conflict",
        conflict.id,
        by=by,
        at=at,
        kind=kind,
        source=source,
        evaluator=account_id,
    )
    return conflict


def _keep_apart(conflict: Conflict, *, at: datetime) -> None:
    """Take her file from the evaluator, in every round whose result is not frozen; a sheet that is there counts no more."""
    _assignments_of(conflict, Assignment.withdrawn_at.is_(None), withdrawn_at=at, reason=WITHDRAWN_BY_CONFLICT)


def _give_back(conflict: Conflict) -> None:
    """Unless another conflict keeps them apart, or she is no longer on the panel."""
    on_panel = exists().where(
        PanelSeat.round_id == Assignment.round_id,
        PanelSeat.account_id == Assignment.account_id,
        PanelSeat.state == SeatState.ACCEPTED,
    )
    free = ~is_held(Assignment.application_id, Assignment.account_id)
    here = (Assignment.withdrawn_reason == WITHDRAWN_BY_CONFLICT) & on_panel & free
    _assignments_of(conflict, here, withdrawn_at=None, reason="")


def _assignments_of(conflict: Conflict, which, *, withdrawn_at: datetime | None, reason: str) -> None:
    settled = select(Round.id).where(Round.state == RoundState.FROZEN)
    db.session.execute(
        update(Assignment)
        .where(
            Assignment.application_id == conflict.application_id,
            Assignment.account_id == conflict.account_id,
            Assignment.round_id.not_in(settled),
            which,
        )
        .values(withdrawn_at=withdrawn_at, withdrawn_reason=reason)
        .execution_options(synchronize_session=False)
    )


def _hold_rounds(application_id: int) -> None:
    """Every round of the selection, held before anything else: none closes or takes a sheet in between."""
    rounds = db.session.scalars(
        select(Round)
        .join(Application, Application.selection_id == Round.selection_id)
        .where(Application.id == application_id)
        .order_by(Round.id)
        .with_for_update(of=Round)
        .execution_options(populate_existing=True)
    ).all()
    if not rounds:
        raise NotFound()


def _take(conflict_id: int, version: int | None) -> Conflict:
    application_id = db.session.scalar(select(Conflict.application_id).where(Conflict.id == conflict_id))
    if application_id is None:
        raise NotFound()
    _hold_rounds(application_id)
    conflict = db.session.get(Conflict, conflict_id, populate_existing=True, with_for_update=True)
    if version is not None and conflict.version != version:
        raise errors.Conflict()
    return conflict


def _region(application_id: int) -> str:
    return db.session.scalar(
        select(Selection.region_code)
        .join(Application, Application.selection_id == Selection.id)
        .where(Application.id == application_id)
    )


def _refuse_held(application_id: int, account_id: int) -> None:
    if db.session.scalar(select(is_held(application_id, account_id))):
        raise AlreadyHeld()


def _tell_her(conflict: Conflict, code: str, *, at: datetime) -> None:
    """On the last panel that she sits on; her page says no more than the candidate's name."""
    round_id = db.session.scalar(
        select(PanelSeat.round_id)
        .join(Candidacy, Candidacy.round_id == PanelSeat.round_id)
        .where(
            PanelSeat.account_id == conflict.account_id,
            PanelSeat.state == SeatState.ACCEPTED,
            Candidacy.application_id == conflict.application_id,
        )
        .order_by(PanelSeat.round_id.desc())
        .limit(1)
    )
    if round_id is not None:
        link = f"/reviews/rounds/{round_id}/declaration"
        notify(code, to_accounts=[conflict.account_id], link=link, by=SYSTEM, at=at)

"""Referrals: whoever does not qualify is led to other support, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.selection import RANKED, ApplicationState, ReferralKind
from trainer.errors import NotFound, Refused
from trainer.models.application import Application, Referral
from trainer.models.enrolment import Enrolment
from trainer.models.selection import Round, Selection
from trainer.queries.eligibility import get_eligibility
from trainer.services import audit
from trainer.services.message import notify
from trainer.services.selection import next_codes, note


class OutcomeMissing(Refused):
    code = "referral_outcome_missing"


@dataclass(frozen=True)
class Support:
    """Which support, who takes it on, and what was agreed with her."""

    kind: ReferralKind
    to_whom: str
    note: str = ""


def refer(selection_id: int, enrolment_id: int, support: Support, *, by: Actor, at: datetime) -> Referral:
    """She is no candidate any more and is told where she gets support; whoever had not applied has a record of it.

    Where the evaluators' work is done her place in the ranking stays as it is: she is told of the support all the same.
    """
    rounds = _hold_rounds(selection_id)
    selection = db.session.get(Selection, selection_id)
    application = _application_of(selection, enrolment_id, by=by, at=at)
    before = application.state
    if before is not ApplicationState.SUBMITTED or rounds[-1].state not in RANKED:
        application.code = application.code or next_codes(selection_id, 1)[0]
        application.state = ApplicationState.REFERRED
    db.session.add(application)
    db.session.flush()
    if application.state is not before:
        note(application, "", by=by, at=at)
    referral = Referral(
        application_id=application.id,
        kind=support.kind,
        to_whom=support.to_whom,
        note=support.note,
        at=at,
        by=by.account_id,
    )
    db.session.add(referral)
    db.session.flush()
    link = f"/me/applications/{selection_id}"
    told = {"to_people": [application.person_id], "link": link, "by": SYSTEM, "at": at}
    notify("application_referred", **told, selection=selection.name)
    facts = {"kind": support.kind, "before": before, "after": application.state}
    audit.record("application.refer", "application", application.id, by=by, at=at, **facts)
    return referral


def record_outcome(selection_id: int, referral_id: int, outcome: str, *, by: Actor, at: datetime) -> None:
    """What came of it; said again, the later word counts. Raises NotFound, OutcomeMissing."""
    referral = db.session.scalar(
        select(Referral)
        .join(Application, Application.id == Referral.application_id)
        .where(Referral.id == referral_id, Application.selection_id == selection_id)
        .with_for_update(of=Referral)
    )
    if referral is None:
        raise NotFound()
    if not outcome:
        raise OutcomeMissing()
    before, referral.outcome, referral.outcome_at = bool(referral.outcome), outcome, at
    audit.record("application.refer_outcome", "application", referral.application_id, by=by, at=at, said_before=before)


def _hold_rounds(selection_id: int) -> Sequence[Round]:
    rows = select(Round).where(Round.selection_id == selection_id).order_by(Round.id).with_for_update()
    found = db.session.scalars(rows.execution_options(populate_existing=True)).all()
    if not found:
        raise NotFound()
    return found


def _application_of(selection: Selection, enrolment_id: int, *, by: Actor, at: datetime) -> Application:
    """Hers, or a new one that waits for its state; only women of the area are known here."""
    person_id = db.session.scalar(select(Enrolment.person_id).where(Enrolment.id == enrolment_id))
    hers = (Application.selection_id == selection.id, Application.person_id == person_id)
    application = db.session.scalar(select(Application).where(*hers).execution_options(populate_existing=True))
    if application is not None:
        return application
    if person_id is None or get_eligibility(selection.id, selection.region_code, {}, person_id, at=at) is None:
        raise NotFound()
    return Application(
        selection_id=selection.id,
        person_id=person_id,
        enrolment_id=enrolment_id,
        state=ApplicationState.DRAFT,
        title="",
        plan="",
        uses=[],
        created_at=at,
        created_by=by.account_id,
    )

"""Applications: who may apply and when, writing one, handing it in, taking it back, taking women in who were judged."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.application import Content, Lack, Window, lacks, uses_of, window
from trainer.domain.eligibility import Condition, Eligibility, Standing, is_missed
from trainer.domain.selection import ApplicationState, RoundState
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.application import Application
from trainer.models.enrolment import Enrolment
from trainer.models.selection import Round, Selection
from trainer.queries.eligibility import get_eligibility, list_eligibility
from trainer.services import audit
from trainer.services.round import ReasonMissing, RoundNotDraft, take_round
from trainer.services.selection import note, take_in


class ApplyingClosed(Refused):
    """Not yet, not any more, or never by herself."""

    code = "applying_closed"
    status = 409


class NotEligible(Refused):
    """A condition is missed; what is not known keeps nobody out."""

    code = "not_eligible"


class NoEnrolment(Refused):
    """She is in no cohort of the area (any more) that would let her apply."""

    code = "application_no_enrolment"


class ApplicationLacks(Refused):
    """It cannot be handed in as it is: `what` as in `domain.application.lacks`."""

    def __init__(self, what: Lack) -> None:
        self.code = f"application_lacks_{what}"
        super().__init__()


class LedElsewhere(Refused):
    """She was led to other support: what she wrote stands still."""

    code = "led_elsewhere"
    status = 409


@dataclass(frozen=True)
class Applying:
    """How women apply for a selection."""

    introduction: str
    applies_from: datetime | None
    applies_until: datetime | None
    highest_amount_fen: int | None
    eligibility: Eligibility


def set_applying(round_id: int, version: int, data: Applying, reason: str, *, by: Actor, at: datetime) -> None:
    """While nobody reads yet; once women may apply, with a reason. Raises Conflict, RoundNotDraft, ReasonMissing."""
    round_ = take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    if round_.number != 1:
        raise RoundNotDraft()
    selection = db.session.get(Selection, round_.selection_id, populate_existing=True)
    begun = selection.applies_from is not None and selection.applies_from <= at
    if begun and not reason:
        raise ReasonMissing()
    before = _rules_of(selection)
    selection.introduction = data.introduction
    selection.applies_from, selection.applies_until = data.applies_from, data.applies_until
    selection.highest_amount_fen = data.highest_amount_fen
    selection.eligibility = data.eligibility.as_json()
    facts = {"before": before, "after": _rules_of(selection), "reason": reason}
    audit.record("selection.set_applying", "selection", selection.id, by=by, at=at, **facts)


def _rules_of(selection: Selection) -> dict:
    moments = {name: getattr(selection, name) for name in ("applies_from", "applies_until")}
    kept = {name: moment and moment.isoformat() for name, moment in moments.items()}
    return kept | {"highest_amount_fen": selection.highest_amount_fen, "eligibility": selection.eligibility}


def write(
    selection_id: int, enrolment_id: int, seen: int, changes: Mapping[str, object], *, by: Actor, at: datetime
) -> Application:
    """Keep what is written so far: `changes` are fields of `Content`. `seen`: the version that was read, 0 for none.

    Sent twice it is kept once. What was handed in stays handed in, so that it must stay whole. Raises NotFound,
    ApplyingClosed, LedElsewhere, Conflict, ApplicationLacks.
    """
    selection, _round = hold_open(selection_id, at)
    application = _of(selection_id, _may_apply(enrolment_id))
    if application is None:
        application = _begin(selection_id, enrolment_id, by=by, at=at)
    elif application.version != seen:
        if content_of(application) == _changed(application, changes):
            return application
        raise Conflict()
    content = _changed(application, changes)
    _require_whole(application, content, selection)
    if content == content_of(application) and application.state is not ApplicationState.WITHDRAWN:
        return application
    application.title, application.plan = content.title, content.plan
    application.amount_fen, application.uses = content.amount_fen, [use.as_json() for use in content.uses]
    touched(application, by=by, at=at)
    audit.record("application.write", "application", application.id, by=by, at=at, parts=sorted(changes))
    return application


def hand_in(selection_id: int, enrolment_id: int, seen: int, *, by: Actor, at: datetime) -> Application:
    """She is a candidate from now on, with a code; handed in twice it is handed in once.

    Raises NotFound, ApplyingClosed, LedElsewhere, Conflict, ApplicationLacks, NotEligible, NoEnrolment.
    """
    selection, round_ = hold_open(selection_id, at)
    person_id = _may_apply(enrolment_id)
    application = _of(selection_id, person_id)
    if application is None:
        raise NotFound()
    if application.state is ApplicationState.SUBMITTED:
        return application
    if application.version != seen:
        raise Conflict()
    if missing := lacks(content_of(application), selection.highest_amount_fen):
        raise ApplicationLacks(missing[0])
    if missed := _missed(selection, person_id, at=at):
        raise NotEligible(what=missed[0])
    application.submitted_at = at
    take_in(round_, {person_id: application.enrolment_id}, "", by=by, at=at)
    audit.record("application.hand_in", "application", application.id, by=by, at=at, code=application.code)
    return application


def take_back(selection_id: int, enrolment_id: int, *, by: Actor, at: datetime) -> None:
    """Until the window closes; what she wrote stays, and she may hand it in again. Doing it twice is harmless.

    Raises NotFound, ApplyingClosed, LedElsewhere.
    """
    hold_open(selection_id, at)
    application = _of(selection_id, _may_apply(enrolment_id))
    if application is None:
        raise NotFound()
    if application.state is ApplicationState.WITHDRAWN:
        return
    before, application.state = application.state, ApplicationState.WITHDRAWN
    note(application, "", by=by, at=at)
    audit.record("application.take_back", "application", application.id, by=by, at=at, before=before)


def take_in_judged(
    round_id: int, version: int, enrolment_ids: Collection[int], reason: str, *, by: Actor, at: datetime
) -> int:
    """Take women of the eligibility page in; against a condition that one of them misses only with a reason.

    Whoever is a candidate already stays as she is. Raises Conflict, RoundNotDraft, ReasonMissing.
    """
    round_ = take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    if round_.number != 1:
        raise RoundNotDraft()
    selection = db.session.get(Selection, round_.selection_id)
    rows = [
        row
        for row in list_eligibility(
            selection.id,
            selection.region_code,
            Eligibility.of(selection.eligibility),
            at=at,
            only=Enrolment.id.in_(enrolment_ids),
        )
        if not row.is_candidate
    ]
    missing = [row for row in rows if is_missed(row.verdicts)]
    if missing and not reason:
        raise ReasonMissing()
    fit = {row.woman.person_id: row.woman.enrolment_id for row in rows if row not in missing}
    take_in(round_, fit, reason, by=by, at=at)
    against = {row.woman.person_id: row.woman.enrolment_id for row in missing}
    named = take_in(round_, against, reason, by=by, at=at)
    audit.record(
        "selection.take_in",
        "selection",
        selection.id,
        by=by,
        at=at,
        added=len(rows),
        against_conditions=sorted(application.code for application in named),
        with_reason=bool(reason),
    )
    return len(rows)


def content_of(application: Application) -> Content:
    return Content(application.title, application.plan, application.amount_fen, uses_of(application.uses))


def hold_open(selection_id: int, at: datetime) -> tuple[Selection, Round]:
    """The selection with its first round, held until the act ends. Raises NotFound, ApplyingClosed."""
    first = select(Round).where(Round.selection_id == selection_id, Round.number == 1).with_for_update()
    round_ = db.session.scalar(first.execution_options(populate_existing=True))
    if round_ is None:
        raise NotFound()
    selection = db.session.get(Selection, selection_id, populate_existing=True)
    if window(round_.state, selection.applies_from, selection.applies_until, at) is not Window.OPEN:
        raise ApplyingClosed()
    return selection, round_


def touched(application: Application, *, by: Actor, at: datetime) -> None:
    """It says something else now: what staff had made blind is read again, and its history says when."""
    application.blinded_at = application.blinded_by = application.blind_plan = None
    application.blind_title, application.blind_uses = "", []
    before = application.state
    if before is ApplicationState.WITHDRAWN:
        application.state = ApplicationState.DRAFT
    if before is not ApplicationState.DRAFT:
        note(application, "", by=by, at=at)


def _of(selection_id: int, person_id: int) -> Application | None:
    """Raises LedElsewhere."""
    hers = (Application.selection_id == selection_id, Application.person_id == person_id)
    application = db.session.scalar(select(Application).where(*hers).execution_options(populate_existing=True))
    if application is not None and application.state is ApplicationState.REFERRED:
        raise LedElsewhere()
    return application


def _may_apply(enrolment_id: int) -> int:
    """Whose enrolment it is; the view has made sure that she may apply by it."""
    person_id = db.session.scalar(select(Enrolment.person_id).where(Enrolment.id == enrolment_id))
    if person_id is None:
        raise NotFound()
    return person_id


def _begin(selection_id: int, enrolment_id: int, *, by: Actor, at: datetime) -> Application:
    application = Application(
        selection_id=selection_id,
        person_id=_may_apply(enrolment_id),
        enrolment_id=enrolment_id,
        state=ApplicationState.DRAFT,
        title="",
        plan="",
        uses=[],
        created_at=at,
        created_by=by.account_id,
    )
    db.session.add(application)
    db.session.flush()
    note(application, "", by=by, at=at)
    return application


def _changed(application: Application, changes: Mapping[str, object]) -> Content:
    before = content_of(application)
    return Content(**{**{name: getattr(before, name) for name in Content.__dataclass_fields__}, **changes})


def _require_whole(application: Application, content: Content, selection: Selection) -> None:
    missing = lacks(content, selection.highest_amount_fen)
    if missing and application.state is ApplicationState.SUBMITTED:
        raise ApplicationLacks(missing[0])


def _missed(selection: Selection, person_id: int, *, at: datetime) -> list[Condition]:
    row = get_eligibility(selection.id, selection.region_code, selection.eligibility, person_id, at=at)
    if row is None:
        raise NoEnrolment()
    return [verdict.condition for verdict in row.verdicts if verdict.standing is Standing.MISSED]

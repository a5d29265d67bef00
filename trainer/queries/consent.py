"""Consents: what somebody agreed to, and whether a later feature may go ahead."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.consent import NOTICE_VERSION, ConsentScope, GivenConsent
from trainer.models.account import Account
from trainer.models.file import StoredFile
from trainer.models.person import Consent


def has_consent(person_id: int, scope: ConsentScope) -> bool:
    """Whether she agreed to `scope`, by whatever version of the notice, and has not withdrawn it."""
    in_force = (Consent.person_id == person_id, Consent.scope == scope, Consent.withdrawn_at.is_(None))
    return bool(db.session.scalar(select(exists().where(*in_force))))


def list_consents_of(person_id: int) -> list[GivenConsent]:
    """All that she ever gave, in the order they were recorded."""
    recorder, withdrawer = aliased(Account), aliased(Account)
    rows = db.session.execute(
        select(Consent, recorder.name, withdrawer.name)
        .outerjoin(recorder, recorder.id == Consent.recorded_by)
        .outerjoin(withdrawer, withdrawer.id == Consent.withdrawn_by)
        .where(Consent.person_id == person_id)
        .order_by(Consent.id)
    )
    return [_consent(row, recorded_by, withdrawn_by) for row, recorded_by, withdrawn_by in rows]


def _consent(row: Consent, recorded_by: str | None, withdrawn_by: str | None) -> GivenConsent:
    return GivenConsent(
        *(row.id, row.scope, row.notice_version, row.channel, row.given_at, recorded_by),
        *(row.evidence_id is not None, row.withdrawn_at, row.withdrawal_channel, withdrawn_by, row.withdrawal_reason),
    )


CONSENT = Consent.__table__.c
_IN_FORCE = select(CONSENT.scope, CONSENT.notice_version).where(
    CONSENT.person_id == bindparam("person"), CONSENT.withdrawn_at.is_(None)
)


def is_asked_again(person_id: int) -> bool:
    """Something she agreed to has a newer notice, which she has not agreed to yet: what `Standing` says of each scope."""
    in_force = db.session.execute(_IN_FORCE, {"person": person_id}).all()
    settled = {scope for scope, version in in_force if version == NOTICE_VERSION}
    return any(scope not in settled for scope, _version in in_force)


def get_scan(person_id: int, consent_id: int) -> StoredFile | None:
    """The scan of the paper on which she gave this consent."""
    return db.session.scalar(
        select(StoredFile)
        .join(Consent, Consent.evidence_id == StoredFile.id)
        .where(Consent.id == consent_id, Consent.person_id == person_id)
    )


def list_in_force(person_id: int, scopes: Collection[ConsentScope]) -> list[Consent]:
    """The rows themselves, for whoever is about to change them."""
    return list(
        db.session.scalars(
            select(Consent)
            .where(Consent.person_id == person_id, Consent.scope.in_(scopes), Consent.withdrawn_at.is_(None))
            .order_by(Consent.id)
        )
    )


def withdrawn_scopes(people: Iterable[int]) -> Mapping[int, frozenset[ConsentScope]]:
    """By person: what she withdrew and has not given again since. One statement."""
    rows = db.session.execute(
        select(Consent.person_id, Consent.scope, Consent.withdrawn_at).where(Consent.person_id.in_(list(people)))
    ).all()
    in_force = {(person_id, scope) for person_id, scope, withdrawn_at in rows if withdrawn_at is None}
    found: dict[int, set[ConsentScope]] = {}
    for person_id, scope, _withdrawn_at in rows:
        if (person_id, scope) not in in_force:
            found.setdefault(person_id, set()).add(scope)
    return {person_id: frozenset(scopes) for person_id, scopes in found.items()}

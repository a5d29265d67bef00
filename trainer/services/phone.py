"""A phone that women share: the next one made current, one leaving it, all leaving it; and a lost phone."""

from datetime import datetime, timedelta

from sqlalchemy import update

from trainer.crypto import hash_token, new_token
from trainer.database import db
from trainer.domain.actors import Actor
from trainer.errors import NotFound
from trainer.models.account import SignInSession
from trainer.queries.device import list_women_here
from trainer.services import audit


def set_aside(session_id: int) -> None:
    """She stays signed in on this phone, but the cookie that leaves the browser opens nothing any more."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id)
        .values(token_hash=hash_token(new_token()), confirmed_at=None)
    )


def switch(session_id: int, device_id: int | None, *, by: Actor, at: datetime) -> tuple[str, timedelta]:
    """Another woman who is signed in on the same phone is current: (token for the cookie, how long it lives).

    Acts on her own data ask her for her digits first. Raises NotFound for whoever is not signed in here.
    """
    woman = next((row for row in list_women_here(device_id, at=at) if row.session_id == session_id), None)
    if woman is None or session_id == by.session_id:
        raise NotFound()
    set_aside(by.session_id)
    token = new_token()
    session = db.session.get(SignInSession, session_id)
    session.token_hash, session.last_seen_at, session.confirmed_at = hash_token(token), at, None
    audit.record("account.switch", "account", session.account_id, by=by, at=at)
    return token, session.expires_at - at


def end_in_browser(account_id: int, device_id: int, *, at: datetime) -> None:
    """Her sessions in one browser end: a new one takes their place."""
    db.session.execute(
        update(SignInSession)
        .where(
            SignInSession.account_id == account_id,
            SignInSession.device_id == device_id,
            SignInSession.is_device,
            SignInSession.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )


def leave_all(device_id: int | None, *, by: Actor, at: datetime) -> None:
    """Everybody who is signed in on this phone is signed out, whoever asks first of all."""
    women = {woman.session_id: woman.account_id for woman in list_women_here(device_id, at=at)}
    for session_id, account_id in {**women, by.session_id: by.account_id}.items():
        db.session.get(SignInSession, session_id).revoked_at = at
        audit.record("account.sign_out", "account", account_id, by=by, at=at)


def end_phone(session_id: int, account_id: int, *, by: Actor, at: datetime) -> None:
    """One phone of hers is signed out, by herself or by staff. Raises NotFound for another account's."""
    session = db.session.get(SignInSession, session_id, with_for_update=True)
    if session is None or session.account_id != account_id or not session.is_device or session.revoked_at:
        raise NotFound()
    session.revoked_at = at
    audit.record("account.end_phone", "account", account_id, by=by, at=at, session=session_id)


def end_phones(account_id: int, *, but: int | None = None, by: Actor, at: datetime) -> int:
    """All phones of hers are signed out, save the session `but`; returns how many."""
    which = [SignInSession.account_id == account_id, SignInSession.is_device, SignInSession.revoked_at.is_(None)]
    if but is not None:
        which.append(SignInSession.id != but)
    ended = db.session.execute(update(SignInSession).where(*which).values(revoked_at=at)).rowcount
    audit.record("account.end_phones", "account", account_id, by=by, at=at, ended=ended)
    return ended

"""Single-use ways in: issuing a token, and spending it."""

from datetime import datetime, timedelta

from trainer.crypto import hash_token, keyring
from trainer.database import db
from trainer.domain.actors import Actor, TokenKind
from trainer.errors import Refused
from trainer.models.account import AccessToken
from trainer.queries.account import get_open_token
from trainer.services import audit


class LinkSpent(Refused):
    """The link was used, has run out, or never existed."""

    code = "link_spent"


def issue(kind: TokenKind, account_id: int | None, token: str, life: timedelta, *, by: Actor, at: datetime) -> str:
    db.session.add(
        AccessToken(
            kind=kind,
            token_hash=digest(kind, token),
            account_id=account_id,
            issued_by=by.account_id,
            issued_at=at,
            expires_at=at + life,
        )
    )
    audit.record(f"access.{kind}", "account", account_id or "-", by=by, at=at)
    return token


def digest(kind: TokenKind, token: str) -> str:
    """How a way in is stored. Six digits are soon all tried: without the key their hash must say nothing."""
    return keyring().blind_index("code", token) if kind is TokenKind.TRAINEE_CODE else hash_token(token)


def spend(kind: TokenKind, token: str, *, at: datetime) -> AccessToken:
    found = get_open_token(kind, token, at=at, to_spend=True)
    if found is None:
        raise LinkSpent()
    found.used_at = at
    return found

"""Accounts, the roles they hold, their live sessions, and the one-time tokens that let somebody in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.database import Base
from trainer.domain.actors import Role, SignInStep, TokenKind
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class Account(Base):
    """Somebody who can sign in: staff by username and password, a trainee by a code for her person."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("username"), UniqueConstraint("person_id"), UniqueConstraint("phone_index"))

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str | None] = mapped_column(String(60), info={"pii": "S1"})
    name: Mapped[str] = mapped_column(String(60), info={"pii": "S1"})
    organisation: Mapped[str | None] = mapped_column(String(120), info={"pii": "S1"})
    # Staff may sign in with it too; a trainee's stands in the register.
    phone: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S2"})
    phone_index: Mapped[str | None] = mapped_column(String(64))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    active: Mapped[bool] = mapped_column(default=True)
    # Why it was shut, where that was not by somebody's hand: `unused`.
    shut_because: Mapped[str] = mapped_column(String(40), default="", info={"pii": "S0"})
    # When `active` last changed: shut since then, or let in again since then.
    active_changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="account", lazy="raise_on_sql", foreign_keys="RoleGrant.account_id"
    )

    __mapper_args__ = {"version_id_col": version}


class RoleGrant(Base):
    """A role of an account, limited to a region's subtree or one cohort; revoked, never deleted."""

    __tablename__ = "role_grants"
    __table_args__ = (
        CheckConstraint("region_code IS NULL OR cohort_id IS NULL", name="one_limit"),
        Index("ix_role_grants_live", "account_id", "revoked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"))
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    account: Mapped[Account] = relationship(back_populates="grants", foreign_keys=[account_id])


class PastPassword(Base):
    """A password that an account had, as a hash: the last few are not taken again."""

    __tablename__ = "past_passwords"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Device(Base):
    """A browser that somebody has signed in from; its long-lived cookie holds the token, the row only its hash."""

    __tablename__ = "devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_agent: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SignInSession(Base):
    """A live sign-in; the cookie holds the token, the row only its hash."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    is_device: Mapped[bool] = mapped_column(default=False)
    user_agent: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    address: Mapped[str] = mapped_column(String(45), default="", info={"pii": "S2"})
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), index=True)
    # What she still has to do before the session carries any right.
    pending: Mapped[SignInStep | None] = mapped_column(enum_column(SignInStep))
    # When she last proved who she is; acts on her own data ask for it anew.
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AccessToken(Base):
    """A single-use way in: the set-up link, an invitation, a trainee's spoken six digits, or her printed slip."""

    __tablename__ = "access_tokens"
    __table_args__ = (Index("ix_access_tokens_open", "kind", "token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TokenKind] = mapped_column(enum_column(TokenKind))
    token_hash: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    tries_left: Mapped[int] = mapped_column(default=5)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class WrongTry(Base):
    """A wrong password or code; `subject` is a keyed hash of the door and the address it came from."""

    __tablename__ = "wrong_tries"
    __table_args__ = (Index("ix_wrong_tries_subject", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

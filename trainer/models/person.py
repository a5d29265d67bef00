"""People: one record a human being for life, and what she consented to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.database import Base
from trainer.domain.consent import ConsentChannel, ConsentScope
from trainer.domain.person import PersonKind
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class Person(Base):
    """One human being; `info["pii"]` is the data class of a column (S3 strictest)."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("id_number_index"),
        Index("ix_people_phone_name", "phone_index", "name"),
        Index("ix_people_region_pinyin", "region_code", "name_pinyin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), info={"pii": "S1"})
    name_pinyin: Mapped[str] = mapped_column(String(200), info={"pii": "S1"})
    name_initials: Mapped[str] = mapped_column(String(60), index=True, info={"pii": "S1"})
    sex: Mapped[str | None] = mapped_column(String(1), info={"pii": "S1"})
    birth_year: Mapped[int | None] = mapped_column(info={"pii": "S2"})
    id_number: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S3"})
    id_number_index: Mapped[str | None] = mapped_column(String(64))
    phone: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S2"})
    phone_index: Mapped[str | None] = mapped_column(String(64))
    # Keyed hash of the last four digits, to find her by what people say on the telephone.
    phone_tail_index: Mapped[str | None] = mapped_column(String(64), index=True)
    ethnicity: Mapped[str | None] = mapped_column(String(20), info={"pii": "S1"})
    education: Mapped[str | None] = mapped_column(String(20), info={"pii": "S1"})
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    township: Mapped[str | None] = mapped_column(String(60), info={"pii": "S1"})
    village: Mapped[str | None] = mapped_column(String(60), info={"pii": "S1"})
    business: Mapped[str | None] = mapped_column(String(60), info={"pii": "S1"})
    has_shop: Mapped[bool | None]
    kind: Mapped[PersonKind | None] = mapped_column(enum_column(PersonKind), info={"pii": "S1"})
    site_id: Mapped[int | None] = mapped_column(ForeignKey("training_sites.id"), index=True)
    note: Mapped[str | None] = mapped_column(Text, info={"pii": "S1"})
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # Since then the record holds no value of hers any more, only what counts (area, decade of birth, outcomes).
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # She turned out to be this other record: it speaks for her, and no list shows this one.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    consents: Mapped[list["Consent"]] = relationship(back_populates="person", lazy="raise_on_sql")
    enrolments: Mapped[list["Enrolment"]] = relationship(back_populates="person", lazy="raise_on_sql")  # noqa: F821

    __mapper_args__ = {"version_id_col": version}


class Consent(Base):
    """A consent by scope and version of the notice; withdrawn, never deleted."""

    __tablename__ = "consents"
    __table_args__ = (
        # Given again after a withdrawal, it is a new row.
        Index(
            "uq_consents_in_force",
            *("person_id", "scope", "notice_version"),
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    scope: Mapped[ConsentScope] = mapped_column(enum_column(ConsentScope))
    notice_version: Mapped[str] = mapped_column(String(20), info={"pii": "S0"})
    channel: Mapped[ConsentChannel] = mapped_column(enum_column(ConsentChannel))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # The scan of the signed paper.
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawal_channel: Mapped[ConsentChannel | None] = mapped_column(enum_column(ConsentChannel))
    # What she said, where somebody of the staff took it down for her.
    withdrawal_reason: Mapped[str] = mapped_column(String(200), default="", server_default="", info={"pii": "S1"})

    person: Mapped[Person] = relationship(back_populates="consents")

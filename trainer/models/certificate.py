"""Certificates, and the series that number them without gaps."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.certificate import CertificateState
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class CertificateSeries(Base):
    """A run of numbers; its row is held while numbers are given, so none is left out and none given twice."""

    __tablename__ = "certificate_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True, info={"pii": "S0"})
    last_serial: Mapped[int]


class Certificate(Base):
    """One certificate. What was printed on it stays as it was (`content`, JSON).

    Never deleted, save one that a past cohort's list brought with it when that list is taken back.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("series_id", "serial"),
        CheckConstraint("(series_id IS NULL) = (serial IS NULL)", name="series"),
        Index(
            "uq_certificates_valid",
            "enrolment_id",
            unique=True,
            sqlite_where=text("state = 'valid'"),
            postgresql_where=text("state = 'valid'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Without a series it was issued before this system and taken over with the number it had.
    series_id: Mapped[int | None] = mapped_column(ForeignKey("certificate_series.id"))
    serial: Mapped[int | None]
    number: Mapped[str] = mapped_column(String(60), unique=True, info={"pii": "S0"})
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    state: Mapped[CertificateState] = mapped_column(enum_column(CertificateState))
    # The name as it is printed.
    name: Mapped[str] = mapped_column(String(60), info={"pii": "S1"})
    content: Mapped[str] = mapped_column(EncryptedText, info={"pii": "S1"})
    issued_on: Mapped[date]
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    exception_id: Mapped[int | None] = mapped_column(ForeignKey("completion_exceptions.id"))
    # The one it stands in for.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), unique=True)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    end_reason: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

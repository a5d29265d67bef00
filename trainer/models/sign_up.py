"""Sign-ups: what women send in themselves for a cohort, before anybody has said which person of the register it is."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.person import PersonKind
from trainer.domain.sign_up import AnswerChannel, HelperRelation, SignUpState
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class SignUp(Base):
    """One of them. Settling it makes an enrolment, whatever the decision is: from then on that tells where she stands."""

    __tablename__ = "sign_ups"
    __table_args__ = (
        Index("ix_sign_ups_cohort_state", "cohort_id", "state", "id"),
        Index("ix_sign_ups_phone", "phone_index"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    state: Mapped[SignUpState] = mapped_column(enum_column(SignUpState))
    # Keyed hash of the code she looks the answer up by.
    code_index: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(60), info={"pii": "S1"})
    phone: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S2"})
    phone_index: Mapped[str | None] = mapped_column(String(64))
    id_number: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S3"})
    id_number_index: Mapped[str | None] = mapped_column(String(64), index=True)
    kind: Mapped[PersonKind | None] = mapped_column(enum_column(PersonKind), info={"pii": "S1"})
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    township: Mapped[str | None] = mapped_column(String(60), info={"pii": "S1"})
    village: Mapped[str | None] = mapped_column(String(60), info={"pii": "S1"})
    answer_by: Mapped[AnswerChannel] = mapped_column(enum_column(AnswerChannel))
    helper_name: Mapped[str | None] = mapped_column(String(60), info={"pii": "S1"})
    helper_phone: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S2"})
    helper_relation: Mapped[HelperRelation | None] = mapped_column(enum_column(HelperRelation))
    # The version of the notice she agreed to.
    notice_version: Mapped[str] = mapped_column(String(20), info={"pii": "S0"})
    nonce: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(16), default="", info={"pii": "S1"})
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"), index=True)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # Since when she knows the answer, and who told her.
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    told_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # Why it was struck out, or its answer taken back.
    reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

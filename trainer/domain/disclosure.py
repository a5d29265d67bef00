"""Disclosures: protected values of a person shown or handed out in full, each with its reason."""

from enum import StrEnum


class ProtectedField(StrEnum):
    """A column of the register that is shown masked (class S2 or S3)."""

    PHONE = "phone"
    ID_NUMBER = "id_number"


class DisclosureReason(StrEnum):
    CALL_HER = "call_her"
    CHECK_IDENTITY = "check_identity"
    PAYMENT = "payment"
    SAFETY = "safety"
    AUTHORITY = "authority"
    OTHER = "other"

"""Disclosures: protected values of a person shown or handed out in full, each with its reason."""

from dataclasses import dataclass
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
    HER_REQUEST = "her_request"
    OTHER = "other"


@dataclass(frozen=True)
class Purpose:
    """Why values leave in full, and who gets them; `recipient` is empty for a look on a page."""

    reason: DisclosureReason
    note: str = ""
    recipient: str = ""

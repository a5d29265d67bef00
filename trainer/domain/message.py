"""Messages: what kinds there are, where they go, and how far a delivery has come."""

from enum import StrEnum

INBOX = "inbox"


class MessageKind(StrEnum):
    """A notice comes from the site itself, as a code with values; a letter was written by somebody."""

    NOTICE = "notice"
    LETTER = "letter"


class DeliveryState(StrEnum):
    """UNKNOWN: the process died between handing over and hearing the answer; never sent again by itself."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"

"""Consents: what she may agree to, by which notice, and by which way."""

from enum import StrEnum

# The version of the notice (page "How your data are kept") that consents are given to.
NOTICE_VERSION = "2026-11"


class ConsentScope(StrEnum):
    BASIC = "basic"
    ID_NUMBER = "id_number"
    BANK_ACCOUNT = "bank_account"
    PICTURES = "pictures"
    PUBLICATION = "publication"
    PROMOTION = "promotion"


class ConsentChannel(StrEnum):
    PAPER = "paper"
    ONLINE = "online"
    ROSTER = "roster"

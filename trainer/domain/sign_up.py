"""Signing up for a cohort: what becomes of what a stranger sent in, how she wants to hear, who filled it in for her."""

from enum import StrEnum


class SignUpState(StrEnum):
    """`settled`: an enrolment speaks for her; `taken_back` by herself; `struck_out`: no sign-up of a real person."""

    OPEN = "open"
    SETTLED = "settled"
    TAKEN_BACK = "taken_back"
    STRUCK_OUT = "struck_out"


class AnswerChannel(StrEnum):
    """How she wants to hear the answer; she can look it up by her code besides."""

    CALL = "call"
    SMS = "sms"
    HELPER = "helper"
    LOOK_UP = "look_up"


class HelperRelation(StrEnum):
    """Who filled it in for her."""

    CADRE = "cadre"
    FAMILY = "family"
    NEIGHBOUR = "neighbour"
    OTHER = "other"

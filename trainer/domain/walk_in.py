"""Walk-ins: how like a woman of the register somebody is who was written down at the door."""

from dataclasses import dataclass
from enum import StrEnum


class Likeness(StrEnum):
    """What speaks for its being her, the strongest first."""

    NAME_AND_PHONE = "name_and_phone"
    NAME = "name"
    PHONE = "phone"
    SOUND = "sound"

    @property
    def weight(self) -> int:
        return list(Likeness).index(self)


@dataclass(frozen=True)
class Told:
    """What is known of somebody: the name, how it sounds, the keyed hash of the phone."""

    name: str
    sound: str
    phone_index: str | None


def likeness(one: Told, other: Told) -> Likeness | None:
    """None where nothing is alike. A phone that is not known is like no other."""
    same_phone = one.phone_index is not None and one.phone_index == other.phone_index
    if one.name == other.name:
        return Likeness.NAME_AND_PHONE if same_phone else Likeness.NAME
    if same_phone:
        return Likeness.PHONE
    return Likeness.SOUND if one.sound and one.sound == other.sound else None

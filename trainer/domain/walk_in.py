"""Walk-ins: how like a woman of the register somebody is who was written down at the door."""

from dataclasses import dataclass
from enum import StrEnum


class Likeness(StrEnum):
    """What speaks for its being her, the strongest first."""

    ID_NUMBER = "id_number"
    NAME_AND_PHONE = "name_and_phone"
    NAME_AND_VILLAGE = "name_and_village"
    NAME = "name"
    PHONE = "phone"
    SOUND = "sound"

    @property
    def weight(self) -> int:
        return list(Likeness).index(self)


@dataclass(frozen=True)
class Told:
    """What is known of somebody: the name, how it sounds, the keyed hashes of her numbers, how her village sounds."""

    name: str
    sound: str
    phone_index: str | None
    id_index: str | None = None
    village: str = ""


def likeness(one: Told, other: Told) -> Likeness | None:
    """None where nothing is alike. What is not known of somebody is like nobody's."""
    if one.id_index is not None and one.id_index == other.id_index:
        return Likeness.ID_NUMBER
    same_phone = one.phone_index is not None and one.phone_index == other.phone_index
    if one.name == other.name:
        if same_phone:
            return Likeness.NAME_AND_PHONE
        return Likeness.NAME_AND_VILLAGE if _same(one.village, other.village) else Likeness.NAME
    if same_phone:
        return Likeness.PHONE
    if not _same(one.sound, other.sound):
        return None
    return Likeness.NAME_AND_VILLAGE if _same(one.village, other.village) else Likeness.SOUND


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other

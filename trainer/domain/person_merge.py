"""Two records that may be one woman: what speaks for it, which values stay, which enrolment goes on, what forbids it."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus
from trainer.errors import Refused


class DuplicateSign(StrEnum):
    """What two records have in common, the strongest first."""

    SIGN_UP_ID = "sign_up_id"
    PHONE_AND_NAME = "phone_and_name"
    PHONE_AND_NEAR_NAME = "phone_and_near_name"
    NAME_AND_VILLAGE = "name_and_village"
    SHARED_PHONE = "shared_phone"


# What is chosen together: a village of one record and a county of the other would be no place.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "phone": ("phone",),
    "id_number": ("id_number",),
    "place": ("region_code", "township", "village"),
    **{name: (name,) for name in ("sex", "birth_year", "ethnicity", "education", "business", "has_shop", "kind")},
    **{name: (name,) for name in ("site_id", "note")},
}


class AlreadyMerged(Refused):
    """One of the two was put together with another record, or erased, before."""

    code = "merge_already"
    status = 409


class DifferentIdNumbers(Refused):
    code = "merge_different_id_numbers"


class RequestInTheWay(Refused):
    """One has asked for erasure, or both for the same thing: what is to become of it is nobody's guess."""

    code = "merge_open_request"


class TwoApplications(Refused):
    code = "merge_two_applications"


class TwoCertificates(Refused):
    code = "merge_two_certificates"


class NotTheNewest(Refused):
    """Something was built upon this merge: that goes first."""

    code = "merge_not_the_newest"


class NotUndoable(Refused):
    """It was undone before, or she was erased."""

    code = "merge_not_undoable"
    status = 409


def differing(kept: Mapping[str, object], gone: Mapping[str, object]) -> list[str]:
    """The groups about which somebody has to say which value stays: both have one, and not the same."""
    return [name for name in GROUPS if _said(kept, name) and _said(gone, name) and not _same(kept, gone, name)]


def taken_over(kept: Mapping[str, object], gone: Mapping[str, object], chosen: Collection[str]) -> dict[str, object]:
    """What changes in the record that stays: the groups `chosen` from the other one, and what only that one has."""
    alone = [name for name in GROUPS if not _said(kept, name) and _said(gone, name)]
    taken = [*alone, *(name for name in differing(kept, gone) if name in chosen)]
    columns = [column for name in taken for column in GROUPS[name]]
    return {column: gone[column] for column in columns if gone[column] != kept[column]}


def _said(record: Mapping[str, object], group: str) -> bool:
    return any(record[column] not in (None, "") for column in GROUPS[group])


def _same(kept: Mapping[str, object], gone: Mapping[str, object], group: str) -> bool:
    return all((kept[column] or None) == (gone[column] or None) for column in GROUPS[group])


def goes_on(status: EnrolmentStatus, *, certified: bool) -> tuple[bool, bool, bool]:
    """How much one of two enrolments in the same cohort weighs; of equals the one of the record that stays goes on."""
    return certified, status is EnrolmentStatus.COMPLETED, status in ON_THE_ROLL


# Whoever is in one of these takes no place and waits for none: there is nothing to end.
OVER = frozenset({EnrolmentStatus.WITHDRAWN, EnrolmentStatus.REJECTED})

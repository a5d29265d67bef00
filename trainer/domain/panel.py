"""Evaluators of a round: how they were asked, conflicts of interest, and what the records hint at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from trainer.domain.actors import region_prefix

# So long an invitation may be answered.
INVITATION_LIFE = timedelta(days=14)
# Whoever has not answered for so long is reminded once, and staff are told to call her.
SILENT = timedelta(days=3)
# Why an assignment was taken back where nobody wrote a reason; `wording` has the words.
WITHDRAWN_BY_CONFLICT = "conflict"
WITHDRAWN_WITH_SEAT = "seat"


class SeatState(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"


class ConflictKind(StrEnum):
    FAMILY = "family"
    FINANCIAL = "financial"
    EMPLOYER = "employer"
    MENTOR_OR_TRAINER = "mentor_or_trainer"
    SAME_VILLAGE = "same_village"
    SUPPLIER_BUYER = "supplier_buyer"
    OTHER = "other"


class ConflictSource(StrEnum):
    """Who said so; `detected`: staff, following a hint of the records."""

    SELF = "self"
    APPLICANT = "applicant"
    STAFF = "staff"
    DETECTED = "detected"


class ConflictState(StrEnum):
    RAISED = "raised"
    DISPUTED = "disputed"
    UPHELD = "upheld"
    REJECTED = "rejected"


# An evaluator is kept away from the candidate from the moment somebody said so, until it is rejected.
HOLDING = (ConflictState.RAISED, ConflictState.DISPUTED, ConflictState.UPHELD)


class HintKind(StrEnum):
    """What of the records may be a conflict; a person looks and decides."""

    SAME_PERSON = "same_person"
    SAME_PHONE = "same_phone"
    SURNAME_AND_VILLAGE = "surname_and_village"
    VILLAGE = "village"
    TAUGHT_HER = "taught_her"
    MENTOR_OF_COUNTY = "mentor_of_county"
    ORGANISATION = "organisation"


# As what a conflict is raised that follows from a hint.
KIND_OF_HINT = {
    HintKind.SAME_PERSON: ConflictKind.FAMILY,
    HintKind.SAME_PHONE: ConflictKind.FAMILY,
    HintKind.SURNAME_AND_VILLAGE: ConflictKind.FAMILY,
    HintKind.VILLAGE: ConflictKind.SAME_VILLAGE,
    HintKind.TAUGHT_HER: ConflictKind.MENTOR_OR_TRAINER,
    HintKind.MENTOR_OF_COUNTY: ConflictKind.MENTOR_OR_TRAINER,
    HintKind.ORGANISATION: ConflictKind.EMPLOYER,
}


@dataclass(frozen=True)
class CandidateFacts:
    """What the records know of a candidate that may tie her to an evaluator; `site`: the station she belongs to."""

    application_id: int
    person_id: int
    name: str
    region_code: str
    village: str | None
    phone_index: str | None
    cohort_id: int
    site: str | None


@dataclass(frozen=True)
class EvaluatorFacts:
    """The same of an evaluator: the cohorts she taught or cared for, the counties where she is a mentor."""

    account_id: int
    name: str
    organisation: str | None
    region_code: str | None
    village: str | None
    phone_index: str | None
    person_id: int | None
    cohorts: frozenset[int]
    counties: frozenset[str]


@dataclass(frozen=True)
class Hint:
    """A pair at which somebody should look."""

    application_id: int
    account_id: int
    kind: HintKind


def find_hints(candidates: Iterable[CandidateFacts], evaluators: Iterable[EvaluatorFacts]) -> Iterator[Hint]:
    """Of every pair the weightiest hint, if there is one."""
    evaluators = list(evaluators)
    for candidate in candidates:
        for evaluator in evaluators:
            kind = _hint(candidate, evaluator)
            if kind:
                yield Hint(candidate.application_id, evaluator.account_id, kind)


def _hint(candidate: CandidateFacts, evaluator: EvaluatorFacts) -> HintKind | None:
    if evaluator.person_id == candidate.person_id:
        return HintKind.SAME_PERSON
    if candidate.phone_index and candidate.phone_index == evaluator.phone_index:
        return HintKind.SAME_PHONE
    if evaluator.village and candidate.village and _same_village(candidate, evaluator):
        same_surname = candidate.name[:1] == evaluator.name[:1]
        return HintKind.SURNAME_AND_VILLAGE if same_surname else HintKind.VILLAGE
    if candidate.cohort_id in evaluator.cohorts:
        return HintKind.TAUGHT_HER
    if candidate.region_code in evaluator.counties:
        return HintKind.MENTOR_OF_COUNTY
    if candidate.site and evaluator.organisation and candidate.site in evaluator.organisation:
        return HintKind.ORGANISATION
    return None


def _same_village(candidate: CandidateFacts, evaluator: EvaluatorFacts) -> bool:
    """Many villages share a name: where her area is known, it has to be the candidate's too."""
    area = region_prefix(evaluator.region_code) if evaluator.region_code else ""
    return _bare(candidate.village) == _bare(evaluator.village) and candidate.region_code.startswith(area)


def _bare(village: str) -> str:
    """大西沟 is 大西沟村."""
    return village.strip().removesuffix("村")

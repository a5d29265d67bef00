"""Concluding a class: who completes and who does not, and what stands in the way of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from trainer.domain.completion import WomanProgress, fingerprint
from trainer.domain.enrolment import EnrolmentStatus


@dataclass(frozen=True)
class OpenEnds:
    """What is not settled yet in a class: lessons not closed, hand-ins of demanded tasks that nobody marked, demanded
    scores that nobody entered, exceptions that nobody decided on. Only lessons stand in the way."""

    lessons: int
    lessons_closed: int
    hand_ins: int
    scores: int
    exceptions: int

    @property
    def is_over(self) -> bool:
        return self.lessons_closed > 0 and not self.lessons


@dataclass(frozen=True)
class Verdict:
    """What concluding does to one woman. `is_exception`: she completes although the rule says no; `is_certified`: a
    certificate of hers is valid, so a person has to revoke it before she can stand as not completed."""

    woman: WomanProgress
    is_exception: bool
    is_certified: bool

    @property
    def to(self) -> EnrolmentStatus:
        completes = self.woman.progress.meets or self.is_exception
        return EnrolmentStatus.COMPLETED if completes else EnrolmentStatus.NOT_COMPLETED

    @property
    def is_stopped(self) -> bool:
        return self.is_certified and self.to is EnrolmentStatus.NOT_COMPLETED

    @property
    def changes(self) -> bool:
        return self.woman.status != self.to and not self.is_stopped


@dataclass(frozen=True)
class Conclusion:
    """The verdicts on everybody on the roll, by seat, under one version of the rule."""

    rule_id: int | None
    open_ends: OpenEnds
    verdicts: Sequence[Verdict]

    @property
    def changes(self) -> list[Verdict]:
        return [one for one in self.verdicts if one.changes]

    @property
    def stopped(self) -> list[Verdict]:
        return [one for one in self.verdicts if one.is_stopped]

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.rule_id, [(one.woman.enrolment_id, one.to, one.is_exception) for one in self.changes])


def conclude(
    women: Sequence[WomanProgress],
    *,
    rule_id: int | None,
    open_ends: OpenEnds,
    excepted: Collection[int],
    certified: Collection[int],
) -> Conclusion:
    """`excepted` and `certified` are enrolments; whoever meets the rule needs no exception."""
    return Conclusion(
        rule_id,
        open_ends,
        [
            Verdict(one, one.enrolment_id in excepted and not one.progress.meets, one.enrolment_id in certified)
            for one in women
        ],
    )

"""Submitted sheets: the seal each version carries, where a chain of seals breaks, and an evaluator's own severity."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from statistics import mean, stdev

import numpy as np

from trainer.domain.judged_scores import JudgedScores, judge_scores
from trainer.domain.rubric import round_half_up
from trainer.domain.selection import Recommendation, SheetSource
from trainer.domain.severity import studentised
from trainer.domain.severity_ranking import sha256_of

# Of a normal distribution, so that 90 % lie within: as wide as the intervals of a ranking.
NINETY = 1.645
# Studentised, to either side: a sheet that the others of the same file and her own severity do not explain.
FAR_OFF = 2.5


@dataclass(frozen=True)
class SheetContent:
    """A submitted sheet word for word."""

    assignment_id: int
    number: int
    levels: Mapping[str, int | None]
    abstentions: Mapping[str, str]
    confidence: int | None
    recommendation: Recommendation | None
    strengths: str
    risks: str
    reason: str
    source: SheetSource
    submitted_at: datetime

    def seal(self, previous: str | None) -> str:
        """SHA-256 of all of it and of the seal of the version before: changing one later breaks every one after it."""
        moment = self.submitted_at.astimezone(UTC).isoformat(timespec="microseconds")
        return sha256_of({**asdict(self), "submitted_at": moment, "previous": previous})


@dataclass(frozen=True)
class KeptSheet:
    """A version as the database holds it. `is_erased`: her words were taken out by right, so only the chain is left.

    `last`: the version that counts; `noted`: the seal that the audit trail has of it, None where it has no such entry.
    """

    id: int
    content: SheetContent
    sha256: str | None
    last: int | None
    is_erased: bool = False
    noted: str | None = None


def first_broken(sheets: Iterable[KeptSheet]) -> tuple[int, int] | None:
    """(assignment, version) of the first that is not as it was submitted; `sheets` by assignment and version.

    Versions from before there were seals have none; whoever came after the first seal has one.
    """
    kept = list(sheets)
    sealing_since = min((sheet.id for sheet in kept if sheet.sha256), default=None)
    before: KeptSheet | None = None
    for at, sheet in enumerate(kept):
        content = sheet.content
        if before is not None and before.content.assignment_id != content.assignment_id:
            before = None
        ends = at + 1 == len(kept) or kept[at + 1].content.assignment_id != content.assignment_id
        if (
            content.number != (before.content.number + 1 if before else 1)
            or (ends and sheet.last != content.number)
            or not _is_sealed(sheet, before, sealing_since)
        ):
            return content.assignment_id, content.number
        before = sheet
    return None


def _is_sealed(sheet: KeptSheet, before: KeptSheet | None, sealing_since: int | None) -> bool:
    if sheet.sha256 is None:
        return not (before and before.sha256) and (sealing_since is None or sheet.id < sealing_since)
    if sheet.noted not in (None, sheet.sha256):
        return False
    return sheet.is_erased or sheet.sha256 == sheet.content.seal(before.sha256 if before else None)


@dataclass(frozen=True)
class OwnSeverity:
    """What an evaluator is told of herself once the result is frozen; points of 100.

    `offset`: how much higher than the others she marks the same files, ± `margin` (90 %); both None where her files
    are not linked with the others'. `spread`: standard deviation of her own scores. `far_off`: (code, how many points
    above or below what was to be expected).
    """

    sheets: int
    mean: Decimal
    spread: Decimal | None
    offset: Decimal | None
    margin: Decimal | None
    far_off: tuple[tuple[str, Decimal], ...]

    @property
    def may_be_chance(self) -> bool:
        return self.offset is not None and abs(self.offset) <= self.margin


def own_severity(
    scored: Mapping[str, Sequence[tuple[int, Decimal]]], evaluator: int, files: Iterable[str]
) -> OwnSeverity | None:
    """From all scores of a run, {code: (evaluator, score)}; only `files` of hers are spoken of. None without any."""
    hers = {code: score for code in files for number, score in scored.get(code, ()) if number == evaluator}
    if not hers:
        return None
    raw = {code: round_half_up(mean(score for _, score in pairs)) for code, pairs in scored.items() if pairs}
    judged = judge_scores({(code, number): score for code, pairs in scored.items() for number, score in pairs}, raw)
    seat = judged.judges.index(evaluator)
    known = judged.linked and judged.is_uncertain and len(judged.judges) > 1
    # The fit's offsets are from the mean of all evaluators, herself among them: here she stands beside the others.
    beside = np.full(len(judged.judges), -1.0 / max(len(judged.judges) - 1, 1))
    beside[seat] = 1.0
    return OwnSeverity(
        sheets=len(hers),
        mean=round_half_up(mean(hers.values()), 1),
        spread=round_half_up(stdev(hers.values()), 1) if len(hers) > 1 else None,
        offset=_tenths(beside @ judged.plain.offsets) if known else None,
        margin=_tenths(NINETY * np.linalg.norm(judged.plain.root @ beside)) if known else None,
        far_off=tuple(sorted((code, gap) for code, gap in _far_off(judged, seat) if code in hers)) if known else (),
    )


def _far_off(judged: JudgedScores, seat: int) -> list[tuple[str, Decimal]]:
    """Candidate and how far one judge's score lies from what the others and her own severity let expect."""
    marks, plain = judged.marks, judged.plain
    far = (abs(studentised(marks, plain)) > FAR_OFF) & (marks.judge == seat)
    gaps = marks.score - plain.theta[marks.candidate] - plain.offsets[seat]
    return [(judged.candidates[marks.candidate[at]], _tenths(gaps[at])) for at in far.nonzero()[0]]


def _tenths(value: float) -> Decimal:
    return round_half_up(Decimal(repr(float(value))), 1)

"""What changed since before the course, whether it changed more than elsewhere, and what may be claimed of it."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from math import sqrt
from statistics import fmean, variance

from trainer.domain.outcome_money import middle_of, winsorised_mean
from trainer.domain.outcomes import Change, Claim, ComparisonKind, Difference, Woman, YearEarlier
from trainer.domain.survey import ENDLINE, MIDLINE, Wave

# Fewer women a side, or fewer townships together, say nothing certain.
FEWEST_A_SIDE, FEWEST_TOWNSHIPS = 30, 20
CONFIDENCE_POINT = 0.975
# The township, as far as it is known, and what she earns more than before, in fen.
Gain = tuple[str | None, int]


def changes(women: Sequence[Woman], waves: Sequence[Wave] = (MIDLINE, ENDLINE)) -> tuple[Change, ...]:
    """Asked profit of each of these waves against the baseline; ask only of waves that are due, else all are `lost`.

    `lost`: named a profit before and none now. Uplift is 1.2 times and more: 5·now ≥ 6·before, in whole fen. Whoever named a
    loss before earned nothing.
    """
    return tuple(_change(women, wave) for wave in waves)


def _change(women: Sequence[Woman], wave: Wave) -> Change:
    before = [woman for woman in women if Wave.BASELINE in woman.profits]
    pairs = [(woman.profits[Wave.BASELINE], woman.profits[wave]) for woman in before if wave in woman.profits]
    earned = [(then, now) for then, now in pairs if then > 0]
    nothing = [now for then, now in pairs if then <= 0]
    gains = [now - then for then, now in pairs]
    return Change(
        wave=str(wave),
        n=len(pairs),
        lost=len(before) - len(pairs),
        median_fen=middle_of(gains),
        mean_winsorised_fen=winsorised_mean(gains),
        earned_before=len(earned),
        uplift=sum(5 * now >= 6 * then for then, now in earned),
        earned_nothing=len(nothing),
        from_zero=sum(now > 0 for now in nothing),
    )


def difference(
    kind: ComparisonKind, wave: Wave, trained: Sequence[Woman], compared: Sequence[Woman]
) -> Difference | None:
    """δ = mean change of the trained − mean change of the compared, of women who named a profit both times; None where
    either side has fewer than two.

    Standard error by township (CR1: OLS of the change on being trained, clustered) with t of G − 1 degrees of freedom, where
    the township of everybody is known and each side comes from two or more: within a single township the residuals of a
    side add up to nothing, and the error with them. Else √(s²/n + s²/n) with Welch–Satterthwaite. Where nothing varies
    there is no error to speak of, and no interval. Indicative: below 30 a side, or fewer than 20 townships, or not known.
    """
    sides = [_gains(side, wave) for side in (trained, compared)]
    if min(map(len, sides)) < 2:
        return None
    gains = [[gain for _township, gain in side] for side in sides]
    mean_trained, mean_compared = map(fmean, gains)
    effect, clusters = mean_trained - mean_compared, _townships(sides)
    se, df = _by_township(sides, clusters) if clusters else _welch(*gains)
    half = _t_point(df) * se if se else None
    return Difference(
        kind=kind,
        wave=str(wave),
        trained=len(gains[0]),
        compared=len(gains[1]),
        trained_change_fen=mean_trained,
        compared_change_fen=mean_compared,
        effect_fen=effect,
        se_fen=se,
        low_fen=None if half is None else effect - half,
        high_fen=None if half is None else effect + half,
        df=df,
        clusters=clusters,
        is_indicative=min(map(len, gains)) < FEWEST_A_SIDE or (clusters or 0) < FEWEST_TOWNSHIPS,
    )


def _gains(women: Sequence[Woman], wave: Wave) -> list[Gain]:
    asked_twice = [woman for woman in women if Wave.BASELINE in woman.profits and wave in woman.profits]
    return [(woman.township, woman.profits[wave] - woman.profits[Wave.BASELINE]) for woman in asked_twice]


def _townships(sides: Sequence[Sequence[Gain]]) -> int | None:
    """How many there are together, where everybody's is known and each side has two or more."""
    names = [{township for township, _gain in side} for side in sides]
    return len(set.union(*names)) if all(all(side) and len(side) > 1 for side in names) else None


def _by_township(sides: Sequence[Sequence[Gain]], clusters: int) -> tuple[float | None, float | None]:
    """√(G/(G−1) · (N−1)/(N−2) · Σ_g (Σ ±residual/n of its side)²), with G − 1. In fractions: nothing is nothing."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for sign, side in zip((1, -1), sides, strict=True):
        mean = Fraction(sum(gain for _township, gain in side), len(side))
        for township, gain in side:
            sums[township] += sign * (gain - mean) / len(side)
    n = sum(map(len, sides))
    correction = Fraction(clusters, clusters - 1) * Fraction(n - 1, n - 2)
    squared = correction * sum(part * part for part in sums.values())
    return (sqrt(squared), clusters - 1.0) if squared else (None, None)


def _welch(trained: Sequence[int], compared: Sequence[int]) -> tuple[float | None, float | None]:
    parts = [(variance(side) / len(side), len(side)) for side in (trained, compared)]
    total = sum(part for part, _n in parts)
    if not total:
        return None, None
    return sqrt(total), total * total / sum(part * part / (n - 1) for part, n in parts)


def _t_point(df: float) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415 (heavy, and only a comparison needs it)

    return float(stdtrit(df, CONFIDENCE_POINT))


def claim_of(figure: object) -> Claim:
    """Compared: against women who were not trained. Before and after: against the same women. All else goes along with the
    course, and no more may be said of it."""
    if isinstance(figure, Difference):
        return Claim.COMPARED
    return Claim.BEFORE_AFTER if isinstance(figure, Change | YearEarlier) else Claim.ASSOCIATED

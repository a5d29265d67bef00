"""Words of rankings: what flags mean, how sure a run is, the words in its drawings, the workbook."""

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from trainer.domain.agreement import Agreement
from trainer.domain.figures import FigureSource, FigureUnit, describe
from trainer.domain.rubric import round_half_up
from trainer.domain.run_figures import RunFigures
from trainer.domain.selection import QuotaAttribute, RankingFlag, Recommendation
from trainer.wording.selection import LABELS

# What a flag means, and what to do about it.
FLAG_WORDS: dict[RankingFlag, tuple[object, object]] = {
    RankingFlag.TIE_ON_CUT_LINE: (
        _l("She shares the rank that the line runs through."),
        _l("Let the committee decide between the equals and write the reason down."),
    ),
    RankingFlag.GREY_ZONE: (
        _l("Who happened to read her could put her on either side of the line."),
        _l("Talk about her case; one more reader says more than the order does."),
    ),
    RankingFlag.ONE_JUDGE_DECIDES: (
        _l("Without one of the evaluators she would be on the other side of the line."),
        _l("Talk about her: no single person should decide."),
    ),
    RankingFlag.INFLATED_REVIEW: (
        _l("A sheet lies far above what her other readers and that evaluator's habit let expect."),
        _l("Let a third reader look. The sheet counts all the same, nothing is struck out."),
    ),
    RankingFlag.UNLINKED_JUDGES: (
        _l("The evaluators form groups that share no candidate: how strict they are cannot be compared."),
        _l("Mind that scores of different groups stand as they were given, or let some files be read by all."),
    ),
    RankingFlag.TOO_FEW_REVIEWS: (
        _l("Fewer than two complete sheets count for her."),
        _l("Ask for another reader."),
    ),
    RankingFlag.MISSING_FIGURE: (
        _l("A figure of the records is missing; it was left out and the rest weighted anew."),
        _l("Get the figure and have the ranking made again."),
    ),
    RankingFlag.TOO_LITTLE_KNOWN: (
        _l("Less than 60 percent of the weight is known, so she has no total."),
        _l("Get the missing sheets or figures and have the ranking made again."),
    ),
    RankingFlag.VETO: (
        _l("A rule or a finding of a visit asks to talk first."),
        _l("Talk about it before anything is decided, and write down what came of it."),
    ),
    RankingFlag.AGAINST_ADVICE: (
        _l("Most of her evaluators recommend something else than their levels say."),
        _l("Ask the evaluators what they mean."),
    ),
}


def link_sentence(head: RunFigures) -> str:
    """What is known of the evaluators beside each other."""
    said = {
        "unlinked": _(
            "The evaluators form %(groups)s groups that share no candidate. How strict a group is cannot be told from how "
            "good its candidates are, so nothing is adjusted: ranked is by the scores as they were given.",
            groups=head.components,
        ),
        "none": _("No complete sheet counts."),
        "alone": _("One evaluator alone judged: nothing shows how strict she is."),
        "thin": _(
            "All evaluators are linked by candidates read in common, but thinly: the adjustment leans on few files. A "
            "few files read by all would help."
        ),
        "fair": _(
            "All evaluators are linked by candidates read in common, well enough to compare how strict they are."
        ),
        "firm": _(
            "All evaluators are linked by many candidates read in common: how strict they are can be compared well."
        ),
    }[head.link]
    if head.link in ("thin", "fair", "firm"):
        said += _(" (Strength of the link λ₂ = %(lambda2)s; 0 is none.)", lambda2=f"{head.lambda2:.1f}")
    return said


def agreement_sentence(agreement: Agreement) -> str | None:
    """The paragraph a committee can read; None where the sheets cannot tell."""
    if agreement.icc_single is None:
        return None
    said = _(
        "Of what sets single sheets apart, %(single)s are the candidates' own merits, the rest is who read and chance. For "
        "the mean of a candidate's sheets it is %(raw)s.",
        single=_percent(agreement.icc_single),
        raw=_percent(agreement.icc_mean_raw),
    )
    if agreement.icc_mean_adjusted is not None:
        said += _(
            " With the evaluators' severity taken out it is %(adjusted)s: that is what the adjustment buys.",
            adjusted=_percent(agreement.icc_mean_adjusted),
        )
    if agreement.alpha is not None:
        said += _(" (Krippendorff's α %(alpha)s.)", alpha=f"{agreement.alpha:.2f}")
    return said + _(" Where merit is judged, 25 to 45 percent for one sheet is usual everywhere.")


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def link_words(link: str) -> str:
    """The same in two or three words."""
    return {
        "unlinked": _("not linked"),
        "none": _("no sheets"),
        "alone": _("one evaluator"),
        "thin": _("thinly linked"),
        "fair": _("well linked"),
        "firm": _("firmly linked"),
    }[link]


def weight_sentence(change: Mapping | None, names: Mapping[str, str]) -> str:
    """The smallest change of one weight that alters the list; `change` None: none does."""
    if change is None:
        return _("No change of a single weight alters who is within the line.")
    return _(
        "The smallest change of one weight that alters the list: %(criterion)s from %(now)s %% to %(then)s %%, the others in "
        "proportion, lets %(comes)s in for %(goes)s.",
        criterion=names.get(change["criterion"], change["criterion"]),
        now=_weight(change["weight_bp"]),
        then=_weight(change["to_bp"]),
        comes=change["comes_in"],
        goes=change["goes_out"],
    )


def quota_sentence(rule: Mapping) -> str:
    """A quota as it was stated: County 平城区: at least 2."""
    group = f"{LABELS[QuotaAttribute][QuotaAttribute(rule['attribute'])]} {rule['value']}"
    least, most = rule["at_least"], rule["at_most"]
    if least is not None and most is not None:
        return _("%(group)s: %(least)s to %(most)s of the places", group=group, least=least, most=most)
    if least is not None:
        return _("%(group)s: at least %(least)s of the places", group=group, least=least)
    return _("%(group)s: at most %(most)s of the places", group=group, most=most)


def _weight(basis_points: int) -> str:
    return f"{basis_points / 100:.4g}"


def recommendation_words(value: str) -> str:
    return str(LABELS[Recommendation][Recommendation(value)])


def yes_no(value: bool) -> str:
    return _("yes") if value else _("no")


def signed(value: Decimal, digits: int = 1) -> str:
    """+4.6 or −1.9."""
    return f"{round_half_up(value, digits):+.{digits}f}".replace("-", "−")


def confidence_words(confidence: int) -> str:
    return {1: _("not sure"), 2: _("fairly sure"), 3: _("sure")}[confidence]


# Figures and rules.


def figure_words(field: str, value: str) -> str:
    """A figure as people read it; several figures stand together as they are."""
    known = describe(field)
    unit = known.unit if known else FigureUnit.ANY
    if unit is FigureUnit.FEN:
        return f"¥{Decimal(value) / 100:,.2f}"
    if unit is FigureUnit.YES_NO:
        return yes_no(value not in ("0", ""))
    number = _plain(value)
    return f"{number} %" if unit is FigureUnit.PERCENT else number


def coverage_words(field: str, counted: int, of: int) -> str:
    """How much of what there is could be used for a figure."""
    known = describe(field)
    source = known.source if known else FigureSource.TABLE
    if source is FigureSource.ATTENDANCE:
        return _("%(counted)s of %(of)s hours", counted=_hours(counted), of=_hours(of))
    if source is FigureSource.SALES:
        return _("%(counted)s of %(of)s paid order lines count", counted=counted, of=of)
    return _("from %(counted)s of %(of)s", counted=counted, of=of)


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0")


def _plain(value: str) -> str:
    """Without digits that nobody reads."""
    whole, dot, rest = value.partition(".")
    return f"{Decimal(value):.2f}".rstrip("0").rstrip(".") if dot and (whole + rest).lstrip("-").isdigit() else value


# Drawings.


def chart_words(seats: int) -> dict[str, str]:
    return {
        "title": _("Ranks, and where they lie in 9 of 10 cases"),
        "about": _(
            "A row a candidate, best first: the dot is her rank, the bar where her rank lies in 9 of 10 cases. On the right "
            "her chance of a place. The numbers stand in the table below."
        ),
        "line": _("line: %(seats)s places", seats=seats),
        "chance_title": _("Chance of a place, from the first rank to the last"),
        "chance_about": _(
            "A step a candidate. Where the steps pass through the tinted band, between 90 and 10 percent, chance decides as "
            "much as merit."
        ),
    }


def offset_words() -> dict[str, str]:
    return {
        "title": _("How much milder or stricter each evaluator marks"),
        "about": _(
            "Points above (mild) or below (strict) the others for the same candidates, and the range in 9 of 10 cases. The numbers "
            "stand in the table below."
        ),
        "line": _("like the others"),
    }


# The workbook.


def sheet_names() -> tuple[str, ...]:
    return _("Ranking"), _("Reckoning"), _("Scores in detail"), _("Evaluators"), _("Score sheet"), _("How it was made")


def ranking_headings() -> dict[str, str]:
    return {
        "rank": _("Rank"),
        "low": _("Rank from, in 9 of 10 cases"),
        "high": _("Rank to, in 9 of 10 cases"),
        "within": _("Within the places"),
        "code": _("Code"),
        "name": _("Name"),
        "village": _("Village"),
        "reviews": _("Sheets counted"),
        "mean": _("Evaluators' mean"),
        "spread": _("Spread (standard deviation)"),
        "adjusted": _("Mean, severity adjusted"),
        "huber": _("Mean, far-off sheets count less"),
        "total": _("Total score"),
        "raw_total": _("Total, plain mean"),
        "adjusted_total": _("Total, severity adjusted"),
        "bonus": _("Bonus"),
        "se": _("Standard error"),
        "chance": _("Chance of a place"),
        "weight_chance": _("Chance, weights in doubt"),
        "vetoes": _("To be discussed"),
        "flags": _("To look at"),
        "evaluator": _("Evaluator"),
        "score": _("Score of the sheet"),
        "offset": _("Marks too high by"),
        "offset_se": _("give or take"),
        "corrected": _("Score without that"),
        "huber_weight": _("Counts in the Huber score"),
        "inflated": _("Sheets far too high"),
        "recommendation": _("Recommendation"),
        "criterion": _("Criterion"),
        "source": _("Where the points come from"),
        "weight": _("Weight in %"),
        "formula": _("Formula"),
        "level": _("Level"),
        "words": _("Words of the level"),
        "setting": _("What"),
        "value": _("Value"),
    }


def setting_names() -> dict[str, str]:
    return {
        "made": _("Ranking made"),
        "frozen": _("Result frozen"),
        "seats": _("Places"),
        "ranked_by": _("Ranked by"),
        "aggregate": _("A candidate's sheets together"),
        "extremes_kept": _("Extremes kept: too few sheets to drop any"),
        "seed": _("Seed of the redraws"),
        "link": _("Link of the evaluators"),
        "groups": _("Groups of evaluators"),
        "lambda2": _("λ₂ of the judge graph"),
        "icc_single": _("ICC of one sheet"),
        "icc_mean_raw": _("Reliability of the plain mean"),
        "icc_mean_adjusted": _("Reliability of the adjusted mean"),
        "alpha": _("Krippendorff's α"),
        "input": _("SHA-256 of the input"),
        "output": _("SHA-256 of the result"),
        "not_yet": _("not yet"),
    }


def points_heading(name: str, weight: str) -> str:
    return _("%(name)s (%(weight)s %%), points", name=name, weight=weight)


def figure_heading(name: str) -> str:
    return _("%(name)s, figure", name=name)


def evaluator_name(number: int) -> str:
    return _("Evaluator %(number)s", number=number)


def within_words(is_inside: bool, is_tied: bool) -> str:
    if is_tied:
        return _("tie on the line")
    return yes_no(is_inside)


def advice_line(seats: int, frozen_at: str | None) -> str:
    if frozen_at is None:
        return _(
            "%(seats)s places. Not frozen yet: the result may still change. The ranking advises; people decide.",
            seats=seats,
        )
    return _(
        "%(seats)s places. Frozen at %(at)s. The ranking advises; people decide, and give a reason where they depart from it.",
        seats=seats,
        at=frozen_at,
    )


def hash_line(input_sha256: str, output_sha256: str) -> str:
    return _("SHA-256 of the input: %(input)s, of the result: %(output)s", input=input_sha256, output=output_sha256)

"""The workbook of a ranking: the ranks, the reckoning, every sheet by evaluator number, the rubric, how it was made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trainer.documents.workbook import Column, Sheet, export_lines, write_workbook
from trainer.domain.ranking_line import RankingLine
from trainer.domain.round_inputs import RoundCriterion, RoundInputs
from trainer.domain.round_reckoning import sheet_score
from trainer.domain.run_figures import RunFigures, SheetShare
from trainer.domain.selection import CriterionDraft, RankingFlag
from trainer.wording import label
from trainer.wording import ranking as words


@dataclass(frozen=True)
class RankingDocument:
    """Everything the workbook says; moments by China's clock. Evaluators are numbers only.

    `formulas`: computed criterion → its published sentence; `shares`: code → the candidate's sheets.
    """

    selection: str
    programme: str
    made_at: datetime
    frozen_at: datetime | None
    exported_at: datetime
    exported_by: str
    input_sha256: str
    output_sha256: str
    inputs: RoundInputs
    head: RunFigures
    versions: Mapping[str, str]
    formulas: Mapping[str, str]
    rubric: Sequence[CriterionDraft]
    rows: Sequence[RankingLine]
    shares: Mapping[str, Sequence[SheetShare]]

    @property
    def criteria(self) -> tuple[RoundCriterion, ...]:
        return self.inputs.criteria


def ranking_workbook(document: RankingDocument) -> bytes:
    titles = export_lines(document.selection, unit=document.programme, at=document.exported_at, by=document.exported_by)
    frozen = document.frozen_at and f"{document.frozen_at:%Y-%m-%d %H:%M}"
    advice = words.advice_line(document.inputs.seats, frozen)
    above = (*titles, advice, words.hash_line(document.input_sha256, document.output_sha256))
    made = (_ranks, _reckoning, _details, _evaluators, _rubric, _settings)
    sheets = zip(made, words.sheet_names(), strict=True)
    return write_workbook([make(document, title, above) for make, title in sheets])


def _columns(*asked: tuple[str, str, float]) -> list[Column]:
    heading = words.ranking_headings()
    return [Column(heading[name], kind, width) for name, kind, width in asked]


def _ranks(document: RankingDocument, title: str, above: tuple[str, ...]) -> Sheet:
    columns = [
        *_columns(("rank", "number", 8), ("low", "number", 9), ("high", "number", 9), ("within", "text", 14)),
        *_columns(("code", "text", 10), ("name", "text", 10), ("village", "text", 14), ("total", "number", 10)),
        *_columns(("raw_total", "number", 10), ("adjusted_total", "number", 11), ("bonus", "number", 8)),
        *_columns(("chance", "percent", 10), ("weight_chance", "percent", 10), ("se", "number", 9)),
        *_columns(("reviews", "number", 9), ("mean", "number", 10), ("spread", "number", 11)),
        *_columns(("adjusted", "number", 11), ("huber", "number", 11)),
        *(Column(words.points_heading(c.name, f"{c.weight_bp / 100:g}"), "number", 14) for c in document.criteria),
        *(Column(words.figure_heading(c.name), "text", 14) for c in document.criteria if not c.judged),
        *_columns(("flags", "text", 30), ("vetoes", "text", 30)),
    ]
    return Sheet(title, columns, [_rank_row(row, document) for row in document.rows], above)


def _rank_row(row: RankingLine, document: RankingDocument) -> list[object]:
    is_inside = row.rank is not None and row.rank <= document.inputs.seats
    return [
        *(row.rank, row.rank_low, row.rank_high),
        words.within_words(is_inside, RankingFlag.TIE_ON_CUT_LINE in row.flags),
        *(row.code, row.name, row.village),
        *map(_points, (row.total, row.raw_total, row.adjusted_total, row.bonus)),
        *(None if share is None else share / 10_000 for share in (row.p_seat, row.weight_seat)),
        *(_points(row.se), row.reviews),
        *map(_points, (row.mean, row.spread, row.adjusted, row.huber)),
        *(_points(row.parts[c.code]["points"]) for c in document.criteria),
        *(_figure(c, row.parts[c.code]["value"]) for c in document.criteria if not c.judged),
        "；".join(str(label(flag)) for flag in row.flags),
        "；".join(row.vetoes),
    ]


def _figure(criterion: RoundCriterion, value: object) -> str | None:
    """As people read it; of a criterion over several figures as they are."""
    needs = criterion.scoring().needs
    return words.figure_words(needs[0], str(value)) if value is not None and len(needs) == 1 else value


def _points(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100


def _reckoning(document: RankingDocument, title: str, above: tuple[str, ...]) -> Sheet:
    """Each candidate's judged score as the mean of her sheets without what each evaluator marks too high."""
    columns = _columns(
        *(("code", "text", 10), ("evaluator", "text", 12), ("score", "number", 12), ("offset", "number", 12)),
        *(("corrected", "number", 12), ("huber_weight", "number", 12), ("mean", "number", 12)),
        *(("adjusted", "number", 12), ("huber", "number", 12)),
    )
    rows = [
        [
            *(row.code, words.evaluator_name(share.evaluator), share.score, share.offset, share.corrected),
            *(share.weight, *map(_points, (row.mean, row.adjusted, row.huber))),
        ]
        for row in document.rows
        for share in document.shares[row.code]
    ]
    return Sheet(title, columns, rows, above)


def _details(document: RankingDocument, title: str, above: tuple[str, ...]) -> Sheet:
    judged = [c for c in document.criteria if c.judged]
    columns = [
        *_columns(("code", "text", 10), ("evaluator", "text", 12)),
        *(Column(c.name, "number", 12) for c in judged),
        *_columns(("score", "number", 12), ("recommendation", "text", 16)),
    ]
    rows = [
        [
            sheet.candidate,
            words.evaluator_name(sheet.evaluator),
            *(sheet.levels.get(c.code) for c in judged),
            sheet_score(document.criteria, sheet.levels),
            sheet.recommendation and words.recommendation_words(sheet.recommendation),
        ]
        for sheet in document.inputs.sheets
    ]
    return Sheet(title, columns, rows, above)


def _evaluators(document: RankingDocument, title: str, above: tuple[str, ...]) -> Sheet:
    columns = _columns(
        *(("evaluator", "text", 12), ("reviews", "number", 12), ("offset", "number", 14)),
        *(("offset_se", "number", 12), ("inflated", "text", 40)),
    )
    rows = [
        [words.evaluator_name(j.evaluator), j.sheets, j.offset, j.offset_se, "、".join(j.inflated)]
        for j in document.head.judges
    ]
    return Sheet(title, columns, rows, above)


def _rubric(document: RankingDocument, title: str, above: tuple[str, ...]) -> Sheet:
    columns = _columns(
        *(("criterion", "text", 20), ("source", "text", 24), ("weight", "number", 10), ("formula", "text", 50)),
        *(("level", "number", 8), ("words", "text", 60)),
    )
    formulas = {c.name: document.formulas.get(c.code) for c in document.criteria}
    rows = [
        [line.name, label(line.kind), line.weight_bp / 100, formulas.get(line.name), level, level_words]
        for line in document.rubric
        for level, level_words in (list(enumerate(line.levels, start=1)) or [(None, None)])
    ]
    return Sheet(title, columns, rows, above)


def _settings(document: RankingDocument, title: str, above: tuple[str, ...]) -> Sheet:
    name, head, inputs = words.setting_names(), document.head, document.inputs
    frozen = document.frozen_at and f"{document.frozen_at:%Y-%m-%d %H:%M}"
    agreement = {part: getattr(head.agreement, part) for part in ("icc_single", "icc_mean_raw", "icc_mean_adjusted")}
    said = {
        "made": f"{document.made_at:%Y-%m-%d %H:%M}",
        "frozen": frozen or name["not_yet"],
        "seats": inputs.seats,
        "ranked_by": label(inputs.ranked_by),
        "aggregate": label(inputs.aggregate),
        "extremes_kept": words.yes_no(head.extremes_kept),
        "seed": inputs.seed,
        "link": words.link_words(head.link),
        "groups": head.components,
        "lambda2": head.lambda2,
        **agreement,
        "alpha": head.agreement.alpha,
        "input": document.input_sha256,
        "output": document.output_sha256,
    }
    rows = [[name[key], value] for key, value in said.items()]
    rows += [[library, version] for library, version in sorted(document.versions.items())]
    return Sheet(title, _columns(("setting", "text", 36), ("value", "number", 70)), rows, above)

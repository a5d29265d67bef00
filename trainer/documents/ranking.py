"""The workbook of a frozen ranking: the ranks, every sheet by evaluator number, and the rubric."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trainer.documents.workbook import Column, Sheet, export_lines, write_workbook
from trainer.domain.round_inputs import RoundCriterion
from trainer.domain.round_inputs import Sheet as ScoreSheet
from trainer.domain.round_ranking import RankingLine, sheet_score
from trainer.domain.selection import CriterionDraft, RankingFlag
from trainer.wording import label
from trainer.wording import ranking as words


@dataclass(frozen=True)
class RankingDocument:
    """Everything the workbook says; moments by China's clock. Evaluators are numbers only."""

    selection: str
    programme: str
    seats: int
    frozen_at: datetime
    exported_at: datetime
    exported_by: str
    input_sha256: str
    output_sha256: str
    criteria: Sequence[RoundCriterion]
    rubric: Sequence[CriterionDraft]
    rows: Sequence[RankingLine]
    sheets: Sequence[ScoreSheet]


def ranking_workbook(document: RankingDocument) -> bytes:
    titles = export_lines(document.selection, unit=document.programme, at=document.exported_at, by=document.exported_by)
    advice = words.advice_line(document.seats, f"{document.frozen_at:%Y-%m-%d %H:%M}")
    above = (*titles, advice, words.hash_line(document.input_sha256, document.output_sha256))
    ranks, details, rubric = words.sheet_names()
    return write_workbook(
        [_ranks(document, ranks, above), _details(document, details, above), _rubric(document, rubric, above)]
    )


def _ranks(document: RankingDocument, title: str, above: tuple[str, ...]) -> Sheet:
    heading = words.ranking_headings()
    columns = [
        Column(heading["rank"], "number", 8),
        Column(heading["within"], "text", 14),
        Column(heading["code"], "text", 10),
        Column(heading["name"], "text", 10),
        Column(heading["village"], "text", 14),
        Column(heading["total"], "number", 10),
        Column(heading["reviews"], "number", 10),
        Column(heading["mean"], "number", 10),
        Column(heading["spread"], "number", 12),
        Column(heading["adjusted"], "number", 12),
        *(Column(words.points_heading(c.name, f"{c.weight_bp / 100:g}"), "number", 14) for c in document.criteria),
    ]
    columns += [Column(c.name, "text", 14) for c in document.criteria if not c.judged]
    columns.append(Column(heading["flags"], "text", 30))
    return Sheet(title, columns, [_rank_row(row, document) for row in document.rows], above)


def _rank_row(row: RankingLine, document: RankingDocument) -> list[object]:
    is_inside = row.rank is not None and row.rank <= document.seats
    cells: list[object] = [
        row.rank,
        words.within_words(is_inside, RankingFlag.TIE_ON_CUT_LINE in row.flags),
        row.code,
        row.name,
        row.village,
        _points(row.total),
        row.reviews,
        _points(row.mean),
        _points(row.spread),
        _points(row.adjusted),
        *(_points(row.parts[c.code]["points"]) for c in document.criteria),
    ]
    cells += [row.parts[c.code]["value"] for c in document.criteria if not c.judged]
    return [*cells, "；".join(label(flag) for flag in row.flags)]


def _points(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100


def _details(document: RankingDocument, title: str, above: tuple[str, ...]) -> Sheet:
    heading, judged = words.ranking_headings(), [c for c in document.criteria if c.judged]
    columns = [
        Column(heading["code"], "text", 10),
        Column(heading["evaluator"], "text", 12),
        *(Column(c.name, "number", 12) for c in judged),
        Column(heading["score"], "number", 12),
    ]
    rows = [
        [
            sheet.candidate,
            words.evaluator_name(sheet.evaluator),
            *(sheet.levels.get(c.code) for c in judged),
            sheet_score(document.criteria, sheet.levels),
        ]
        for sheet in document.sheets
    ]
    return Sheet(title, columns, rows, above)


def _rubric(document: RankingDocument, title: str, above: tuple[str, ...]) -> Sheet:
    heading = words.ranking_headings()
    columns = [
        Column(heading["criterion"], "text", 20),
        Column(heading["source"], "text", 16),
        Column(heading["weight"], "number", 10),
        Column(heading["level"], "number", 8),
        Column(heading["words"], "text", 60),
    ]
    rows = [
        [line.name, label(line.kind), line.weight_bp / 100, level, level_words]
        for line in document.rubric
        for level, level_words in (list(enumerate(line.levels, start=1)) or [(None, None)])
    ]
    return Sheet(title, columns, rows, above)

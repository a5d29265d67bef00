"""What the women of a cohort said of it, as a workbook: counts by question, and their words on a second sheet."""

from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.domain.feedback import Face, FeedbackSummary
from trainer.wording import label
from trainer.wording.feedback import SHEET

FACES = sorted(Face, reverse=True)


def feedback_workbook(title_rows: tuple[str, ...], summary: FeedbackSummary) -> bytes:
    return write_workbook(feedback_sheets(title_rows, summary))


def feedback_sheets(title_rows: tuple[str, ...], summary: FeedbackSummary) -> list[Sheet]:
    """Both are empty where fewer answered than hide one another."""
    columns = [Column(str(SHEET["question"]), width=24), Column(str(SHEET["answered"]), "number", 10)]
    for face in FACES:
        columns += [Column(label(face), "number", 12), Column(f"{label(face)} %", "percent", 12)]
    rows = [
        [
            label(question),
            summary.told,
            *(part for face in FACES for part in (counts[face], counts[face] / summary.told)),
        ]
        for question, counts in summary.counts.items()
        if summary.told
    ]
    words = Sheet(str(SHEET["words"]), [Column(str(SHEET["words"]), width=80)], [[said] for said in summary.words])
    return [Sheet(str(SHEET["feedback"]), columns, rows, title_rows), words]

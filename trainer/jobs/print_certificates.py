"""Certificates of a cohort in one file to print; what our font cannot draw is named on a last page, never left blank."""

from trainer import clock
from trainer.database import transaction
from trainer.documents.certificate import PDF, Sheets
from trainer.domain.background_task import Product
from trainer.jobs.work import Work
from trainer.queries.certificate import list_valid
from trainer.services.certificate import note_printing


def run(work: Work) -> Product | str:
    """Valid ones only, with the rights its owner has now; each keeps its number, however often it is printed."""
    issued = list_valid(work.by, work.params["cohort_id"], work.params["certificate_ids"])
    if not issued:
        return "certificates_none_to_print"
    sheets = Sheets()
    printed = sheets.add_all(issued, str(work.settings["BASE_URL"]), report=work.report)
    content, now = sheets.finish(), clock.now()
    if printed:
        with transaction():
            note_printing(printed, work.params["cohort_id"], by=work.by, at=now)
    return Product(content, PDF, f"结业证书_{len(printed)}份_{clock.local(now):%Y%m%d}.pdf")

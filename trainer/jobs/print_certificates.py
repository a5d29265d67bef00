"""Certificates of a cohort in one file to print; what our font cannot draw is named on a last page, never left blank."""

from trainer import clock
from trainer.database import transaction
from trainer.documents.certificate import PDF, Sheets, undrawable
from trainer.domain.background_task import Product
from trainer.domain.certificate import Printable, check_address
from trainer.jobs.work import Work
from trainer.queries.certificate import list_valid
from trainer.services.certificate import note_printing


def run(work: Work) -> Product | str:
    """Valid ones only, with the rights its owner has now; each keeps its number, however often it is printed."""
    issued = list_valid(work.by, work.params["cohort_id"], work.params["certificate_ids"])
    base_url, sheets, printed, left_out = str(work.settings["BASE_URL"]), Sheets(), [], []
    for done, one in enumerate(issued):
        printable = Printable(one.number, one.issued_on, one.facts, check_address(base_url, one.number))
        if missing := undrawable(printable):
            left_out.append(f"{one.number}  {' '.join(f'U+{ord(c):04X}' for c in missing)}")
        else:
            sheets.add(printable)
            printed.append(one.id)
        work.report(done, len(issued))
    if not issued:
        return "certificates_none_to_print"
    if left_out:
        sheets.add_left_out(left_out)
    content, now = sheets.finish(), clock.now()
    if printed:
        with transaction():
            note_printing(printed, work.params["cohort_id"], by=work.by, at=now)
    return Product(content, PDF, f"结业证书_{len(printed)}份_{clock.local(now):%Y%m%d}.pdf")

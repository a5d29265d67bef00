"""Certificates for everybody of a cohort who has earned one: some at a time, each lot an act of its own."""

from trainer import clock
from trainer.database import transaction
from trainer.domain.certificate import Issuer
from trainer.jobs.work import Work
from trainer.queries.certificate import list_to_issue
from trainer.services.certificate import issue

AT_A_TIME = 100


def run(work: Work) -> str:
    """Begun anew after a kill it goes on where it stopped: whoever has one is not entitled any more."""
    issuer = Issuer(str(work.settings["CERTIFICATE_PREFIX"]), str(work.settings["ORGANISATION"]))
    left_out = set(work.params["left_out"])
    waiting = [one for one in list_to_issue(work.by, work.params["cohort_id"]) if one not in left_out]
    for start in range(0, len(waiting), AT_A_TIME):
        some = waiting[start : start + AT_A_TIME]
        with transaction():
            issue(some, issuer=issuer, by=work.by, at=clock.now())
        work.report(start + len(some), len(waiting))
    return "certificates_issued"

"""Taking in a large sales file, beside the pages."""

from trainer import clock
from trainer.database import transaction
from trainer.domain.background_task import TaskKind
from trainer.jobs.work import Work
from trainer.queries.background_task import may_take_in
from trainer.services import sales
from trainer.services.background_task import OwnerMayNot


def run(work: Work) -> str:
    """All of it or nothing; a second time harmless. Raises what `sales.commit` raises, and OwnerMayNot."""
    batch_id = work.params["batch_id"]
    if not may_take_in(work.by, TaskKind.SALES_COMMIT, batch_id):
        raise OwnerMayNot()
    with transaction():
        sales.commit(batch_id, **work.params["said"], by=work.by, at=clock.now())
    return "task_taken_in"

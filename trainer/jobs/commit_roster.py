"""Taking in a large roster, beside the pages."""

from datetime import date

from trainer import clock
from trainer.database import transaction
from trainer.domain.background_task import TaskKind
from trainer.jobs.work import Work
from trainer.queries.background_task import may_take_in
from trainer.services import roster, roster_commit
from trainer.services.background_task import OwnerMayNot


def run(work: Work) -> str:
    """All of it or nothing; begun anew after a kill it finds a batch that is taken in, or one that is not.

    Raises what `roster_commit.commit` raises, and OwnerMayNot.
    """
    batch_id = work.params["batch_id"]
    if not may_take_in(work.by, TaskKind.ROSTER_COMMIT, batch_id):
        raise OwnerMayNot()
    joined_on = date.fromisoformat(work.params["joined_on"])
    try:
        with transaction():
            roster_commit.commit(batch_id, joined_on=joined_on, by=work.by, at=clock.now())
    except roster_commit.RegisterChanged:
        with transaction():
            roster.refresh(batch_id, by=work.by, at=clock.now())
        raise
    return "task_taken_in"

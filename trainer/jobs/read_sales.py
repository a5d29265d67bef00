"""Reading sales files that were handed in together, beside the pages: each becomes a preview, or says why not."""

import logging

from trainer import clock
from trainer.database import BUSY, OVERTAKEN, transaction
from trainer.errors import Refused
from trainer.jobs.work import Interrupted, Work
from trainer.queries.sales_upload import list_to_read, may_read
from trainer.services import sales_upload as uploads
from trainer.services.background_task import OwnerMayNot, TaskLost
from trainer.services.file import delete_files
from trainer.services.reading_room import ReadersBusy

log = logging.getLogger(__name__)


class ReadingBroke(Refused):
    """A fault of ours in one file: the others are read all the same."""

    code = "sales_reading_broke"


def run(work: Work) -> str:
    """Every file of the task that is not read yet; one that was begun when its process was killed is begun anew."""
    waiting = list_to_read(work.task_id)
    for done, upload_id in enumerate(waiting):
        work.report(done, len(waiting))
        _read(upload_id, work)
    work.report(len(waiting), len(waiting))
    return "sales_files_read"


def _read(upload_id: int, work: Work) -> None:
    with transaction():
        begun = uploads.begin(upload_id)
    if begun is None:
        return
    gone: tuple[str, ...] = ()
    try:
        gone = _previewed(begun, work)
    except (BUSY, *OVERTAKEN, Interrupted, TaskLost):
        raise
    except Refused as refused:
        gone = _refused(begun, refused)
    except Exception:
        log.exception("sales file %s could not be read", upload_id)
        gone = _refused(begun, ReadingBroke())
    delete_files(gone)


def _previewed(begun: uploads.Begun, work: Work) -> tuple[str, ...]:
    """Read as soon as a reader is free: nobody waits for this page."""
    if not may_read(work.by, begun.id):
        raise OwnerMayNot()
    while True:
        try:
            with uploads.opened(begun, at=clock.now()) as found, transaction():
                return uploads.keep_preview(begun, found, by=work.by, at=clock.now())
        except ReadersBusy:
            work.report(work.done, work.total)


def _refused(begun: uploads.Begun, refused: Refused) -> tuple[str, ...]:
    with transaction():
        return uploads.keep_refusal(begun, refused)

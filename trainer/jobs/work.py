"""A piece of work: what the function of a background task is given."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from trainer.domain.actors import Actor
from trainer.services.background_task import TaskLost


class Interrupted(Exception):
    """This process is ending: the task waits for the next one."""


@dataclass
class Work:
    """A task's ids and filters, whose rights it runs with, and how it reports progress."""

    task_id: int
    params: Mapping[str, object]
    by: Actor
    settings: Mapping[str, object]
    done: int = 0
    total: int = 0
    stop: threading.Event = field(default_factory=threading.Event, repr=False)
    lost: threading.Event = field(default_factory=threading.Event, repr=False)

    def report(self, done: int, total: int) -> None:
        """So many of so many are done. Writes nothing itself: call it as often as you like, anywhere.

        Raises Interrupted and TaskLost, which the function lets pass.
        """
        self.done, self.total = max(self.done, min(done, total)), total
        if self.stop.is_set():
            raise Interrupted()
        if self.lost.is_set():
            raise TaskLost()

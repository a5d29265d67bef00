"""Logging: where it goes, and that no phone, ID number or bank card of a person gets into it."""

import logging

from trainer.domain.audit import visible
from trainer.domain.people import mask_numbers
from trainer.domain.privacy import mask_log_line


class Masked(logging.Formatter):
    """Stars numbers of people in what is written, in the text of an exception too: that may quote what was typed.

    Nothing typed can begin a line of its own that looks like an entry: a message stays on one line, and the lines
    of an exception are set in.
    """

    def format(self, record: logging.LogRecord) -> str:
        return mask_log_line(mask_numbers(super().format(record)))

    def formatMessage(self, record: logging.LogRecord) -> str:
        return visible(super().formatMessage(record))

    def formatException(self, ei) -> str:
        return "\n".join("    " + visible(line) for line in super().formatException(ei).splitlines())


def install() -> None:
    """Write to the error stream, unless whoever runs the process has settled it otherwise."""
    root = logging.getLogger()
    if not root.handlers:
        stream = logging.StreamHandler()
        stream.setFormatter(Masked("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root.addHandler(stream)

"""Logging: where it goes, and that no phone or ID number of a person gets into it."""

import logging

from trainer.domain.people import mask_numbers


class Masked(logging.Formatter):
    """Stars numbers of people in what is written, in the text of an exception too: that may quote what was typed."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_numbers(super().format(record))


def install() -> None:
    """Write to the error stream, unless whoever runs the process has settled it otherwise."""
    root = logging.getLogger()
    if not root.handlers:
        stream = logging.StreamHandler()
        stream.setFormatter(Masked("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root.addHandler(stream)

"""How a command answers: JSON on standard output alone, a plain sentence on standard error, exit codes 0, 2, 1."""

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path

import click
from flask import Flask, current_app

from trainer.errors import Refused, UnreadableFile
from trainer.wording import say


def answer(value: object) -> None:
    """Print the one JSON document."""
    click.echo(json.dumps(value, ensure_ascii=False))


def read_input(file: Path) -> bytes:
    """The file a command was given. Raises UnreadableFile."""
    try:
        return file.read_bytes()
    except OSError:
        raise UnreadableFile("no_such_file", path=str(file)) from None


def refusing(command: Callable) -> Callable:
    """Exit 2 with the sentence where the input cannot be taken."""

    @wraps(command)
    def run(*args, **kwargs):
        try:
            return command(*args, **kwargs)
        except Refused as refused:
            click.echo(_sentence(current_app, refused), err=True)
            raise SystemExit(2) from None

    return run


def _sentence(app: Flask, refused: Refused) -> str:
    with app.test_request_context():  # the language of a command is the default one
        return say(refused)

"""Two acts at the same moment, each in a transaction of its own, the second begun before the first has ended."""

import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from trainer.database import db, transaction
from trainer.errors import Refused

LONG_ENOUGH = 0.4  # seconds for the second act to read what the first has not committed yet


def overlap(app: Flask, first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """What both came to: a result, or the refusal or database error that ended it."""
    begun, results = threading.Event(), {}

    def act(name: int, what: Callable[[], object]) -> None:
        with app.app_context():
            if name:
                begun.wait(10)
            try:
                with transaction():
                    results[name] = what()
                    if not name:
                        begun.set()
                        threading.Event().wait(LONG_ENOUGH)
            except (Refused, SQLAlchemyError) as error:
                results[name] = error
            finally:
                begun.set()

    threads = [threading.Thread(target=act, args=pair) for pair in enumerate((first, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.rollback()
    db.session.expire_all()
    return [results[0], results[1]]

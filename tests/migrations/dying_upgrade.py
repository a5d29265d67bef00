"""A process that dies in the middle of an upgrade: run by test_first_release with a database and a statement."""

import os
import signal
import sys

import flask_migrate
from sqlalchemy import event
from sqlalchemy.engine import Engine

from trainer.app import create_app

if __name__ == "__main__":
    uri, keys, instance, deadly = sys.argv[1:]
    settings = {"MODE": "testing", "SQLALCHEMY_DATABASE_URI": uri, "FIELD_KEYS": keys, "INSTANCE_PATH": instance}
    app = create_app(settings | {"SECRET_KEY": "x" * 60})

    @event.listens_for(Engine, "after_cursor_execute")
    def die(_connection, _cursor, statement, *_rest) -> None:
        if deadly in statement:
            os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context():
        flask_migrate.upgrade()

"""A worker that dies in the middle of issuing certificates: run by test_certificate_killed with a database."""

import os
import signal
import sys

from sqlalchemy import event

from trainer.app import create_app
from trainer.database import db
from trainer.jobs import worker

if __name__ == "__main__":
    uri, keys, instance, chunk = sys.argv[1:]
    settings = {"MODE": "testing", "SQLALCHEMY_DATABASE_URI": uri, "FIELD_KEYS": keys, "INSTANCE_PATH": instance}
    app = create_app(settings | {"SECRET_KEY": "x" * 60})
    seen = 0

    with app.app_context():

        @event.listens_for(db.engine, "after_cursor_execute")
        def die(_connection, _cursor, statement, *_rest) -> None:
            global seen
            seen += statement.startswith("INSERT INTO certificates ")
            if seen == int(chunk):
                os.kill(os.getpid(), signal.SIGKILL)

        worker.run_next(app)

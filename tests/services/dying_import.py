"""A process that dies in the middle of confirming a sales file: run by test_sales_killed with a database and a batch."""

import os
import signal
import sys
from datetime import datetime

from sqlalchemy import event

from trainer.app import create_app
from trainer.database import db, transaction
from trainer.domain.actors import Actor
from trainer.services import sales

if __name__ == "__main__":
    uri, keys, instance, batch_id, at, deadly = sys.argv[1:]
    settings = {"MODE": "testing", "SQLALCHEMY_DATABASE_URI": uri, "FIELD_KEYS": keys, "INSTANCE_PATH": instance}
    app = create_app(settings | {"SECRET_KEY": "x" * 60})

    with app.app_context():

        @event.listens_for(db.engine, "after_cursor_execute")
        def die(_connection, _cursor, statement, *_rest) -> None:
            if statement.startswith(deadly):
                os.kill(os.getpid(), signal.SIGKILL)

        with transaction():
            sales.commit(int(batch_id), by=Actor(None, "dying"), at=datetime.fromisoformat(at))

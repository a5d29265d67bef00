"""A process that writes without end, two rows that belong together and an event in each act: run by test_backup_live."""

import sys

from trainer import clock
from trainer.app import create_app
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM
from trainer.models import SiteFlag
from trainer.services import audit

if __name__ == "__main__":
    uri, keys, instance, name = sys.argv[1:]
    settings = {"MODE": "testing", "SQLALCHEMY_DATABASE_URI": uri, "FIELD_KEYS": keys, "INSTANCE_PATH": instance}
    app = create_app(settings | {"SECRET_KEY": "x" * 60})
    with app.app_context():
        number = 0
        while True:
            number += 1
            with transaction() as session:
                for side in ("left", "right"):
                    session.merge(SiteFlag(name=f"{name} {side}", value=str(number)))
                    session.flush()
                audit.record("thing.touch", "thing", name, by=SYSTEM, at=clock.now(), number=number)
            db.session.remove()
            if number == 3:
                print("writing", flush=True)  # noqa: T201 (the test waits for it)

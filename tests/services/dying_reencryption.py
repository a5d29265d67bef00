"""A process that dies in the middle of moving values to the newest key: run by test_key_rotation."""

import os
import signal
import sys

from trainer.app import create_app
from trainer.services import key_rotation

if __name__ == "__main__":
    uri, keys, instance, place = sys.argv[1:]
    settings = {"MODE": "testing", "SQLALCHEMY_DATABASE_URI": uri, "FIELD_KEYS": keys, "INSTANCE_PATH": instance}
    app = create_app(settings | {"SECRET_KEY": "x" * 60})
    key_rotation.BATCH = 2

    def die(where: str, moved: int) -> None:
        if where == place:
            os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context():
        key_rotation.reencrypt(die)

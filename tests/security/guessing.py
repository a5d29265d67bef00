"""A worker of its own that somebody guesses at: run by test_throttle."""

import sys

from trainer.app import create_app

if __name__ == "__main__":
    uri, keys, instance, name, tries = sys.argv[1:]
    settings = {"MODE": "testing", "SQLALCHEMY_DATABASE_URI": uri, "FIELD_KEYS": keys, "INSTANCE_PATH": instance}
    app = create_app(settings | {"SECRET_KEY": "x" * 60, "WTF_CSRF_ENABLED": False})
    client = app.test_client()
    place = {"REMOTE_ADDR": "10.1.1.1"}
    for _ in range(int(tries)):
        answer = client.post("/sign-in", data={"username": name, "password": "nonsense"}, environ_base=place)
        if answer.status_code != 422:
            raise SystemExit(f"a wrong password was answered with {answer.status_code}")

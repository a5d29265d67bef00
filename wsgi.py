"""The door for gunicorn, waitress and `flask --app wsgi`."""

from trainer.app import create_app

app = create_app()

"""The installation: bring the database up to date, the first administrator's link, the embedded server."""

import gc

import click
import flask_migrate
import waitress
from flask import current_app
from flask.cli import with_appcontext

from trainer import clock
from trainer.cli.answers import refusing
from trainer.cli.check import refuse_to_start
from trainer.database import rollback, transaction, why_not_open
from trainer.domain.actors import SYSTEM
from trainer.jobs import scheduler
from trainer.queries.account import has_accounts
from trainer.services import account as accounts
from trainer.services import phone_tails
from trainer.services.holiday import seed_holidays
from trainer.services.message_template import offer_starting_templates
from trainer.services.region import load_regions


@click.command()
@with_appcontext
def upgrade() -> None:
    """Bring the database to the newest schema, and the list of regions and what people are found by up to date."""
    flask_migrate.upgrade()
    with transaction():
        load_regions()
        offer_starting_templates(by=SYSTEM, at=clock.now())
        seed_holidays(by=SYSTEM, at=clock.now())
    filled = 1
    while filled:
        with transaction():
            filled = phone_tails.fill_missing()


@click.command("setup-link")
@with_appcontext
@refusing
def setup_link() -> None:
    """Print a fresh one-time link for the first administrator of an empty installation."""
    with transaction():
        token = accounts.issue_setup_link(by=SYSTEM, at=clock.now())
    click.echo(f"{current_app.config['BASE_URL'].rstrip('/')}/set-up/{token}")


@click.command()
@with_appcontext
@click.pass_context
def serve(context: click.Context) -> None:
    """Serve the site in this process, with the scheduler in a thread of it."""
    if reason := why_not_open(current_app.config["MODE"]):
        raise SystemExit(reason)
    refuse_to_start(current_app.config)
    if not has_accounts():
        click.echo("打开下面的链接，建立第一个管理员（只能用一次） / One-time link for the first administrator:")
        context.invoke(setup_link)
    rollback()  # a look begun here would stay open while the site is served, and keep the write-ahead log from ending
    app = current_app._get_current_object()
    host, port = app.config["HOST"], app.config["PORT"]
    click.echo(f"http://{host}:{port}/")
    if app.config["SCHEDULER"]:
        scheduler.start_thread(app)
    # What start-up made lives as long as the process: keep the collector from walking it again and again, and from
    # walking the rows of a long page while it is being made.
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    # The application says in a sentence that a file is too large; what is far larger must not fill the disk first.
    most = 2 * app.config["MAX_CONTENT_LENGTH"]
    waitress.serve(app, host=host, port=port, threads=8, ident=None, max_request_body_size=most)

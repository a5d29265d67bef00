"""The second factor from the server, where there is no second administrator to ask."""

import click
from flask.cli import with_appcontext

from trainer import clock
from trainer.cli.answers import refusing
from trainer.database import transaction
from trainer.services import second_factor_reset


@click.command("second-factor-reset")
@click.argument("username")
@click.option("--reason", required=True, help="what happened; the audit trail keeps it")
@with_appcontext
@refusing
def reset(username: str, reason: str) -> None:
    """Take off the second factor of USERNAME, who lost phone and recovery codes; ends her sessions."""
    with transaction():
        account = second_factor_reset.reset_from_the_server(username, reason, at=clock.now())
    click.echo(f"{account.name}: the second factor is taken off, the sessions are ended.")

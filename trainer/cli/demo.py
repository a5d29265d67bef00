"""`flask demo`: fill the demonstration's own database, and say who may sign in to it."""

import click
from flask import current_app
from flask.cli import with_appcontext

from trainer import clock
from trainer.cli.answers import refusing
from trainer.cli.site import upgrade
from trainer.database import transaction
from trainer.domain.demonstration import Size
from trainer.queries.demo import DEMO_PASSWORD, list_demo_accounts
from trainer.services import demonstration
from trainer.wording import label


@click.command()
@click.option(
    "--size",
    type=click.Choice([size.value for size in Size]),
    default=Size.SMALL.value,
    help="small: about 500 women; medium: 100,000.",
)
@with_appcontext
@refusing
@click.pass_context
def demo(context: click.Context, size: str) -> None:
    """Fill an empty database with the invented programme; a filled one stays as it is.

    The database is flagged: afterwards only a site in demo mode serves it, to this machine alone.
    """
    context.invoke(upgrade)
    with transaction():
        filling = demonstration.fill(Size(size), at=clock.now())
    click.echo(
        f"演示数据已写入（{filling.size}），全部虚构。 / The demonstration is filled in; everybody in it is invented."
        if filling.new
        else f"演示数据早已写入（{filling.size}），没有改动。 / The demonstration is here already; nothing was changed."
    )
    _show_accounts()


def _show_accounts() -> None:
    """One a role, as on the sign-in page."""
    click.echo(f"可试用的账号（密码都是 {DEMO_PASSWORD}） / Accounts to try, all with this password:")
    for account in list_demo_accounts():
        way_in = account.username or "（登录页上的按钮 / the button on the sign-in page）"
        click.echo(f"  {label(account.role)}\t{account.name}\t{way_in}")
    click.echo(current_app.config["BASE_URL"])

"""The demonstration's one-click sign-in; registered only in demo mode, which answers nobody but this machine."""

from flask import Blueprint

from trainer import clock
from trainer.database import transaction
from trainer.errors import NotFound
from trainer.queries.demo import get_demonstration_size, list_demo_accounts
from trainer.services import session as sessions
from trainer.views.guards import public
from trainer.views.session import admit
from trainer.views.visitor import rules, visitor

pages = Blueprint("demo", __name__)


@pages.post("/demonstration/enter/<int:account_id>")
@public
def create(account_id: int):
    """Become one of the shown accounts."""
    shown = {account.id for account in list_demo_accounts()}
    if account_id not in shown or get_demonstration_size() is None:
        raise NotFound()
    who = visitor()
    with transaction():
        entry = sessions.sign_in(account_id, at=clock.now(), visitor=who, rules=rules())
    return admit(entry, None, who)

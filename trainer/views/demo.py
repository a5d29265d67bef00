"""The demonstration's one-click sign-in; registered only in demo mode, which answers nobody but this machine."""

from flask import Blueprint

from trainer import clock
from trainer.database import transaction
from trainer.errors import NotFound
from trainer.queries.account import get_account
from trainer.queries.demo import get_demonstration_size, list_demo_accounts
from trainer.services import session as sessions
from trainer.services import trainee_access
from trainer.views.guards import public
from trainer.views.session import admit, device_life, enter, make_room
from trainer.views.visitor import rules, visitor

pages = Blueprint("demo", __name__)


@pages.post("/demonstration/enter/<int:account_id>")
@public
def create(account_id: int):
    """Become one of the shown accounts; a trainee as on her phone, beside whoever is signed in there."""
    shown = {account.id for account in list_demo_accounts()}
    if account_id not in shown or get_demonstration_size() is None:
        raise NotFound()
    who, now, account = visitor(), clock.now(), get_account(account_id)
    if account.person_id:
        with transaction():
            make_room(who, now)
            token = trainee_access.enter(account_id, at=now, life=device_life(), visitor=who)
        return enter(token, device_life(), None, who)
    with transaction():
        entry = sessions.sign_in(account_id, at=now, visitor=who, rules=rules())
    return admit(entry, None, who)

"""Walks over every address there is: looking changes nothing, what was typed is never markup, more fields than asked
for do nothing; and what stands between the roles."""

import html
import re

import pytest
from sqlalchemy import Enum, String, Text, UniqueConstraint, event

from tests import factories
from tests.factories import DATONG
from tests.security.test_matrix import FILES, ROLES, SIGNING_OUT, TABLE, actor_of, address, side
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.models import Account, RoleGrant
from trainer.models.types import EncryptedText
from trainer.permissions import ROLE_PERMISSIONS, Permission

# Looking at these is itself an act that is written down, and nothing else is.
WRITTEN_DOWN = {"audit_events"}
# What a session, a throttle and the trail of refusals keep of any request; that a message was opened, a calendar fetched.
KEPT = {"sessions", "wrong_tries", "devices", "deliveries", "calendar_feeds"}
CHANGE = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
EVIL = "<img src=x onerror=alert(7)>'\"{{7*7}}"


def pages(app, letter: str) -> list:
    """Rules with a GET that the role may open."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in FILES | SIGNING_OUT
        and "GET" in rule.methods
        and letter in (TABLE[rule.endpoint].get or "")
    ]


@pytest.mark.parametrize("letter", ROLES)
def test_point_21_looking_changes_nothing(app, signed_in, letter):
    own = side(DATONG)
    client, changed = signed_in(actor_of(letter, own)), {}
    client.get("/")

    def note(_connection, _cursor, statement, *_rest) -> None:
        if found := CHANGE.match(statement):
            seen.add(found[1])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for rule in pages(app, letter):
            seen: set[str] = set()
            client.get(address(rule, own.ids))
            if seen - KEPT - WRITTEN_DOWN:
                changed[rule.endpoint] = seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert changed == {}


def poison(tables: tuple[str, ...]) -> int:
    """Write markup over every text that somebody may have typed; how many columns."""
    count = 0
    with transaction():
        for table in tables:
            unique = {
                c.name for rule in db.metadata.tables[table].constraints for c in rule.columns if _is_unique(rule)
            }
            for column in db.metadata.tables[table].columns:
                kind = column.type
                if not isinstance(kind, String | Text) or isinstance(kind, Enum | EncryptedText):
                    continue
                if column.primary_key or column.foreign_keys or column.name in unique or "code" in column.name:
                    continue
                room = getattr(kind, "length", None) or 500
                if room >= len(EVIL) and not re.search("hash|index|sha256|region|stored_as|mime", column.name):
                    typed = db.metadata.tables[table].update().where(column.is_not(None))
                    db.session.execute(typed.values({column.name: EVIL}))
                    count += 1
    return count


def _is_unique(rule) -> bool:
    return isinstance(rule, UniqueConstraint)


TYPED = (
    *("people", "programmes", "partners", "cohorts", "lessons", "shops", "selections", "criteria", "criterion_levels"),
    *("applications", "accounts", "import_batches", "messages", "message_templates", "livestreams", "reviews"),
    *("review_versions", "marks", "enrolment_events", "sessions", "devices"),
)


@pytest.mark.parametrize("letter", "AMSIEFWT")
def test_point_24_what_was_typed_is_never_markup(app, signed_in, letter):
    own = side(DATONG)
    client = signed_in(actor_of(letter, own))
    assert poison(tuple(name for name in TYPED if name in db.metadata.tables)) > 20
    shown, bare = 0, []
    for rule in pages(app, letter):
        for suffix in ("", "?lang=en", f"?q={html.escape('<img src=x onerror=alert(7)>')}"):
            answer = client.get(address(rule, own.ids) + suffix)
            if answer.mimetype != "text/html":
                continue
            assert answer.status_code < 500, rule.endpoint
            shown += "onerror=alert(7)" in answer.text
            if "<img src=x" in answer.text or "49'" in answer.text:
                bare.append(rule.endpoint)
    assert bare == []
    assert shown or letter == "A"


MORE = {
    **{"role": "system_administrator", "active": "no", "state": "withdrawn", "status": "completed", "score": "100"},
    **{"cohort_id": "1", "person_id": "1", "account_id": "1", "user_id": "1", "is_winner": "yes", "rank": "1"},
    **{"version": "1", "password_hash": "x", "region_code": "140000", "created_by": "1", "id": "1"},
}


def test_point_5_fields_that_no_form_asks_for_do_nothing(app, signed_in):
    """A member of staff sends them with every form of hers; nobody has other rights or another state for it."""
    own = side(DATONG)
    member = actor_of("S", own)
    client = signed_in(member)
    rights = sorted(
        db.session.execute(db.select(RoleGrant.account_id, RoleGrant.role, RoleGrant.revoked_at)).all(), key=str
    )
    accounts = sorted(db.session.execute(db.select(Account.id, Account.active, Account.password_hash)).all(), key=str)
    scores = db.session.execute(db.text("SELECT * FROM ranking_rows ORDER BY 1, 2")).all()
    tried = 0
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and "S" in (TABLE[rule.endpoint].post or "") and rule.endpoint not in SIGNING_OUT:
            assert client.post(address(rule, own.ids), data=MORE).status_code < 500, rule.endpoint
            tried += 1
    assert tried > 20
    db.session.rollback()
    mine = {member.id, own.trainee.id}  # a code for a trainee may give her the trainee's role, nobody another
    after = sorted(
        db.session.execute(db.select(RoleGrant.account_id, RoleGrant.role, RoleGrant.revoked_at)).all(), key=str
    )
    assert [row for row in after if row not in rights and row.role is not Role.TRAINEE] == []
    assert [row for row in rights if row not in after] == []
    now = {row.id: row for row in db.session.execute(db.select(Account.id, Account.active, Account.password_hash))}
    assert [row for row in accounts if now[row.id] != row and row.id not in mine] == []
    assert now[member.id] in accounts
    assert db.session.execute(db.text("SELECT * FROM ranking_rows ORDER BY 1, 2")).all() == scores


P = Permission
CHANGING = frozenset(P) - {
    *(P.VIEW_AUDIT, P.VIEW_PROGRAMME, P.VIEW_COHORT, P.VIEW_PEOPLE, P.VIEW_ATTENDANCE, P.VIEW_SALES, P.VIEW_SELECTION),
    *(P.VIEW_CERTIFICATES, P.VIEW_TALLIES, P.VIEW_EXCEPTIONS, P.VIEW_PERIODS, P.VIEW_FUNDS),
    *(P.VIEW_OUTCOMES, P.VIEW_OUTCOME_SUMS, P.VIEW_COSTS),
    *(P.VIEW_OWN_PROGRESS, P.VIEW_CALENDAR, P.REVIEW_ROLLS),  # answering a check asks for the cohort's work besides
}
OF_PEOPLE = {
    *(P.VIEW_PEOPLE, P.UNMASK, P.EXPORT_PEOPLE, P.EXPORT_UNMASKED, P.MANAGE_PEOPLE, P.IMPORT_PEOPLE),
    *(P.HANDLE_DATA_REQUESTS, P.VIEW_ATTENDANCE, P.VIEW_SALES, P.VIEW_CERTIFICATES, P.VIEW_OUTCOMES),
}


def test_point_7_no_role_holds_what_must_be_apart():
    assert ROLE_PERMISSIONS[Role.AUDITOR] & CHANGING == set()
    assert ROLE_PERMISSIONS[Role.SYSTEM_ADMINISTRATOR] & OF_PEOPLE == set()
    for role, held in ROLE_PERMISSIONS.items():
        assert not {P.SCORE, P.MANAGE_SELECTION} <= held, role
        assert not {P.MANAGE_ACCOUNTS, P.VIEW_AUDIT} <= held, role


def test_point_7_an_auditor_finds_no_form_that_changes_anything(whole_app):
    ours = {
        "session",
        "device",
        "profile",
        "second_factor",
        "slip",
        "home",
        "message",
        "background_task",
        "search",
        "inbox",
        "calendar",
    }
    open_to_her = {name for name, row in TABLE.items() if row.post and "W" in row.post and not row.public}
    assert {name for name in open_to_her if name.split(".")[0] not in ours} == {"audit.bundle"}


def test_point_1_no_address_without_a_row_and_no_row_without_an_address(whole_app):
    assert {rule.endpoint for rule in whole_app.url_map.iter_rules()} - FILES == set(TABLE)


def test_point_6_a_right_taken_back_is_gone_with_the_next_click(app, signed_in):
    manager = factories.account(Role.MANAGER, region=DATONG)
    client = signed_in(manager)
    assert client.get("/cohorts").status_code == 200
    with transaction():
        for grant in db.session.scalars(db.select(RoleGrant).where(RoleGrant.account_id == manager.id)):
            grant.revoked_at = factories.AT
    assert client.get("/cohorts").status_code == 404
    with transaction():
        db.session.get(Account, manager.id).active = False
    assert client.get("/").location.startswith("/sign-in")

"""Every view says who may come in."""

from flask import Flask

from trainer.app import create_app
from trainer.permissions import Permission

OPEN_TO_ALL = {"static", "bootstrap.static"}


def doorless(app: Flask) -> list[str]:
    """Endpoints without `@requires`, `@signed_in`, `@halfway` or `@public`."""
    return [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in OPEN_TO_ALL
        and not (
            isinstance(getattr(view, "door", None), Permission)
            or getattr(view, "door", None) in ("public", "signed_in", "halfway")
        )
    ]


def test_every_view_has_a_door(whole_app):
    assert doorless(whole_app) == []


def test_every_id_in_an_address_has_a_converter(whole_app):
    untyped = [
        rule.rule
        for rule in whole_app.url_map.iter_rules()
        for name in rule.arguments
        if name.endswith("_id") and f"<int:{name}>" not in rule.rule
    ]
    assert untyped == []


def test_a_planted_view_without_a_door_is_found():
    app = Flask("planted")
    app.add_url_rule("/x", "x", lambda: "")
    assert doorless(app) == ["x"]


def test_the_demonstration_has_doors_too(tmp_path):
    app = create_app(
        {"MODE": "demo", "INSTANCE_PATH": tmp_path, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/d.sqlite3"}
    )
    assert "demo.create" in app.view_functions
    assert doorless(app) == []

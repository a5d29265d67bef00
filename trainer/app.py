"""The roof: `create_app` puts settings, database, languages, doors and pages together."""

import base64
import hashlib
import os
import secrets
from pathlib import Path

from flask import Flask, current_app, g, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

import config
from trainer import cli, crypto, logs, storage, templating
from trainer.cli.check import refuse_to_start
from trainer.database import db, listen, why_not_open
from trainer.views import blueprints, errors, guards
from trainer.views.certificate import check_prefix
from trainer.views.letter import check_channels
from trainer.views.visitor import read_rules

LANGUAGES = ("zh", "en")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(), payment=()",
    "X-Robots-Tag": "noindex, nofollow",
}


# Where a visitor may say where her phone is; nowhere else is it even asked.
PLACE_PAGES = {"own_visit.show"}


class _RowNumber(IntegerConverter):
    """`<int:…>` of an address: a number that a row can have; a longer one is no address."""

    def __init__(self, map, **options) -> None:
        super().__init__(map, max=2**31 - 1, **options)


def create_app(settings: dict[str, object] | None = None) -> Flask:
    """The application; `settings` override what the environment says (tests)."""
    values = config.load() | (settings or {})
    app = Flask(
        __name__,
        root_path=str(config.ROOT / "trainer"),
        template_folder=str(config.ROOT / "templates"),
        static_folder="static",
        instance_path=str(values["INSTANCE_PATH"]),
    )
    app.config.from_mapping(values)
    app.config["SIGN_IN_RULES"] = read_rules(values)
    check_channels(values)
    check_prefix(values)
    logs.install()
    _prepare_secrets(app)
    _prepare_database(app)
    _prepare_pages(app)
    cli.install(app)
    return app


def _prepare_secrets(app: Flask) -> None:
    """Keys from the environment, else from files in the instance folder, made at first start and readable only by it."""
    folder = Path(app.config["INSTANCE_PATH"])
    folder.mkdir(parents=True, exist_ok=True)
    app.config["SECRET_KEY"] = app.config["SECRET_KEY"] or _kept(folder / "secret_key", lambda: secrets.token_hex(32))
    keys = app.config["FIELD_KEYS"] or _kept(folder / "field_keys", crypto.Keyring.generate)
    crypto.configure(crypto.Keyring.parse(keys))
    storage.configure(folder / "files")


def _kept(path: Path, make) -> str:
    """The secret in `path`; made once, whoever of several starting processes is first."""
    if not path.exists():
        candidate = path.with_name(f"{path.name}.{os.getpid()}")
        candidate.touch(mode=0o600)
        candidate.write_text(make())
        try:
            os.link(candidate, path)
        except FileExistsError:
            pass  # another process was first: its secret counts
        finally:
            candidate.unlink()
    return path.read_text().strip()


def _prepare_database(app: Flask) -> None:
    db.init_app(app)
    Migrate(app, db, directory=str(config.ROOT / "migrations"), render_as_batch=True)
    with app.app_context():
        for engine in db.engines.values():
            listen(engine)
        reason = why_not_open(app.config["MODE"])
    # A command may look at any database; whoever serves pages may not (`flask serve` and `flask run` ask again).
    if reason and not app.config["FROM_COMMAND_LINE"]:
        raise SystemExit(reason)
    if not app.config["FROM_COMMAND_LINE"]:
        refuse_to_start(app.config)
    if reason:
        app.before_request(guards.nobody)


def _prepare_pages(app: Flask) -> None:
    if app.config["BEHIND_PROXY"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0)
    Babel(app, locale_selector=choose_language)
    Bootstrap5(app)
    Compress(app)
    templating.install(app)
    app.url_map.converters["int"] = _RowNumber
    versions = _static_versions(Path(app.static_folder))
    app.before_request(_number_request)
    if app.config["MODE"] == "demo":
        app.before_request(guards.only_this_machine)
    app.before_request(guards.load_actor)
    app.before_request(guards.bound_body)
    app.before_request(guards.only_forms)
    CSRFProtect(app)  # reads the form: after its size is bounded
    app.after_request(_keep_preferences)
    app.after_request(_add_headers)

    @app.url_defaults
    def add_version(endpoint: str, arguments: dict) -> None:
        if endpoint == "static" and arguments.get("filename") in versions:
            arguments["v"] = versions[arguments["filename"]]

    @app.context_processor
    def page_facts() -> dict[str, object]:
        return {
            "_": templating.words(),
            "actor": g.get("actor"),
            "unread": g.live.unread if g.get("actor") else 0,
            "language": choose_language(),
            "large_text": _large_text(),
            "mode": app.config["MODE"],
        }

    errors.install(app)
    for blueprint in blueprints(demo_mode=app.config["MODE"] == "demo"):
        app.register_blueprint(blueprint)


def _static_versions(folder: Path) -> dict[str, str]:
    """A content hash for each of our files, so that browsers may keep them for a year."""
    return {
        str(path.relative_to(folder)): base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest())[:8].decode()
        for path in folder.rglob("*")
        if path.is_file()
    }


def choose_language() -> str:
    """Chinese unless she chose English, now (`?lang=`) or before (cookie)."""
    if not request:
        return "zh"
    for wanted in (request.args.get("lang"), request.cookies.get("lang")):
        if wanted in LANGUAGES:
            return wanted
    return "zh"


def _large_text() -> bool:
    return (request.args.get("text") or request.cookies.get("text")) == "large"


def _number_request() -> None:
    g.request_id = secrets.token_hex(6)


def _keep_preferences(response):
    for name, allowed in (("lang", LANGUAGES), ("text", ("large", "normal"))):
        wanted = request.args.get(name)
        if wanted in allowed and request.cookies.get(name) != wanted:
            response.set_cookie(name, wanted, max_age=365 * 24 * 3600, samesite="Lax", secure=config_https())
    return response


def config_https() -> bool:
    return bool(current_app.config["HTTPS"])


def _add_headers(response):
    response.headers.update(HEADERS)
    if request.endpoint in PLACE_PAGES:
        policy = HEADERS["Permissions-Policy"].replace("geolocation=()", "geolocation=(self)")
        response.headers["Permissions-Policy"] = policy
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif request.endpoint == "bootstrap.static":
        response.headers["Cache-Control"] = "public, max-age=604800"
    else:
        response.headers["Cache-Control"] = "no-store"
        response.headers["Vary"] = "Cookie"
    if config_https():
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response

"""The documents name every setting, every command and every make target."""

import re

from tests.house.floors import PACKAGE, ROOT

SETTING = re.compile(r"env\.get\(\s*[\"'](\w+)[\"']")


def settings() -> set[str]:
    return set(SETTING.findall((ROOT / "config.py").read_text()))


def commands(app) -> set[str]:
    """Our own commands, as they are typed: `people import`, `upgrade`."""
    names = set()
    for name, command in app.cli.commands.items():
        if name in ("run", "shell", "routes", "db"):
            continue
        children = getattr(command, "commands", {})
        names |= {f"{name} {child}" for child in children} or {name}
    return names


def undocumented(names: set[str], document: str) -> list[str]:
    return sorted(name for name in names if f"`{name}" not in document)


def test_every_setting_is_documented():
    assert undocumented(settings(), (ROOT / "docs" / "operations.md").read_text()) == []


def test_every_command_is_documented(whole_app):
    assert undocumented(commands(whole_app), (ROOT / "docs" / "operations.md").read_text()) == []


def test_every_make_target_is_documented():
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.M))
    assert undocumented({f"make {target}" for target in targets}, (ROOT / "docs" / "operations.md").read_text()) == []


def test_settings_are_read_only_in_config():
    readers = [p.name for p in PACKAGE.rglob("*.py") if re.search(r"os\.environ(?!\.setdefault)|getenv", p.read_text())]
    assert readers == []


def test_planted_faults_are_found():
    assert undocumented({"NEW_SETTING"}, "`OLD_SETTING` is …") == ["NEW_SETTING"]

"""The architecture as a table: which floor may import which, and which libraries each may use."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "trainer"

SETTLED = {"domain", "errors"}
MAY_IMPORT: dict[str, set[str]] = {
    "app": {"logs", "storage", "views", "cli", "templating", "models", "database", "crypto", "wording", "errors"},
    "cli": {
        *("jobs", "services", "queries", "documents", "platforms", "domain", "wording", "database", "clock", "errors"),
        *("permissions", "storage", "crypto", "backup"),
    },
    "views": {
        *("forms", "services", "queries", "documents", "permissions", "storage", "wording", "database", "errors"),
        *("domain", "clock"),
    },
    "jobs": {"services", "queries", "messaging", "documents", "database", "errors", "clock", "domain", "backup"},
    # Files and the tools of databases: copies of everything, of any release, without models.
    "backup": {"storage", "crypto", "errors"},
    "services": {
        *("queries", "models", "messaging", "platforms", "storage", "crypto", "pinyin", "database", "domain", "errors"),
    },
    "documents": {"domain", "wording"},
    "messaging": {"models", "database", "wording", "domain"},
    "forms": {"queries", "wording", "domain"},
    "templating": {"wording", "permissions", "domain", "clock"},
    # Looking an encrypted value up by its blind index, or a name by its pinyin, is a question like any other.
    "queries": {"models", "permissions", "database", "domain", "crypto", "pinyin", "errors"},
    "models": {"database", "crypto", "domain"},
    "platforms": {"domain", "errors"},
    "permissions": {"domain"},
    "wording": {"domain", "errors"},
    "domain": {"errors"},
    "logs": {"domain"},
    "database": set(),
    "clock": set(),
    "errors": set(),
    "storage": set(),
    "crypto": set(),
    "pinyin": set(),
}

# Libraries that only some floors may touch.
ONLY_IN: dict[str, set[str]] = {
    "flask": {"views", "cli", "app", "templating"},
    "werkzeug": {"views", "cli", "app"},
    "sqlalchemy": {"database", "models", "queries", "services", "messaging", "backup"},
    "flask_sqlalchemy": {"database"},
    "flask_migrate": {"app", "cli"},
    "wtforms": {"forms"},
    "flask_wtf": {"forms", "app", "views"},
    "flask_babel": {"wording", "templating", "forms", "app", "views"},
    "apscheduler": {"jobs"},
    "xlsxwriter": {"documents"},
    "openpyxl": {"platforms"},
    "python_calamine": {"platforms"},
    "cryptography": {"crypto"},
    "argon2": {"crypto"},
    "chinese_calendar": {"services"},
    "icalendar": {"documents"},
    "pyotp": {"crypto"},
    "zxcvbn": {"services"},
    "apprise": {"messaging"},
    "PIL": {"documents", "services"},
    "fpdf": {"documents"},
    "fontTools": {"documents"},
    "pylopdf_fonts_zh_cn": {"documents", "services"},
    "segno": {"templating", "documents", "views"},
    "pypinyin": {"pinyin"},
    "waitress": {"cli"},
    "pygal": {"documents"},
}
# Floors that reckon without any third-party library but these.
STANDARD_LIBRARY_AND: dict[str, set[str]] = {"domain": {"numpy", "scipy"}, "permissions": set()}
# A heavy library may be loaded on first use, with its reason beside it.
REASON = re.compile(r"# noqa: PLC0415 \(.{8,}\)")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "core", "base"}


def modules(package: Path = PACKAGE) -> Iterator[tuple[str, Path]]:
    """(floor, file) of every module of the package."""
    for path in sorted(package.rglob("*.py")):
        first = path.relative_to(package).parts[0]
        floor = first.removesuffix(".py")
        if floor != "__init__":
            yield floor, path


def imports(source: str) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything a module imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def floor_faults(floor: str, source: str, known: set[str] | None = None) -> list[str]:
    """Imports of `source`, a module on `floor`, that the table does not allow."""
    allowed = MAY_IMPORT.get(floor)
    if allowed is None:
        return [f"no floor is named {floor!r}"]
    faults = []
    for line, name in imports(source):
        top, *rest = name.split(".")
        if top == "trainer" and rest:
            if rest[0] != floor and rest[0] not in allowed:
                faults.append(f"{line}: {floor} must not import {rest[0]}")
        elif floor not in ONLY_IN.get(top, {floor}):
            faults.append(f"{line}: {top} does not belong on floor {floor}")
        elif floor in STANDARD_LIBRARY_AND and not _is_standard(top) and top not in STANDARD_LIBRARY_AND[floor]:
            faults.append(f"{line}: {floor} keeps to the standard library, not {top}")
    return faults


def _is_standard(top: str) -> bool:
    return top in sys.stdlib_module_names


def inner_import_faults(source: str) -> list[str]:
    """Imports inside functions that do not say why (`# noqa: PLC0415 (the reason)` on the line)."""
    lines, faults = source.splitlines(), []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom) and not REASON.search(lines[node.lineno - 1]):
                faults.append(f"{node.lineno}: import inside a function")
    return faults


def sibling_imports(floor: str, package: Path = PACKAGE) -> dict[str, set[str]]:
    """module → siblings of the same floor that it imports."""
    graph: dict[str, set[str]] = {}
    names = {path.stem for f, path in modules(package) if f == floor}
    for f, path in modules(package):
        if f != floor or path.name == "__init__.py":
            continue
        found = {n.split(".")[2] for _line, n in imports(path.read_text()) if n.startswith(f"trainer.{floor}.")}
        graph[path.stem] = (found & names) - {path.stem}
    return graph


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Modules that import each other in a circle."""
    found, done = [], set()

    def walk(name: str, path: list[str]) -> None:
        if name in path:
            found.append([*path[path.index(name) :], name])
            return
        if name in done:
            return
        for other in sorted(graph.get(name, ())):
            walk(other, [*path, name])
        done.add(name)

    for name in sorted(graph):
        walk(name, [])
    return found

"""Who may import whom; each guard is also seen to fail on a planted fault."""

import ast

import pytest

from tests.house.floors import (
    BANNED_NAMES,
    MAY_IMPORT,
    PACKAGE,
    ROOT,
    circles,
    floor_faults,
    inner_import_faults,
    modules,
    sibling_imports,
)

MODULES = list(modules())


# All modules in one test each: a test a file costs more than what it looks at.
def test_imports_keep_to_the_floors():
    assert {path: faults for floor, path in MODULES if (faults := floor_faults(floor, path.read_text()))} == {}


def test_no_import_inside_a_function():
    assert {path: faults for _, path in MODULES if (faults := inner_import_faults(path.read_text()))} == {}


def test_a_module_begins_with_its_sign():
    assert [path for _, path in MODULES if not ast.get_docstring(ast.parse(path.read_text()))] == []


@pytest.mark.parametrize("floor", sorted(MAY_IMPORT))
def test_siblings_import_each_other_in_no_circle(floor):
    assert circles(sibling_imports(floor)) == []


def test_nothing_is_named_after_nothing():
    names = {path.stem for _floor, path in modules()} | {path.name for path in PACKAGE.iterdir()}
    assert names & BANNED_NAMES == set()


def test_the_top_level_is_the_agreed_one():
    wanted = {"trainer", "migrations", "templates", "tests", "config.py", "wsgi.py"}
    assert {path.name for path in ROOT.iterdir()} >= wanted


@pytest.mark.parametrize(
    ("floor", "source"),
    [
        ("domain", "from trainer.models.person import Person"),
        ("domain", "import sqlalchemy"),
        ("domain", "import requests"),
        ("views", "from trainer.models.person import Person"),
        ("views", "from sqlalchemy import select"),
        ("services", "from flask import request"),
        ("services", "from trainer.views import guards"),
        ("queries", "from trainer.services import audit"),
        ("models", "from trainer import clock"),
        ("helpers", "import os"),
    ],
)
def test_a_planted_import_is_found(floor, source):
    assert floor_faults(floor, source)


def test_a_planted_inner_import_is_found():
    assert inner_import_faults("def f():\n    import os\n")
    assert not inner_import_faults("def f():\n    import scipy  # noqa: PLC0415 (0.4 s, only when ranking)\n")


def test_a_planted_circle_is_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert not circles({"a": {"b", "c"}, "b": {"c"}, "c": set()})

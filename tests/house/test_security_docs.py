"""The table of promises in docs/security.md: no point is left out, and every test it names is there."""

import ast
import re

import pytest

from tests.house.floors import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()
ROWS = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \|$", PAGE, re.M)
# The points of this release; the others come with files from outside, awards and public notices.
POINTS = [*range(1, 29), 35, 40, *range(45, 53), *range(54, 61)]
NAMED = [(number, name) for number, _promise, told in ROWS for name in re.findall(r"`([^`]+::[^`]+)`", told)]


def test_every_point_stands_in_the_table_once():
    assert sorted({*POINTS, 53}) == [int(number) for number, _promise, _told in ROWS]


@pytest.mark.parametrize(("number", "name"), NAMED)
def test_a_named_test_is_there(number, name):
    file, function = name.split("::")
    tree = ast.parse((ROOT / "tests" / file).read_text())
    assert function in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_what_is_held_by_no_test_says_why():
    bare = [(number, told) for number, _promise, told in ROWS if "::" not in told]
    assert all(told.startswith("does not apply yet: ") for _number, told in bare)
    assert [number for number, _told in bare] == ["56"]

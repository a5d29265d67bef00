"""Words: English in the sources, Chinese complete, the same placeholders in both, no Chinese left over in templates."""

import re
from collections import Counter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.house.floors import ROOT
from tests.house.test_templates import NAMES, TEMPLATES
from trainer import wording

CATALOGUE = ROOT / "trainer" / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)s")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "lazy_ngettext": (1, 2)}


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh")


def collected() -> set[str]:
    """Every msgid that the sources and templates use."""
    methods = [("trainer/**.py", "python"), ("templates/**.html", "jinja2")]
    found = extract_from_dir(str(ROOT), methods, keywords=KEYWORDS)
    return {m[0] if isinstance(m, tuple) else m for _file, _line, m, _comments, _context in found}


def test_every_word_is_in_the_catalogue(catalogue):
    known = {m.id[0] if isinstance(m.id, tuple) else m.id for m in catalogue if m.id}
    assert collected() - known == set()


def test_every_word_has_its_chinese(catalogue):
    empty = [m.id for m in catalogue if m.id and not all(m.string if isinstance(m.string, tuple) else [m.string])]
    assert empty == []


def test_nothing_is_marked_doubtful(catalogue):
    assert [m.id for m in catalogue if m.id and m.fuzzy] == []


def test_placeholders_agree(catalogue):
    wrong = []
    for message in catalogue:
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[-1]
        chinese = message.string if isinstance(message.string, str) else message.string[0]
        if set(PLACEHOLDER.findall(chinese)) - set(PLACEHOLDER.findall(english)):
            wrong.append(english)
    assert wrong == []


def test_sources_are_english(catalogue):
    assert [word for word in collected() if CHINESE.search(word)] == []


# The language switch names each language in itself.
def test_templates_hold_no_untranslatable_chinese():
    sources = {
        path: re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S) for path in TEMPLATES if path.name != "page.html"
    }
    assert [path for path, source in sources.items() if CHINESE.search(source)] == []


def test_there_are_templates():
    assert len(NAMES) > 10


@pytest.mark.parametrize("kind", ["LABELS", "TONES", "SENTENCES"])
def test_nothing_is_worded_twice(kind):
    """The later module would win, and a person would read the sentence of another refusal."""
    counts = Counter(key for stem in wording._STEMS for key in getattr(stem, kind))
    assert [key for key, count in counts.items() if count > 1] == []

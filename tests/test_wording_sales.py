"""Every refusal and every note on a row of a sales file has a sentence, and the sentence is Chinese."""

import re
from pathlib import Path

import pytest

from trainer.domain.sales import TrustBasis
from trainer.errors import Refused
from trainer.services import sales, sales_rows, shop
from trainer.wording import LABELS, SENTENCES

CODES = re.compile(r'"([a-z]+(?:_[a-z]+)+)", \{')
SOURCES = [Path(module.__file__).read_text(encoding="utf-8") for module in (sales, sales_rows)]


def refusals() -> set[str]:
    return {
        thing.code
        for module in (sales, shop)
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Refused) and thing.__module__ == module.__name__
    }


def codes() -> set[str]:
    found = {code for source in SOURCES for code in CODES.findall(source)}
    return found | {sales_rows.YEAR_OPEN, sales_rows.OLDER_OR_NEWER}


def test_the_walk_finds_codes():
    assert {"belongs_to_another_shop", "older_than_known", "abnormal_share"} <= codes()
    assert {"sales_already_imported", "shop_exists"} <= refusals()


@pytest.mark.parametrize("code", sorted(codes() | refusals()))
def test_has_a_chinese_sentence(app, code):
    assert re.search(r"[\u4e00-\u9fff]", str(SENTENCES[code]))


@pytest.mark.parametrize("basis", TrustBasis)
def test_a_trust_level_explains_itself(app, basis):
    words = str(LABELS[TrustBasis][basis])
    assert words.startswith(basis.value[:2])
    assert re.search(r"[\u4e00-\u9fff]{2}", words)

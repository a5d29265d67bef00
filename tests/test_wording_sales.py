"""Every refusal and every note on a row of a sales file has a sentence, and the sentence is Chinese."""

import re

import pytest

from trainer.domain.sales import SalesKind, TrustBasis
from trainer.errors import Refused
from trainer.models.sales import FACTS as columns_of
from trainer.services import sales, sales_verdicts, shop
from trainer.wording import LABELS, SENTENCES
from trainer.wording.sales import FACTS


def refusals() -> set[str]:
    return {
        thing.code
        for module in (sales, shop)
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Refused) and thing.__module__ == module.__name__
    }


def codes() -> set[str]:
    names = ("OLDER_OR_NEWER", "OLDER", "COUNTED_OTHERWISE", "ELSEWHERE", "MONTH_LOCKED", "REPLACES_TYPED", "YEAR_OPEN")
    return {getattr(sales_verdicts, name) for name in names} | {"abnormal_share"}


def test_the_walk_finds_codes():
    assert {"belongs_to_another_shop", "older_than_known", "replaces_typed"} <= codes()
    assert {"sales_already_imported", "shop_exists"} <= refusals()


@pytest.mark.parametrize("code", sorted(codes() | refusals()))
def test_has_a_chinese_sentence(app, code):
    assert re.search(r"[\u4e00-\u9fff]", str(SENTENCES[code]))


@pytest.mark.parametrize("kind", SalesKind)
def test_every_column_that_a_file_fills_has_a_name(kind):
    assert set(columns_of[kind]) <= FACTS.keys()


@pytest.mark.parametrize("basis", TrustBasis)
def test_a_trust_level_explains_itself(app, basis):
    words = str(LABELS[TrustBasis][basis])
    assert words.startswith(basis.value[:2])
    assert re.search(r"[\u4e00-\u9fff]{2}", words)

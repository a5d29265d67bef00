"""Products: what a name suggests, when a season is."""

import pytest

from trainer.domain.product import _WORDS, WORDS, Season, suggest

NAMES = [
    ("沁州黄小米 2024新米 农家月子小米 5斤", "grain_and_oil"),
    ("大同黄花菜干货 250g", "dried_goods"),
    ("手工剪纸 福字窗花", "handicraft"),
    ("吉县苹果 红富士 10斤装", "fruit"),
    ("农家苹果醋", "prepared_food"),
    ("苹果干 无糖", "dried_goods"),
    ("山西老陈醋 500ml*2", "prepared_food"),
    ("莜面栲栳栳 手工莜面", "grain_and_oil"),
    ("散养土鸡蛋30枚", "meat_and_eggs"),
    ("贝贝南瓜 3斤", "vegetables"),
    ("南瓜籽 原味", "dried_goods"),
    ("沙棘原浆 8袋", "prepared_food"),
    ("沙棘叶茶", "tea_and_herbs"),
    ("沙棘果 冷冻", "fruit"),
    ("千层底老布鞋 女", "clothing"),
    ("绣花鞋 手工", "clothing"),
    ("手工刺绣 挂件", "handicraft"),
    ("荞麦皮枕头", "clothing"),
    ("黑苦荞茶", "tea_and_herbs"),
    ("汾阳核桃 薄皮", "dried_goods"),
    ("平遥牛肉 200g", "prepared_food"),
    ("胡麻油 5L", "grain_and_oil"),
    ("鲜玉米 8根", "vegetables"),
    ("玉米面 5斤", "grain_and_oil"),
    ("运费补差价", None),
    ("", None),
]


@pytest.mark.parametrize(("name", "category"), NAMES)
def test_a_name_suggests_a_category(name, category):
    assert suggest(name) == category


def test_no_word_stands_under_two_categories():
    assert len(WORDS) == sum(len(set(words.split())) for words in _WORDS.values())


@pytest.mark.parametrize(
    ("season", "months", "crosses", "whole"),
    [
        (Season(6, 8), [6, 7, 8], False, False),
        (Season(9, 2), [1, 2, 9, 10, 11, 12], True, False),
        (Season(5, 5), [5], False, False),
        (Season(1, 12), list(range(1, 13)), False, True),
        (Season(4, 3), list(range(1, 13)), False, True),
    ],
)
def test_a_season_may_go_over_new_year(season, months, crosses, whole):
    assert [month for month in range(1, 13) if month in season] == months
    assert (season.crosses_new_year, season.is_whole_year) == (crosses, whole)

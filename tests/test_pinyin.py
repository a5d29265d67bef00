"""How names sound: the surnames dictionaries get wrong, names that are not Chinese, characters nobody can read."""

import pytest

from trainer.domain.people import COMPOUND_SURNAMES
from trainer.pinyin import LONGEST, SURNAMES, name_initials, name_pinyin


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("黄晓燕", "huang xiao yan", "hxy"),
        ("单丽", "shan li", "sl"),
        ("曾小青", "zeng xiao qing", "zxq"),
        ("仇英", "qiu ying", "qy"),
        ("解秀英", "xie xiu ying", "xxy"),
        ("查良英", "zha liang ying", "zly"),
        ("任红霞", "ren hong xia", "rhx"),
        ("朴顺姬", "piao shun ji", "psj"),
        ("盖丽丽", "ge li li", "gll"),
        ("区桂兰", "ou gui lan", "ogl"),
        ("尉迟芳", "yu chi fang", "ycf"),
        ("万俟玉兰", "mo qi yu lan", "mqyl"),
        ("欧阳玉兰", "ou yang yu lan", "oyyl"),
        ("上官建芳", "shang guan jian fang", "sgjf"),
        ("吕改花", "lv gai hua", "lgh"),
        ("王朝霞", "wang zhao xia", "wzx"),
        ("阿依古丽·买买提", "a yi gu li mai mai ti", "ayglmmt"),
        ("查干巴拉", "cha gan ba la", "cgbl"),
        ("Maria·Lopez", "maria lopez", "ml"),
        ("Anna王", "anna wang", "aw"),
        ("单", "dan", "d"),
        ("", "", ""),
    ],
)
def test_reading(name, pinyin, initials):
    assert name_pinyin(name) == pinyin
    assert name_initials(name) == initials


def test_a_character_without_a_reading_is_a_syllable_of_its_own():
    assert name_pinyin("王\ue000\ue001") == "wang \ue000 \ue001"
    assert name_initials("王\ue000\ue001") == "w\ue000\ue001"


def test_rare_characters_are_read():
    assert name_pinyin("䶮雨") == "yan yu"


@pytest.mark.parametrize("surname", sorted(set(SURNAMES) & COMPOUND_SURNAMES))
def test_compound_surname_keeps_its_reading_before_one_and_two_characters(surname):
    assert name_pinyin(f"{surname}兰") == f"{SURNAMES[surname]} lan"
    assert name_pinyin(f"{surname}玉兰") == f"{SURNAMES[surname]} yu lan"


def test_formula_like_text_becomes_plain_letters():
    assert name_pinyin('＝HYPERLINK("http://x")') == "hyperlink http x"


def test_never_longer_than_its_column():
    assert len(name_pinyin("双" * 60)) <= LONGEST

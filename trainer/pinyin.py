"""How a Chinese name sounds: what lists are sorted by and what a search box is typed in."""

import re

from pypinyin import lazy_pinyin

# A character read otherwise as a surname than in a word. Two-syllable surnames the phrase table reads right are absent.
SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "朴": "piao",
    "盖": "ge",
    "区": "ou",
    "翟": "zhai",
    "缪": "miao",
    "乐": "yue",
    "种": "chong",
    "秘": "bi",
    "阚": "kan",
    "郇": "xun",
    "折": "she",
    "繁": "po",
    "隗": "wei",
    "洗": "xian",
    "牟": "mu",
    "哈": "ha",
    "那": "na",
    "黑": "he",
    "卜": "bu",
    "都": "du",
    "句": "gou",
    "佴": "nai",
    "费": "fei",
    "祭": "zhai",
    "蔚": "yu",
    "会": "gui",
    "角": "jue",
    "乜": "nie",
    "便": "pian",
    "员": "yun",
    "能": "nai",
    "藏": "zang",
    "贠": "yun",
    "幺": "yao",
    "么": "yao",
    "适": "kuo",
    "撒": "sa",
    "召": "shao",
    "冼": "xian",
    "任": "ren",
    "华": "hua",
    "薄": "bo",
    "长": "chang",
    "调": "tiao",
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "澹台": "tan tai",
    "长孙": "zhang sun",
    "乐正": "yue zheng",
    "宰父": "zai fu",
    "夏侯": "xia hou",
    "漆雕": "qi diao",
}
# With five characters, or a middle dot, a name is no surname with a given name: 阿依古丽·买买提, 查干巴拉.
LONGEST_GIVEN_NAME = 2
HAN = re.compile(r"[\u3005-\u3007\u2e80-\u2fdf\u3400-\u9fff\ue000-\ufaff\U00020000-\U0003ffff]+")
PIECE = re.compile(rf"{HAN.pattern}|[^\W_]+", re.UNICODE)


def name_pinyin(name: str) -> str:
    """'黄晓燕' → 'huang xiao yan'; ü is v as people type it; a character without a reading stays itself."""
    surname, rest = _split(name.strip())
    syllables = [SURNAMES[surname]] if surname else []
    for piece in PIECE.findall(rest):
        syllables += _read(piece)
    return " ".join(syllables)


def name_initials(name: str) -> str:
    """'黄晓燕' → 'hxy'."""
    return "".join(syllable[0] for syllable in name_pinyin(name).split())


def _split(name: str) -> tuple[str, str]:
    """The surname where it has a reading of its own, else '', and what is left."""
    if not HAN.fullmatch(name):
        return "", name
    for length in (2, 1):
        surname, given = name[:length], name[length:]
        if surname in SURNAMES and 0 < len(given) <= LONGEST_GIVEN_NAME:
            return surname, given
    return "", name


def _read(piece: str) -> list[str]:
    if not HAN.fullmatch(piece):
        return [piece.lower()]
    # By default the characters without a reading come back as one string, and so would be one syllable.
    return lazy_pinyin(piece, errors=list)

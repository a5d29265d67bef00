"""How a Chinese name sounds: what lists are sorted by and what a search box is typed in."""

import re

# Read otherwise as a surname than in a word, or too near to it to leave to chance.
SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "任": "ren",
    "华": "hua",
    "朴": "piao",
    "盖": "ge",
    "区": "ou",
    "翟": "zhai",
    "缪": "miao",
    "覃": "qin",
    "乐": "yue",
    "种": "chong",
    "秘": "bi",
    "阚": "kan",
    "郇": "xun",
    "折": "she",
    "繁": "po",
    "洗": "xian",
    "黑": "he",
    "卜": "bu",
    "都": "du",
    "句": "gou",
    "佴": "nai",
    "祭": "zhai",
    "蔚": "yu",
    "会": "gui",
    "角": "jue",
    "乜": "nie",
    "便": "pian",
    "员": "yun",
    "能": "nai",
    "藏": "zang",
    "么": "yao",
    "召": "shao",
    "薄": "bo",
    "长": "chang",
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "澹台": "tan tai",
    "长孙": "zhang sun",
    "乐正": "yue zheng",
}
# A surname has a given name of one or two characters after it; 查干巴拉 and 阿依古丽·买买提 have no surname.
LONGEST_GIVEN_NAME = 2
# What the people table holds; a longer name sorts by its beginning.
LONGEST = 200
HAN = r"\u3005-\u3007\u2e80-\u2fdf\u3400-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff"
IN_HAN = re.compile(f"[{HAN}]+")
PIECE = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")


def name_pinyin(name: str) -> str:
    """'黄晓燕' → 'huang xiao yan'; ü is v as people type it; a character without a reading stays itself."""
    surname, rest = _split(name.strip())
    syllables = [SURNAMES[surname]] if surname in SURNAMES else _read(surname)
    for piece in PIECE.findall(rest):
        syllables += _read(piece) if IN_HAN.fullmatch(piece) else [piece.lower()]
    return " ".join(syllables)[:LONGEST].rstrip()


def name_initials(name: str) -> str:
    """'黄晓燕' → 'hxy'."""
    return "".join(syllable[0] for syllable in name_pinyin(name).split())


def _split(name: str) -> tuple[str, str]:
    """The surname and the rest; '' and the whole where no surname can be told. Read apart, 王朝霞 is not 王朝 + 霞."""
    if not IN_HAN.fullmatch(name):
        return "", name
    length = 2 if name[:2] in SURNAMES and len(name) > 2 else 1
    return (name[:length], name[length:]) if 0 < len(name) - length <= LONGEST_GIVEN_NAME else ("", name)


def _read(text: str) -> list[str]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 (55 MB, and only new names need it)

    # By default characters without a reading come back as one string, and so would be one syllable.
    return lazy_pinyin(text, errors=list)

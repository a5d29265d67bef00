"""What says who a candidate is: masked in her text as far as records and patterns know it, the rest listed to look at."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Clue(StrEnum):
    """What a place in a text may tell about its writer."""

    NAME = "name"
    PART_OF_NAME = "part_of_name"
    VILLAGE = "village"
    TOWNSHIP = "township"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    BANK_CARD = "bank_card"
    ACCOUNT = "account"
    ADDRESS = "address"
    TEACHER = "teacher"
    ORGANISATION = "organisation"
    WORD = "word"
    DIGITS = "digits"
    PLACE = "place"
    NICKNAME = "nickname"
    INTRODUCTION = "introduction"


# What stands in the text instead; evaluators read it in the language of the text.
TOKENS = {
    Clue.NAME: "【姓名】",
    Clue.PART_OF_NAME: "【姓名】",
    Clue.VILLAGE: "【村名】",
    Clue.TOWNSHIP: "【乡镇】",
    Clue.PHONE: "【电话】",
    Clue.ID_NUMBER: "【证件号】",
    Clue.BANK_CARD: "【卡号】",
    Clue.ACCOUNT: "【账号】",
    Clue.ADDRESS: "【网址】",
    Clue.TEACHER: "【老师】",
    Clue.ORGANISATION: "【单位】",
    Clue.WORD: "【隐去】",
}
# Nobody can tick these off: they are never a chance likeness.
CERTAIN = frozenset({Clue.NAME, Clue.PHONE, Clue.ID_NUMBER, Clue.BANK_CARD})

HAN = "\u4e00-\u9fff"
TITLES = ("女士", "大姐", "大嫂", "大妈", "大娘", "阿姨", "老师", "师傅", "姐", "嫂", "婶", "姨")
DOUBLE_SURNAMES = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "尉迟",
    "慕容",
    "令狐",
    "皇甫",
    "长孙",
    "东方",
    "呼延",
    "万俟",
    "澹台",
)
_GAP = r"[\s-]{0,2}"
# Numbers first: what one of them takes no later one cuts.
PATTERNS = (
    (Clue.ID_NUMBER, re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{16}}{_GAP}[\dx](?![\dx])")),
    (Clue.BANK_CARD, re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{15,18}}(?!\d)")),
    (Clue.PHONE, re.compile(rf"(?<!\d)(?:\+?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)")),
    (Clue.PHONE, re.compile(r"(?<!\d)0\d{2,3}[\s-]?\d{7,8}(?!\d)")),
    (Clue.ADDRESS, re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff，。；]{3,200}|[\w.+-]{1,60}@[a-z0-9.-]{3,60}")),
    (Clue.ACCOUNT, re.compile(r"wxid_[a-z0-9_]{3,40}")),
    (
        Clue.ACCOUNT,
        re.compile(r"(?<=信|号|q|x)(?:id)?[是为:：\s]{0,3}(?P<told>[a-z][a-z0-9_.-]{4,29}|\d{5,15})(?![a-z0-9_])"),
    ),
)
SUSPECTED = (
    (Clue.DIGITS, re.compile(rf"\d(?:{_GAP}\d){{6,}}")),
    (Clue.DIGITS, re.compile(r"[〇零幺一二两三四五六七八九]{7,}")),
    (Clue.PLACE, re.compile(rf"[{HAN}]{{1,4}}(?:村(?![民里委级妇干集容头])|镇|乡(?![镇村亲])|屯|寨|社区|街道)")),
    (
        Clue.ORGANISATION,
        re.compile(
            rf"[{HAN}]{{2,8}}(?:合作社|公司|农场|超市|工作室|商行|店铺|旗舰店|小卖部|专卖店|养殖场|加工厂|小学|中学)"
        ),
    ),
    (Clue.ACCOUNT, re.compile(r"(?<![a-z0-9_-])(?=[a-z_-]{0,30}\d)(?=[0-9_-]{0,30}[a-z])[a-z0-9][a-z0-9_-]{5,39}")),
    (
        Clue.ACCOUNT,
        re.compile(rf"(?:微信|抖音|快手|视频号|淘宝|qq)(?:号|名|昵称|账号)[是为叫:：]{{0,2}}[{HAN}\w]{{2,12}}"),
    ),
    (Clue.INTRODUCTION, re.compile(rf"(?:我叫|名叫|我姓|本人姓|[夫妻儿女子婆公]叫)[{HAN}]{{1,3}}")),
)
# Not the proper name of a place.
COMMON_PLACES = re.compile(
    r"(?:农|乡|全|本|我|们|各|邻|山|新|个|每|进|出|回|驻|这|老|在|边|个自然|行政)村$|(?:家|下|返|回|老|故|城|他|异|爱|离|本)乡$"
    r"|(?:城|乡|本|全|各|个|集)镇$|(?:本|个|各)(?:社区|街道)$"
)


@dataclass(frozen=True)
class Known:
    """Something of hers that the records hold."""

    clue: Clue
    value: str


@dataclass(frozen=True)
class Doubt:
    """A place that is still there to look at; a certain one must go, the others may be ticked off."""

    found: str
    clue: Clue

    @property
    def is_certain(self) -> bool:
        return self.clue in CERTAIN


def list_known(
    name: str,
    pinyin: str = "",
    *,
    village: str | None = None,
    township: str | None = None,
    phones: Iterable[str | None] = (),
    id_number: str | None = None,
    accounts: Iterable[str | None] = (),
    teacher: str = "",
    note: str | None = None,
) -> tuple[Known, ...]:
    """What the records hold of her, and the parts of it by which neighbours would know her too."""
    found = [Known(Clue.NAME, name), *_names(name), *_sounds(pinyin)]
    for clue, place, endings in (
        (Clue.VILLAGE, village, ("行政村", "自然村", "社区", "村")),
        (Clue.TOWNSHIP, township, ("街道", "镇", "乡")),
    ):
        found += [Known(clue, part) for part in _place_parts(place or "", endings)]
    found += [Known(Clue.PHONE, phone) for phone in phones if phone]
    found += [Known(Clue.ID_NUMBER, id_number)] if id_number else []
    found += [Known(Clue.ACCOUNT, account) for account in accounts if account and len(account.strip()) > 1]
    found += [Known(Clue.TEACHER, teacher)] if len(teacher.strip()) > 1 else []
    organisations = (_VERB.split(one)[-1] for one in _ORGANISATION.findall(note or ""))
    return (*found, *(Known(Clue.ORGANISATION, one) for one in organisations if len(one) > 3))


_ORGANISATION = re.compile(rf"[{HAN}]{{2,12}}?(?:合作社|公司|家庭农场|超市|工作室)")
# 2021年入股惠民合作社: its name begins after the last of these.
_VERB = re.compile("[年月日入股加办开立参在是为的了任于到与及]")


def _split(name: str) -> tuple[str, str]:
    size = 2 if name.startswith(DOUBLE_SURNAMES) and len(name) > 2 else 1
    return name[:size], name[size:]


def _names(name: str) -> Iterator[Known]:
    surname, given = _split(name)
    if not re.fullmatch(f"[{HAN}]{{2,4}}", name):
        yield from (Known(Clue.PART_OF_NAME, part) for part in re.split(r"[·•.\s]+", name) if 1 < len(part) < len(name))
        return
    called = [surname + title for title in TITLES] + [given[-1] + title for title in TITLES]
    yield from (Known(Clue.PART_OF_NAME, part) for part in ([given] if len(given) > 1 else []) + called)


def _sounds(pinyin: str) -> Iterator[Known]:
    parts = pinyin.lower().split()
    if len(parts) > 1 and len("".join(parts)) > 4:
        yield Known(Clue.NAME, "".join(parts))
        yield Known(Clue.NAME, "".join([*parts[1:], parts[0]]))


def _place_parts(place: str, endings: tuple[str, ...]) -> Iterator[str]:
    """西坪村, and 西坪 alone where that is more than a syllable."""
    if len(place) > 1:
        yield place
    for ending in endings:
        if place.endswith(ending) and len(place) - len(ending) > 1:
            yield place.removesuffix(ending)
            return


def mask(text: str, known: Iterable[Known]) -> str:
    """The text with a neutral token for everything that the records or the form of a number give away."""
    out, done = [], 0
    for start, end, clue in _spans(text, known):
        out += [text[done:start], TOKENS[clue]]
        done = end
    return "".join([*out, text[done:]])


def marked(text: str, known: Iterable[Known]) -> list[tuple[str, bool]]:
    """The text in pieces, and whether a piece is one that `mask` takes out."""
    pieces, done = [], 0
    for start, end, _clue in _spans(text, known):
        pieces += [(text[done:start], False), (text[start:end], True)]
        done = end
    return [piece for piece in [*pieces, (text[done:], False)] if piece[0]]


def list_doubts(text: str, known: Iterable[Known]) -> list[Doubt]:
    """What in a text may still say who she is, each place once, in the order of the text."""
    known = tuple(known)
    plain, spans = _plain(text), _spans(text, known)
    taken = bytearray(len(text))
    for start, end, _clue in [*spans, *((m.start(), m.end(), None) for m in _TOKEN.finditer(text))]:
        taken[start:end] = b"\1" * (end - start)
    suspected = [*SUSPECTED, *_nicknames(known)]
    found = list(spans)
    for clue, pattern in suspected:
        for match in pattern.finditer(plain):
            if any(taken[match.start() : match.end()]) or (clue is Clue.PLACE and COMMON_PLACES.search(match.group())):
                continue
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            found.append((match.start(), match.end(), clue))
    doubts = {text[start:end]: clue for start, end, clue in sorted(found, reverse=True)}
    return [Doubt(place, clue) for place, clue in reversed(doubts.items())]


_TOKEN = re.compile("|".join(map(re.escape, dict.fromkeys(TOKENS.values()))))


def _nicknames(known: tuple[Known, ...]) -> Iterator[tuple[Clue, re.Pattern]]:
    """小王, 老王 and 王总 may be she, or a chance: looked at, not masked."""
    for one in known:
        if one.clue is Clue.NAME and re.fullmatch(f"[{HAN}]{{2,4}}", one.value):
            surname, given = _split(one.value)
            yield Clue.NICKNAME, re.compile(f"[小老阿](?:{surname}|{given[-1]})|{surname}总")


def _spans(text: str, known: Iterable[Known]) -> list[tuple[int, int, Clue]]:
    """(start, end, clue) of everything to mask, none within another: the longer value before the shorter."""
    plain, taken, spans = _plain(text), bytearray(len(text)), []
    values = sorted({(one.clue, _plain(re.sub(r"\s", "", one.value))) for one in known}, key=lambda v: (-len(v[1]), v))
    patterns = [(clue, _spelled(value, clue)) for clue, value in values if value]
    for clue, pattern in [*patterns, *PATTERNS]:
        for match in pattern.finditer(plain):
            start, end = match.span("told" if "told" in pattern.groupindex else 0)
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                spans.append((start, end, clue))
    return sorted(spans)


def _spelled(value: str, clue: Clue) -> re.Pattern:
    """The value however it is spaced; a number or Latin word not within a longer one."""
    gap = _GAP if value.isdigit() or clue in CERTAIN else r"\s{0,2}"
    before = r"(?<![a-z0-9])" if value[0].isascii() and value[0].isalnum() else ""
    after = r"(?![a-z])" if value[-1].isascii() and value[-1].isalpha() else ""
    return re.compile(before + gap.join(map(re.escape, value)) + after)


def _plain(text: str) -> str:
    """Full-width letters and digits as the usual ones, small letters: every character in its place."""
    return "".join(_PLAIN.get(c, c.lower() if len(c.lower()) == 1 else c) for c in text)


_PLAIN = {chr(0xFF01 + n): chr(0x21 + n).lower() for n in range(94)} | {"\u3000": " "}

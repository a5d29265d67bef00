"""What a person's name, phone and ID number may be, what they tell, and how much of them is shown."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from trainer.errors import Refused

LONGEST_NAME = 60
# Stands in the place of the name of whoever was erased, in every list and file; data are Chinese.
ERASED_NAME = "已删除"
# Two characters each.
_COMPOUND = (
    "欧阳上官司马诸葛皇甫尉迟万俟令狐夏侯慕容司徒司空端木公孙长孙宇文轩辕东方独孤南宫西门东郭百里呼延"
    "赫连濮阳淳于单于太叔申屠仲孙钟离鲜于闾丘亓官公冶宗政澹台拓跋闻人第五梁丘左丘东门南门谷梁公羊宰父"
    "乐正漆雕壤驷巫马公西段干羊舌微生夹谷完颜纳兰耶律"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND[at : at + 2] for at in range(0, len(_COMPOUND), 2))
# What people type between the parts of a name; the right one is U+00B7.
MIDDLE_DOT = re.compile(r"\s*[·•・‧.．･⋅∙᛫]\s*")
HAN = r"[\u3007\u3400-\u9fff\ue000-\ufaff\U00020000-\U0003ffff]"
SPACE_BY_HAN = re.compile(rf"(?<={HAN}) +| +(?={HAN})")
INVISIBLE = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad"
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
# By range too: the newest extensions are unknown to the Unicode tables of this Python.
LETTER = re.compile(rf"[^\W\d_]|{HAN}")
DOUBTFUL_IN_NAME = re.compile(r"[?？\ufffd\d]|[\ue000-\uf8ff]")
FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r\0")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
PHONE_MARKS = re.compile(r"[\s\-‐‑–—−_.()（）]+")
SEVERAL = re.compile(r"[/、,，;；|或\n]")
ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
ID_MARKS = re.compile(r"[\s\-‐‑–—'’‘`]+")
SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
# As it is typed into a remark, whole or in its groups, in digits of either width; and the old form of 15 digits.
ID_IN_TEXT = re.compile(r"(?<!\d)(?:\d{6}[\s-]?\d{8}[\s-]?\d{3}[\dXxＸｘ]|\d{15})(?!\d)")
NUMBER_IN_TEXT = re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}|[0-9]{17}[0-9Xx])(?![0-9])")
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECK_DIGITS = "10X98765432"
EARLIEST_BIRTH_YEAR = 1900
# A spreadsheet keeps 15 digits of a number; the rest it writes as noughts.
DIGITS_KEPT = 15


class Sex(StrEnum):
    FEMALE = "F"
    MALE = "M"


class Problem(Refused):
    """A value that no record can hold; `code` says which rule it breaks."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        super().__init__(**values)


def clean_text(text: str) -> str:
    """One line without invisible characters. Full-width signs stay: made half-width, ＝1 would become a formula."""
    return " ".join(INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def is_formula_like(text: str) -> bool:
    """A spreadsheet would take this for a formula."""
    return text.strip(" \u3000").startswith(FORMULA_STARTS)


def clean_name(text: str) -> str:
    """Every character of Unicode may be part of a name; what is not a letter is left for people to judge.

    Raises name_missing, name_without_letters, name_too_long.
    """
    name = clean_text("".join(map(_plain_letter, unicodedata.normalize("NFC", text))))
    if not is_formula_like(name):
        name = MIDDLE_DOT.sub("·", name).strip("·")
    name = SPACE_BY_HAN.sub("", name)
    if not name:
        raise Problem("name_missing")
    if not LETTER.search(name):
        raise Problem("name_without_letters")
    if len(name) > LONGEST_NAME:
        raise Problem("name_too_long", most=LONGEST_NAME, length=len(name))
    return name


def _plain_letter(character: str) -> str:
    """Ａ → A and the radical ⼥ → 女, as copied out of a PDF; ① ＝ ㈱ are no other way of writing a letter."""
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 and LETTER.match(plain) else character


def is_doubtful_name(name: str) -> bool:
    """A digit, or the mark or private character that a rare character leaves behind in an old encoding."""
    return DOUBTFUL_IN_NAME.search(name) is not None


def clean_phone(cell: object) -> str:
    """Eleven digits of a mainland mobile number.

    Raises phone_missing, phone_lost_digits, phone_several, phone_digits (digits), phone_characters, phone_not_mobile.
    """
    text = unicodedata.normalize("NFKC", cell_text(cell)).strip()
    if not text:
        raise Problem("phone_missing")
    if SCIENTIFIC.fullmatch(text):
        raise Problem("phone_lost_digits")
    numbers = [number for number in map(_bare_phone, SEVERAL.split(text)) if number]
    if len(numbers) != 1:
        raise Problem("phone_several" if numbers else "phone_characters")
    number = numbers[0]
    if MOBILE.fullmatch(number):
        return number
    digits = sum(character in "0123456789" for character in number)
    if digits != 11:
        raise Problem("phone_digits", digits=digits)
    raise Problem("phone_not_mobile" if number.isascii() and number.isdecimal() else "phone_characters")


def _bare_phone(text: str) -> str:
    number = PHONE_MARKS.sub("", INVISIBLE.sub("", text)).lstrip("'’‘`")
    for prefix in ("+86", "0086"):
        number = number.removeprefix(prefix)
    return number.removeprefix("86") if len(number) == 13 else number


def id_from_cell(cell: object, *, latest_birth: date | None = None) -> str | None:
    """The ID number of a cell, None where it is empty; raises as check_id_number, and id_lost_digits for a number."""
    if isinstance(cell, (int, float, Decimal)) and abs(cell) >= 10**DIGITS_KEPT:
        raise Problem("id_lost_digits")
    text = cell_text(cell)
    return check_id_number(text, latest_birth=latest_birth) if clean_text(text) else None


def check_id_number(text: str, *, latest_birth: date | None = None) -> str:
    """A resident ID number by GB 11643-1999: 17 digits and a check digit by ISO 7064 MOD 11-2.

    Never by its area: new counties appear, and abolished ones stay in the numbers once given. Raises id_lost_digits,
    id_old_form, id_length (characters), id_characters, id_date, id_check_digit.
    """
    plain = unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).upper()
    if SCIENTIFIC.fullmatch(plain.strip()):
        raise Problem("id_lost_digits")
    number = ID_MARKS.sub("", plain).replace("×", "X")
    if re.fullmatch(r"[0-9]{15}", number):
        raise Problem("id_old_form")
    if len(number) != 18:
        raise Problem("id_length", characters=len(number))
    if not ID_NUMBER.fullmatch(number):
        raise Problem("id_characters")
    _check_birth_date(number, latest_birth)
    if number[17] != id_check_digit(number):
        raise Problem("id_lost_digits" if number.endswith("000") else "id_check_digit")
    return number


def _check_birth_date(number: str, latest: date | None) -> None:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Problem("id_date") from None
    if born.year < EARLIEST_BIRTH_YEAR or (latest and born > latest):
        raise Problem("id_date")


def id_check_digit(number: str) -> str:
    """Of the first 17 digits."""
    return ID_CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(number, ID_WEIGHTS, strict=False)) % 11]


def birth_year_from_id(number: str) -> int:
    return int(number[6:10])


def sex_from_id(number: str) -> Sex:
    """The 17th digit: odd for men."""
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def cell_text(cell: object) -> str:
    """A cell as the text a person would have typed."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not cell.time() else cell.isoformat(" ")
    return str(cell)


def mask_name(name: str | None) -> str:
    """王* 王*芳 欧阳*娜 阿**丽; four and more characters hide how many there were."""
    if not name or name == ERASED_NAME:
        return name or ""
    if len(name) == 1:
        return "*"
    if len(name) == 2:
        return f"{name[0]}*"
    if len(name) == 3 and "·" not in name:
        return f"{name[0]}*{name[2]}"
    if len(name) == 4 and name[:2] in COMPOUND_SURNAMES:
        return f"{name[:2]}*{name[3]}"
    return f"{name[0]}**{name[-1]}"


def mask_phone(phone: str | None) -> str:
    """138****1234; nothing at all of what is not eleven digits."""
    if not phone:
        return ""
    return f"{phone[:3]}****{phone[-4:]}" if re.fullmatch(r"[0-9]{11}", phone) else "****"


def mask_numbers(text: str) -> str:
    """Phone and ID numbers that stand in a longer text, such as the name of a file."""
    return NUMBER_IN_TEXT.sub(lambda found: found[0][:3] + "*" * (len(found[0]) - 3), text)


def without_id_numbers(cell: object) -> object:
    """A cell of a list without any ID number in it; a number of 15 digits and more is one that lost its end."""
    if isinstance(cell, str):
        return ID_IN_TEXT.sub("", cell)
    if isinstance(cell, (int, float, Decimal)) and abs(cell) >= 10 ** (DIGITS_KEPT - 1):
        return None
    return cell


def mask_id_number(number: str | None) -> str:
    """The first three, eleven stars, the last four: for staff lists only, never in public."""
    if not number:
        return ""
    return f"{number[:3]}{'*' * 11}{number[-4:]}" if ID_NUMBER.fullmatch(number) else "*" * 18


def mask_bank_card(number: str | None) -> str:
    """**** **** **** 6789, however long the number is."""
    digits = re.sub(r"[\s-]", "", number or "")
    if not digits:
        return ""
    return f"**** **** **** {digits[-4:] if re.fullmatch('[0-9]{12,19}', digits) else '****'}"

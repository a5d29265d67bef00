"""What a county's list of trainees says, and who of the register each of its rows is."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from trainer.domain.imports import RowAction
from trainer.domain.people import Sex
from trainer.domain.person import PersonKind

# The columns of the register that a row can change, besides name, ID number and phone.
DETAILS = (
    "sex",
    "birth_year",
    "ethnicity",
    "education",
    "county",
    "township",
    "village",
    "business",
    "has_shop",
    "kind",
    "note",
)
# What the name of a city or province written before the county's ends with.
WIDER = ("市", "省", "盟", "州", "区")


class Remark(NamedTuple):
    """Why a field is rejected or worth a look; `values` fill the sentence of `code`."""

    field: str
    code: str
    values: dict[str, object]


@dataclass(frozen=True)
class RosterRow:
    """One woman as the file has her, cleaned; None is what the file leaves open. `raw` are the cells as they stood."""

    row: int
    name: str | None = field(default=None, repr=False)
    sex: Sex | None = None
    id_number: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    birth_year: int | None = None
    ethnicity: str | None = None
    education: str | None = None
    county: str | None = None
    township: str | None = None
    village: str | None = None
    business: str | None = None
    has_shop: bool | None = None
    kind: PersonKind | None = None
    accounts: dict[str, str] = field(default_factory=dict)
    # Of a list of a class that was held before this system (domain.past_cohort): what it says beside the person.
    past: dict[str, str] = field(default_factory=dict)
    note: str | None = field(default=None, repr=False)
    problems: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    raw: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class TotalRow:
    """The file's own count of its rows, as far as it can be read."""

    row: int
    stated: int | None


@dataclass(frozen=True)
class RosterFile:
    """A sheet read as a roster. `headings` are the columns in order as written, `columns` says at which of them a
    field stands, `remarks` are about the file: (row, remark)."""

    sheet: str | None
    header_row: int
    headings: tuple[str, ...]
    columns: dict[str, int]
    unknown_columns: tuple[str, ...]
    rows: tuple[RosterRow, ...]
    total_row: TotalRow | None = None
    remarks: tuple[tuple[int, Remark], ...] = ()

    @property
    def rejected(self) -> list[tuple[int, Remark]]:
        return [(row.row, problem) for row in self.rows for problem in row.problems]

    @property
    def warnings(self) -> list[tuple[int, Remark]]:
        return [*((row.row, warning) for row in self.rows for warning in row.warnings), *self.remarks]


@dataclass(frozen=True)
class Duplicates:
    """`pairs` of (row taken, later row dropped), and by row the code of what only a person can decide."""

    pairs: tuple[tuple[int, int], ...]
    needs_a_person: dict[int, str]


def find_duplicates(rows: Iterable[RosterRow]) -> Duplicates:
    """The same woman twice in one file, by ID number, else by phone and name together. Rejected rows count for nothing.

    One ID under two names, or one phone and name under two IDs: neither row can be taken without a person.
    """
    by_id: dict[str, RosterRow] = {}
    by_phone: dict[tuple[str, str | None], RosterRow] = {}
    pairs: list[tuple[int, int]] = []
    conflicts: dict[int, str] = {}
    for row in rows:
        if row.problems:
            continue
        holder = by_id.get(row.id_number) if row.id_number else None
        other = holder or (by_phone.get((row.phone, row.name)) if row.phone else None)
        if other:
            conflict = _conflict(row, other)
            if conflict:
                conflicts |= {other.row: conflict, row.row: conflict}
            else:
                pairs.append((other.row, row.row))
                continue
        if row.id_number:
            by_id.setdefault(row.id_number, row)
        if row.phone:
            by_phone.setdefault((row.phone, row.name), row)
    return Duplicates(tuple(pairs), conflicts)


def _conflict(row: RosterRow, other: RosterRow) -> str | None:
    if row.name != other.name:
        return "same_id_other_name"
    if row.id_number and other.id_number and row.id_number != other.id_number:
        return "same_phone_and_name_other_id"
    return None


@dataclass(frozen=True)
class KnownPerson:
    """Somebody of the register. `values` holds what is stored, readable, for the fields the register keeps: those
    of DETAILS, `phone`, `accounts` (by platform), and whatever else is given to match_row as `resolved`."""

    person_id: int
    name: str
    id_index: str | None
    phone_index: str | None
    values: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Change:
    field: str
    old: object = field(repr=False)
    new: object = field(repr=False)


@dataclass(frozen=True)
class Match:
    """NEW, UPDATE with changes, SAME, or NEEDS_PERSON with the reason's code and whom it might be."""

    action: RowAction
    person_id: int | None = None
    changes: tuple[Change, ...] = ()
    reason: str | None = None
    might_be: tuple[int, ...] = ()


class Register:
    """The known people a file could be about, fetched at once; `near` are those worth comparing with one row."""

    def __init__(self, people: Iterable[KnownPerson]) -> None:
        self._by_id: dict[str, KnownPerson] = {}
        self._by_name: dict[str, list[KnownPerson]] = defaultdict(list)
        for person in people:
            self._by_name[person.name].append(person)
            if person.id_index:
                self._by_id[person.id_index] = person

    def near(self, row: RosterRow, id_index: str | None) -> list[KnownPerson]:
        namesakes = self._by_name.get(row.name or "", [])
        holder = self._by_id.get(id_index) if id_index else None
        return [holder, *namesakes] if holder and holder not in namesakes else list(namesakes)


def match_row(
    row: RosterRow,
    candidates: Iterable[KnownPerson],
    *,
    id_index: str | None,
    phone_index: str | None,
    resolved: Mapping[str, object] | None = None,
) -> Match:
    """Who the row is. The indexes are the keyed hashes of the row's ID number and phone, None where it has none;
    `resolved` is what was looked up for the row, such as its region code, and is compared like its own fields.

    The key is the ID number, else phone and name together. Women share phones, so a phone alone says nothing; a name
    and a village alone are too little to merge two records and too much to make a second one unseen.
    """
    if not id_index and not phone_index:
        return Match(RowAction.NEEDS_PERSON, reason="no_id_and_no_phone")
    candidates = list(candidates)
    holder = next((person for person in candidates if id_index and person.id_index == id_index), None)
    if holder and holder.name != row.name:
        return _needs_a_person("same_id_other_name", [holder])
    namesakes = [person for person in candidates if person.name == row.name]
    by_phone = [person for person in namesakes if phone_index and person.phone_index == phone_index]
    if not holder and (reason := _doubt(by_phone, id_index)):
        return _needs_a_person(reason, by_phone)
    person = holder or next(iter(by_phone), None)
    if person:
        changes = changes_for(row, person, id_index=id_index, phone_index=phone_index, resolved=resolved)
        return Match(RowAction.UPDATE if changes else RowAction.SAME, person.person_id, changes)
    neighbours = [p for p in namesakes if not (id_index and p.id_index) and _is_same_village(row, p)]
    return _needs_a_person("same_name_and_village", neighbours) if neighbours else Match(RowAction.NEW)


def _doubt(by_phone: list[KnownPerson], id_index: str | None) -> str | None:
    """Why phone and name do not settle who it is."""
    if id_index and any(person.id_index for person in by_phone):
        return "same_phone_and_name_other_id"
    return "several_match" if len(by_phone) > 1 else None


def _needs_a_person(reason: str, people: list[KnownPerson]) -> Match:
    return Match(RowAction.NEEDS_PERSON, reason=reason, might_be=tuple(person.person_id for person in people))


def _is_same_village(row: RosterRow, person: KnownPerson) -> bool:
    """Many townships have an Upper Village: where both say their township, it has to be the same one."""
    township = person.values.get("township")
    if row.township and township and row.township != township:
        return False
    return bool(row.village) and row.village == person.values.get("village")


def changes_for(
    row: RosterRow,
    person: KnownPerson,
    *,
    id_index: str | None,
    phone_index: str | None,
    resolved: Mapping[str, object] | None = None,
) -> tuple[Change, ...]:
    """What the row says otherwise than the register. What an empty cell leaves open stays as it is.

    Name and ID number differ only where a person has decided that this is her.
    """
    return tuple(_changes(row, person, id_index, phone_index, resolved or {}))


def _changes(
    row: RosterRow,
    person: KnownPerson,
    id_index: str | None,
    phone_index: str | None,
    resolved: Mapping[str, object],
) -> Iterator[Change]:
    if row.name != person.name:
        yield Change("name", person.name, row.name)
    if id_index and id_index != person.id_index:
        yield Change("id_number", person.values.get("id_number"), row.id_number)
    if phone_index and phone_index != person.phone_index:
        yield Change("phone", person.values.get("phone"), row.phone)
    said = {name: getattr(row, name) for name in DETAILS} | dict(resolved)
    for name, new in said.items():
        if new not in (None, "") and name in person.values and person.values[name] != new:
            yield Change(name, person.values[name], new)
    accounts = person.values.get("accounts")
    if isinstance(accounts, Mapping):
        for platform, account in row.accounts.items():
            if accounts.get(platform) != account:
                yield Change(f"accounts.{platform}", accounts.get(platform), account)


def find_county(text: str, counties: Mapping[str, str]) -> str | None:
    """The code of the county that a roster calls 云州, 云州区 or 大同市云州区; `counties` by their full names.

    None where none or several fit.
    """
    if text in counties:
        return counties[text]
    ends = [name for name in counties if text.endswith(name) and text.removesuffix(name).endswith(WIDER)]
    fitting = ends or [name for name in counties if len(stem := _county_stem(name)) > 1 and stem == _county_stem(text)]
    longest = max(map(len, fitting), default=0)
    codes = {counties[name] for name in fitting if len(name) == longest}
    return codes.pop() if len(codes) == 1 else None


def _county_stem(name: str) -> str:
    return re.sub(r"(自治县|县|区|市|旗)$", "", name)

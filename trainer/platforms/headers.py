"""Which file this is: the row of headings is searched on every sheet and weighed against every profile."""

import hashlib
from collections import Counter
from dataclasses import dataclass

from trainer.domain.sales import Platform, Problem
from trainer.errors import UnreadableFile
from trainer.platforms import douyin, kuaishou, pinduoduo, taobao, wechat_channels
from trainer.platforms.normalise import Heading, heading
from trainer.platforms.profile import PERSONAL_LABELS, QUIET_LABELS, Profile
from trainer.platforms.tables import Table

PROFILES: tuple[Profile, ...] = (
    *kuaishou.PROFILES,
    *douyin.PROFILES,
    *taobao.PROFILES,
    *wechat_channels.PROFILES,
    *pinduoduo.PROFILES,
)
SEARCHED_ROWS = 20
LEAST_WEIGHT = 1.5
MARGIN = 1.15
SHOWN_COLUMNS = 30

# A heading that one profile alone uses says much about a file, one that many use little.
OWNERS = Counter(label for profile in PROFILES for label in profile.known)


@dataclass(frozen=True)
class Column:
    index: int
    heading: Heading


@dataclass(frozen=True)
class Match:
    """A profile found on a sheet: `row` is the index of the headings, `columns` says where each field stands."""

    table: Table
    row: int
    profile: Profile
    weight: float
    columns: dict[str, Column]
    incomes: tuple[Column, ...]
    expenses: tuple[Column, ...]
    unknown: tuple[str, ...]
    twice: tuple[str, ...]
    fingerprint: str


def find_header(tables: list[Table], platform: Platform | None = None) -> tuple[Match, list[Problem]]:
    """The best match, and what a person should know about it.

    `platform` (the shop's) decides only where the headings alone do not: it never overrules a clear match. Raises
    UnreadableFile "unknown_columns" or "ambiguous_columns".
    """
    found = [match for table in tables for match in _matches(table)]
    found.sort(key=lambda match: -match.weight)
    clear = [match for match in found if match.weight >= LEAST_WEIGHT]
    if clear and _stands_out(clear[0], found):
        return clear[0], _other_sheets(clear[0], found)
    hinted = [match for match in found if platform and match.profile.platform == platform]
    if hinted:
        return hinted[0], _other_sheets(hinted[0], found)
    if clear:
        names = dict.fromkeys(match.profile.platform.value for match in clear)
        raise UnreadableFile("ambiguous_columns", platforms=", ".join(names))
    raise UnreadableFile("unknown_columns", columns=_seen_columns(tables))


def _stands_out(best: Match, found: list[Match]) -> bool:
    return all(
        best.weight >= other.weight * MARGIN
        for other in found
        if other.profile is not best.profile and other.table is best.table and other.row == best.row
    )


def _other_sheets(best: Match, found: list[Match]) -> list[Problem]:
    """A second sheet of the same kind is not read: said, not hidden."""
    others = {
        match.table.name: match.row + 1
        for match in found
        if match.profile is best.profile and match.table is not best.table
    }
    return [Problem(row, "", "sheet_not_read", {"sheet": name or ""}) for name, row in others.items()]


def _matches(table: Table) -> list[Match]:
    matches = []
    for index, cells in enumerate(table.rows[:SEARCHED_ROWS]):
        columns = [Column(at, found) for at, cell in enumerate(cells) if (found := _heading(cell))]
        if len(columns) >= 3:
            weighed = (_match(table, index, columns, profile) for profile in PROFILES)
            matches.extend(match for match in weighed if match)
    return matches


def _heading(cell: object) -> Heading | None:
    return heading(cell) if isinstance(cell, str) else None


def _match(table: Table, row: int, columns: list[Column], profile: Profile) -> Match | None:
    by_label: dict[str, Column] = {}
    for column in columns:
        by_label.setdefault(column.heading.label, column)
    placed = _placed(by_label, profile)
    if not all(any(name in placed for name in group) for group in profile.required):
        return None
    taken = {column.index for column in placed.values()}
    known = profile.known | QUIET_LABELS
    return Match(
        table=table,
        row=row,
        profile=profile,
        weight=sum(1 / OWNERS[label] for label in by_label if label in profile.known),
        columns=placed,
        incomes=tuple(by_label[label] for label in _labels(profile.incomes) if label in by_label),
        expenses=tuple(by_label[label] for label in _labels(profile.expenses) if label in by_label),
        unknown=tuple(
            column.heading.written
            for column in columns
            if column.index not in taken and column.heading.label not in known
        ),
        twice=tuple(column.heading.written for column in columns if by_label[column.heading.label] is not column),
        fingerprint=hashlib.sha256("\n".join(sorted(by_label)).encode()).hexdigest(),
    )


def _labels(written: tuple[str, ...]) -> list[str]:
    return [found.label for name in written if (found := heading(name))]


def _placed(by_label: dict[str, Column], profile: Profile) -> dict[str, Column]:
    """Its own headings first; a general one only for a field still without a column, and only an untaken column."""
    placed = {
        name: next(by_label[label] for label in own if label in by_label)
        for name, own in profile.own.items()
        if any(label in by_label for label in own)
    }
    taken = {column.index for column in placed.values()} | {
        column.index for label, column in by_label.items() if label in profile.known or label in PERSONAL_LABELS
    }
    for name, general in profile.general.items():
        free = [by_label[label] for label in general if label in by_label and by_label[label].index not in taken]
        if name not in placed and free:
            placed[name] = free[0]
            taken.add(free[0].index)
    return placed


def _seen_columns(tables: list[Table]) -> str:
    """The widest row of headings there is, so that a person can tell what she has uploaded; personal data is not in it.

    Only cells of the row that looks most like headings: short texts without digits.
    """
    best: list[str] = []
    for table in tables:
        for cells in table.rows[:SEARCHED_ROWS]:
            words = [cell.strip() for cell in cells if isinstance(cell, str)]
            words = [word[:20] for word in words if word and not any(sign.isdigit() for sign in word)]
            if len(words) > len(best):
                best = words
    return "、".join(best[:SHOWN_COLUMNS])

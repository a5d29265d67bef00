"""Which file this is: the row of headings is searched on every sheet and weighed against every profile."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trainer.domain.sales import GmvMeasure, Platform, Problem
from trainer.errors import UnreadableFile
from trainer.platforms.catalogue import PROFILES
from trainer.platforms.douyin import REVIEW
from trainer.platforms.headings import Column, by_label, columns_of, fingerprint, first_rows, likeliest
from trainer.platforms.mapping import Mapping
from trainer.platforms.profile import PERSONAL_LABELS, QUIET_LABELS, UNVERIFIED, Profile, labels
from trainer.platforms.review import joined
from trainer.platforms.tables import Table

LEAST_WEIGHT = 1.5
MARGIN = 1.15
LEAST_COLUMNS = 3
SHOWN_COLUMNS = 30
LONG_NUMBER = re.compile(r"\d{5}")

# A heading that one profile alone uses says much about a file, one that many use little.
OWNERS = Counter(label for profile in PROFILES for label in profile.known)


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

    @property
    def gmv_measure(self) -> GmvMeasure:
        """What the amount of a broadcast counts: where the heading does not say, what it counts on the platform."""
        column = self.columns.get("gmv")
        said = column is not None and "种草" in column.heading.label
        return GmvMeasure.WINDOW if said else self.profile.gmv_measure


def find_header(
    tables: list[Table], platform: Platform | None = None, mappings: Sequence[Mapping] = ()
) -> tuple[Match, list[Problem]]:
    """The best match, and what a person should know about it.

    What a person said once of these very headings goes first. `platform` (the shop's) decides only where the
    headings alone do not: it never overrules a clear match, save one of headings that nobody has seen. Raises
    UnreadableFile "unknown_columns" or "ambiguous_columns".
    """
    found = [match for table in tables for match in _matches(table)]
    found.sort(key=lambda match: -match.weight)
    remembered = [one for one in mappings if platform in (None, one.platform)]
    if match := next((match for table in tables for match in _remembered(table, remembered)), None):
        return match, _other_sheets(match, found)
    if (match := _review(tables)) and all(match.weight >= other.weight for other in found):
        return match, []
    clear = [match for match in found if match.weight >= LEAST_WEIGHT]
    hinted = [match for match in found if platform and match.profile.platform == platform]
    if clear and _stands_out(clear[0], found) and not (hinted and clear[0].profile.evidence == UNVERIFIED):
        return clear[0], _other_sheets(clear[0], found)
    if hinted:
        return hinted[0], _other_sheets(hinted[0], found)
    if clear:
        names = dict.fromkeys(match.profile.platform.value for match in clear)
        raise UnreadableFile("ambiguous_columns", platforms=", ".join(names))
    raise UnreadableFile("unknown_columns", columns=_seen_columns(tables))


def _review(tables: list[Table]) -> Match | None:
    table = joined(tables)
    return _match(table, 0, columns_of(table.rows[0]), REVIEW) if table else None


def _stands_out(best: Match, found: list[Match]) -> bool:
    return all(
        best.weight >= other.weight * MARGIN
        for other in found
        if other.profile is not best.profile and other.table is best.table and other.row == best.row
    )


def _other_sheets(best: Match, found: list[Match]) -> list[Problem]:
    """Another sheet that could have been read is not: said, not hidden."""
    others = {
        match.table.name: match.row + 1
        for match in reversed(found)
        if match.table is not best.table and (match.profile is best.profile or match.weight >= LEAST_WEIGHT)
    }
    return [Problem(row, "", "sheet_not_read", {"sheet": name or ""}) for name, row in others.items()]


def _matches(table: Table) -> Iterator[Match]:
    for index, columns in _heading_rows(table):
        weighed = (_match(table, index, columns, profile) for profile in PROFILES)
        yield from (match for match in weighed if match)


def _heading_rows(table: Table) -> Iterator[tuple[int, list[Column]]]:
    for index, cells in enumerate(first_rows(table)):
        columns = columns_of(cells)
        if len(columns) >= LEAST_COLUMNS:
            yield index, columns


def _remembered(table: Table, mappings: Sequence[Mapping]) -> Iterator[Match]:
    """The profile that knows most of these headings is added to; where none does, the mapping stands alone."""
    if not mappings:
        return
    for index, columns in _heading_rows(table):
        known_by = fingerprint(by_label(columns))
        for mapping in (one for one in mappings if one.fingerprint == known_by):
            like = [one for one in PROFILES if (one.platform, one.kind) == (mapping.platform, mapping.kind)]
            fitting = [match for profile in like if (match := _match(table, index, columns, profile))]
            profiles = [mapping.alone(next(iter(like), None))]
            if fitting:
                profiles.insert(0, mapping.added_to(max(fitting, key=lambda match: match.weight).profile))
            yield from filter(None, (_match(table, index, columns, profile) for profile in profiles))


def _match(table: Table, row: int, columns: list[Column], profile: Profile) -> Match | None:
    first = by_label(columns)
    placed = _placed(first, profile)
    if not all(any(name in placed for name in group) for group in profile.required):
        return None
    taken = {column.index for column in placed.values()}
    known = profile.known | QUIET_LABELS
    return Match(
        table=table,
        row=row,
        profile=profile,
        weight=sum(1 / max(OWNERS[label], 1) for label in first if label in profile.known),
        columns=placed,
        incomes=tuple(first[label] for label in labels(profile.incomes) if label in first),
        expenses=tuple(first[label] for label in labels(profile.expenses) if label in first),
        unknown=tuple(
            column.heading.written
            for column in columns
            if column.index not in taken and column.heading.label not in known
        ),
        twice=tuple(column.heading.written for column in columns if first[column.heading.label] is not column),
        fingerprint=fingerprint(first),
    )


def _placed(there: dict[str, Column], profile: Profile) -> dict[str, Column]:
    """Its own headings first; a general one only for a field still without a column, and only an untaken column."""
    placed = {
        name: next(there[label] for label in own if label in there)
        for name, own in profile.own.items()
        if any(label in there for label in own)
    }
    taken = {column.index for column in placed.values()} | {
        column.index for label, column in there.items() if label in profile.known or label in PERSONAL_LABELS
    }
    for name, general in profile.general.items():
        free = [there[label] for label in general if label in there and there[label].index not in taken]
        if name not in placed and free:
            placed[name] = free[0]
            taken.add(free[0].index)
    return placed


def _seen_columns(tables: list[Table]) -> str:
    """The row of headings there seems to be, so that a person can tell what she has uploaded.

    Personal data is not in it: only short texts without digits; nothing where a long number in the row says that it is
    an order, and those texts may be whom it was sent to.
    """
    found = likeliest(tables)
    written = [column.heading.written for column in found[2]] if found else []
    if any(LONG_NUMBER.search(word) for word in written):
        return "—"
    return "、".join([word[:20] for word in written if not any(sign.isdigit() for sign in word)][:SHOWN_COLUMNS])

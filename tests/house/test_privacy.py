"""Data classes: every column that can hold a text of somebody has one, and the strict ones are encrypted and masked."""

import re

import pytest
from sqlalchemy import JSON, Column, Enum, MetaData, String, Table, Text

from trainer import models
from trainer.database import Base
from trainer.domain.consent import NOTICES, ConsentScope
from trainer.domain.privacy import ENVELOPES, MASKS, DataClass
from trainer.models.types import EncryptedText
from trainer.views.consent import NOTICE_TEMPLATES
from trainer.wording.consent import NOTICE_CHANGES, ON_WITHDRAWAL, PURPOSES, WITHOUT

NO_TEXT_OF_ANYBODY = re.compile(r"(?:^|_)(?:hash|index|sha256|nonce|subject)$")
STRICT = {DataClass.S2, DataClass.S3}
# What stands in the clear all the same, and why.
IN_THE_CLEAR = {
    "people.birth_year": "a year alone, which lists are filtered and counted by; shown to staff only",
    "sessions.address": "a network address, which throttling and her own list of sessions need; deleted by retention",
    "audit_events.address": "a network address, which the law wants in logs; part of the hash chain",
}


def columns():
    return [column for table in Base.metadata.tables.values() for column in table.columns]


def holds_text(column) -> bool:
    kind = column.type
    if column.foreign_keys or isinstance(kind, Enum):
        return False
    return isinstance(kind, String | JSON | EncryptedText)  # Text is a String


def unclassed(found) -> list[str]:
    classes = {kind.value for kind in DataClass}
    return [
        str(column)
        for column in found
        if holds_text(column) and not NO_TEXT_OF_ANYBODY.search(column.name) and column.info.get("pii") not in classes
    ]


def strict() -> list:
    return [column for column in columns() if column.info.get("pii") in STRICT]


def test_every_column_of_text_has_its_class():
    assert models.Person.__tablename__ == "people"
    assert unclassed(columns()) == []


def test_a_planted_column_without_a_class_is_found():
    planted = Table("planted", MetaData(), Column("wish", Text), Column("wish_hash", String(64)))
    assert unclassed(planted.columns) == ["planted.wish"]


def test_strict_columns_are_encrypted_or_say_why_not():
    clear = {str(column) for column in strict() if not isinstance(column.type, EncryptedText)}
    assert clear == set(IN_THE_CLEAR)


def test_every_strict_column_has_its_mask():
    assert {column.name for column in strict()} - set(MASKS) - ENVELOPES == set()


def test_an_envelope_is_no_field_that_is_masked():
    assert ENVELOPES & set(MASKS) == set()
    assert {column.name for column in strict()} >= ENVELOPES


@pytest.mark.parametrize("words", [PURPOSES, WITHOUT, ON_WITHDRAWAL])
def test_every_scope_is_explained(words):
    assert set(words) == set(ConsentScope)


def test_every_version_of_the_notice_stays_readable():
    versions = {notice.version for notice in NOTICES}
    assert versions == set(NOTICE_TEMPLATES) == set(NOTICE_CHANGES)

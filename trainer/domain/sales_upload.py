"""Sales files on their way in: where each of them stands, how many may come at once, and which account is which."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum

from trainer.errors import Refused


class UploadState(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    # Read: its batch is the preview.
    READ = "read"
    # No profile knows its headings: a person says which column is which.
    TO_MAP = "to_map"
    # Nothing in it tells whose it is: a person says which shop.
    TO_ASSIGN = "to_assign"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


# The reader has it, or will have it.
TO_READ = (UploadState.WAITING, UploadState.READING)
# A person has to say something first.
ASKING = (UploadState.TO_MAP, UploadState.TO_ASSIGN)
# Its content is still kept.
HELD = (*TO_READ, *ASKING)

MOST_FILES = 20
# One file up to this size is read while its sender waits for the page.
READ_AT_ONCE = 4 << 20
# Nobody leaves a buyer's address with us for longer, sealed or not.
KEPT_FOR = timedelta(days=2)
# Reasons why a file was not read that a person may help with by naming its columns.
MAPPABLE = frozenset({"unknown_columns", "ambiguous_columns"})


class TooManyFiles(Refused):
    """More files at once than are taken."""

    code = "too_many_sales_files"


class UploadClosed(Refused):
    """The file was read, given up or deleted meanwhile: nothing is waiting for this any more."""

    code = "sales_upload_closed"
    status = 409


def unknown_accounts(names: Iterable[str], accounts: Sequence[str]) -> tuple[str, ...]:
    """The accounts that a file names, where none of them is one of the shop's own names; else none.

    However wide or large the letters are, whatever the blanks.
    """
    known = {_plain(name) for name in names}
    return () if any(_plain(account) in known for account in accounts) else tuple(accounts)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()

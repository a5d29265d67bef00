"""Sales files on their way in: where each of them stands."""

from enum import StrEnum


class UploadState(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    # Read: its batch is the preview.
    READ = "read"
    # No profile knows its headings: a person says which column is which.
    TO_MAP = "to_map"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


# Its content is still kept.
HELD = (UploadState.WAITING, UploadState.READING, UploadState.TO_MAP)

"""Evidence: known by its content, a picture drawn anew; anything but a picture or a PDF is refused."""

import pytest

from tests import factories
from trainer.errors import UnreadableFile
from trainer.services.evidence import seal_evidence

pytestmark = pytest.mark.sqlite_is_enough


@pytest.mark.parametrize(
    ("content", "mime"),
    [(factories.picture("PNG"), "image/jpeg"), (b"%PDF-1.4 x", "application/pdf")],
)
def test_evidence_is_known_by_its_content(app, content, mime):
    assert seal_evidence(content, "回单.exe").mime == mime


@pytest.mark.parametrize("content", [b"", b"MZ...", b"PK\x03\x04", b"\x00\x00\x00\x18ftypmp42"])
def test_anything_else_is_no_evidence(app, content):
    with pytest.raises(UnreadableFile):
        seal_evidence(content, "回单.pdf")

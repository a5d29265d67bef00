"""Pictures from outside: three kinds are known by their content, and nothing but what is seen is kept."""

import io
import struct
import zlib

import pytest
from PIL import Image

from tests.factories import picture
from trainer.errors import UnreadableFile
from trainer.services.picture import LONGEST_SIDE, redraw

pytestmark = pytest.mark.sqlite_is_enough

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
XLSX = b"PK\x03\x04" + b"x" * 60 + b"PK\x05\x06" + b"\0" * 18
PDF = b"%PDF-1.7\n1 0 obj"


def refused(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        redraw(content)
    return caught.value.reason


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that say they are a picture of that size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_three_kinds_become_a_jpeg(kind):
    with Image.open(io.BytesIO(redraw(picture(kind)))) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (60, 40))


def test_what_the_camera_wrote_down_is_gone_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Camera of Wang"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 26.0)  # where it was taken
    content = redraw(picture("JPEG", exif=exif, comment=b"secret words"))
    with Image.open(io.BytesIO(content)) as drawn:
        assert drawn.size == (40, 60)
        assert not drawn.getexif()
    assert b"Exif" not in content
    assert b"secret words" not in content
    assert b"Camera of Wang" not in content


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "picture_empty"),
        (SVG, "picture_type"),
        (HTML, "picture_type"),
        (XLSX, "picture_type"),
        (PDF, "picture_type"),
        (b"GIF89a" + b"\0" * 100, "picture_type"),
        (b"BM" + b"\0" * 100, "picture_type"),
        (b"just words", "picture_type"),
        (picture("GIF"), "picture_type"),
        (picture("TIFF"), "picture_type"),
        (picture("PNG") + XLSX, "picture_type"),
        (picture("JPEG") + HTML, "picture_type"),
        (picture("JPEG", comment=b"<script>alert(1)</script>"), "picture_type"),
        (picture("PNG")[:60], "picture_broken"),
        (png_that_claims(30_000, 30_000), "picture_too_many_pixels"),
        (png_that_claims(8_001, 5_000), "picture_too_many_pixels"),
        (png_that_claims(60_000, 60_000), "picture_too_many_pixels"),
        (b"\xff\xd8\xff" + b"\0" * (8 << 20), "picture_too_large"),
    ],
)
def test_everything_else_is_refused_with_a_sentence(content, reason):
    assert refused(content) == reason


def test_what_hangs_behind_a_picture_is_not_kept():
    content = redraw(picture("JPEG", size=(400, 300)) + b"MotionPhoto" * 1000)
    assert b"MotionPhoto" not in content


def test_a_large_photograph_shrinks():
    with Image.open(io.BytesIO(redraw(picture("JPEG", size=(4000, 3000))))) as drawn:
        assert max(drawn.size) == LONGEST_SIDE


def test_what_was_seen_through_is_white():
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(redraw(out.getvalue()))) as drawn:
        assert drawn.getpixel((5, 5)) == (255, 255, 255)

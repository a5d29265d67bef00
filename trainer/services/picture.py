"""Pictures from outside: known by their content, and drawn anew, so that nothing but what is seen is kept."""

import io
import re
import warnings
from typing import BinaryIO

from PIL import Image, ImageOps

from trainer.errors import UnreadableFile
from trainer.services import reading_room

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST = 8 << 20
MOST_PIXELS = 40_000_000
# A sheet of A4 is read well with it, and a phone's photograph shrinks to a tenth.
LONGEST_SIDE = 2400
# A picture that is a page, a document or an archive as well, for programs that look elsewhere than at its beginning.
SECOND_FACE = re.compile(rb"(?i)<(?:script|html|svg|iframe|!doctype)\b")
ARCHIVE_END = b"PK\x05\x06"
LAST_PART = 66_000


def redraw_sent(file: BinaryIO | None) -> bytes | None:
    """What a form sent, in a place of the reading room and before any transaction: it takes a while, and a large one a
    few hundred megabytes. None where nothing was sent. Raises UnreadableFile, ReadersBusy."""
    if not file:
        return None
    with reading_room.place():
        return redraw(file.read())


def redraw(content: bytes) -> bytes:
    """A JPEG of what is to be seen on the picture; places, names and times that the camera wrote down are gone.

    Raises UnreadableFile: picture_empty, picture_too_large (most, in MB), picture_type, picture_too_many_pixels (most,
    in millions), picture_broken.
    """
    if not content:
        raise UnreadableFile("picture_empty")
    if len(content) > LARGEST:
        raise UnreadableFile("picture_too_large", most=LARGEST >> 20)
    if _is_something_else_too(content):
        raise UnreadableFile("picture_type")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the size is looked at here, and what a camera wrote wrongly is thrown away
        with _opened(content) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise UnreadableFile("picture_too_many_pixels", most=MOST_PIXELS // 1_000_000)
            _verify(picture)
        with _opened(content) as picture:
            return _drawn(picture)


def _is_something_else_too(content: bytes) -> bool:
    return bool(b"%PDF-" in content[:1024] or ARCHIVE_END in content[-LAST_PART:] or SECOND_FACE.search(content))


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError:
        raise UnreadableFile("picture_too_many_pixels", most=MOST_PIXELS // 1_000_000) from None
    except (OSError, SyntaxError, ValueError):
        raise UnreadableFile("picture_type") from None


def _verify(picture: Image.Image) -> None:
    try:
        picture.verify()
    except Exception:  # whatever a broken file makes the decoder raise
        raise UnreadableFile("picture_broken") from None


def _drawn(picture: Image.Image) -> bytes:
    try:
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # before it is turned: that copies it
        upright = ImageOps.exif_transpose(picture)
        plain = Image.new("RGB", upright.size, "white")
        with_alpha = upright.convert("RGBA")
    except Exception:  # as above: a file that opens may still break in the middle
        raise UnreadableFile("picture_broken") from None
    plain.paste(with_alpha, mask=with_alpha.getchannel("A"))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=85)
    return out.getvalue()

"""Files and addresses of a lesson: what they are for, and which addresses are taken."""

from enum import StrEnum
from urllib.parse import urlsplit


class LessonFileKind(StrEnum):
    """MATERIAL is for the women; the picture is evidence, for staff."""

    MATERIAL = "material"
    CLASS_PHOTO = "class_photo"


def web_address(text: str) -> str | None:
    """An http or https address as it was typed, https:// put before it where it has no scheme; None for all else."""
    typed = text.strip()
    if "://" not in typed:
        typed = f"https://{typed}"
    if any(ord(sign) <= ord(" ") or sign == "\x7f" or sign in "\\\"'<>`" for sign in typed):
        return None
    try:
        parts = urlsplit(typed)
        _port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    is_plain = parts.scheme in ("http", "https") and "." in host.strip(".") and "@" not in parts.netloc
    return typed if is_plain else None

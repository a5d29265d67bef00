"""Materials: what a file is by its content, what it may be called; which addresses are taken."""

import io
import zipfile

import pytest

from trainer.domain.lesson_file import web_address
from trainer.domain.material import LARGEST, clean_name, file_type
from trainer.errors import UnreadableFile


def office(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "<x/>")
    return out.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


def old(*names: str) -> bytes:
    return OLD + b"".join(name.encode("utf-16-le") for name in names)


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"\x89PNG\r\n\x1a\n", "jpg"),
        (b"RIFF\x00\x00\x00\x00WEBP", "jpg"),
        (office("word/document.xml"), "docx"),
        (office("xl/workbook.xml"), "xlsx"),
        (office("ppt/presentation.xml"), "pptx"),
        (old("WordDocument"), "doc"),
        (old("Workbook"), "xls"),
        (old("PowerPoint Document"), "ppt"),
        (b"\x00\x00\x00\x18ftypisom\x00", "mp4"),
    ],
)
def test_a_file_is_known_by_its_content(content, ending):
    assert file_type(content).ending == ending


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "material_empty"),
        (b"MZ\x90\x00", "material_type"),
        (b"<html><script>", "material_type"),
        (b"<svg xmlns=", "material_type"),
        (b"\x00\x00\x00\x18ftypheic\x00", "material_type"),
        (b"\x00\x00\x00\x14ftypqt  \x00", "material_type"),
        (office("META-INF/MANIFEST.MF"), "material_type"),
        (b"PK\x03\x04 torn off", "material_type"),
        (OLD, "material_type"),
        (office("word/document.xml", "word/vbaProject.bin"), "material_macros"),
        (old("WordDocument", "_VBA_PROJECT"), "material_macros"),
        (b"%PDF-" + bytes(LARGEST), "material_too_large"),
    ],
)
def test_what_not_every_phone_opens_is_refused(content, reason):
    with pytest.raises(UnreadableFile) as refused:
        file_type(content)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("直播 讲义.pptx", "直播 讲义.pdf"),
        (r"C:\temp\课件.PPT", "课件.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("讲义\u202efdp.exe", "讲义 fdp.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a b Set-Cookie x.pdf"),
        ("...", "material.pdf"),
        ("", "material.pdf"),
        ("长" * 200 + ".pdf", "长" * 80 + ".pdf"),
    ],
)
def test_a_name_is_cleaned_and_has_its_true_ending(name, clean):
    assert clean_name(name, "pdf") == clean


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://meeting.tencent.com/dm/abc?x=1#y", "https://meeting.tencent.com/dm/abc?x=1#y"),
        (" http://live.kuaishou.com ", "http://live.kuaishou.com"),
        ("meeting.tencent.com/dm/abc", "https://meeting.tencent.com/dm/abc"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://example.com/x", None),
        ("https://", None),
        ("https://localhost", None),
        ("https://good.example@evil.example/", None),
        ("https://a.example/x y", None),
        ('https://a.example/"onclick', None),
        ("会议号 123-456", None),
        ("https://a.example:port/", None),
        ("", None),
    ],
)
def test_only_addresses_of_the_web_are_taken(typed, kept):
    assert web_address(typed) == kept

"""How much may be sent: megabytes only where files are asked for, and by whoever may send them; little of it in memory."""

import io
import tempfile

import pytest

from tests import factories
from trainer.domain.actors import Role
from trainer.errors import UnreadableFile
from trainer.platforms import limits
from trainer.platforms.tables import read_tables

MEGABYTE = 1 << 20


def send(client, path: str, megabytes: int):
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
    body = head + b"a" * megabytes * MEGABYTE + b"\r\n--edge--\r\n"
    return client.post(path, data=body, content_type="multipart/form-data; boundary=edge")


def test_a_stranger_sends_no_megabytes(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)  # as it is outside of tests: every form is read
    shop, client = factories.shop(factories.person()), app.test_client()
    for path in ("/sign-in", "/code", f"/shops/{shop.id}/files", f"/cohorts/{factories.cohort().id}/roster"):
        assert send(client, path, 3).status_code == 413, path


def test_files_are_taken_where_they_are_asked_for(signed_in):
    client, cohort = signed_in(factories.account(Role.MANAGER)), factories.cohort()
    shop = factories.shop(factories.person())
    assert send(client, f"/cohorts/{cohort.id}/edit", 3).status_code == 413
    assert send(client, f"/cohorts/{cohort.id}/roster", 19).status_code == 422
    assert send(client, f"/cohorts/{cohort.id}/roster", 23).status_code == 413
    assert send(client, f"/shops/{shop.id}/files", 21).status_code == 303  # read beside the pages
    assert send(client, f"/shops/{shop.id}/files", 123).status_code == 413


def test_a_file_on_disk_is_not_read_into_this_process():
    class OnDisk(tempfile.SpooledTemporaryFile):
        """Hands out a file only in pieces."""

        def read(self, size=-1):
            assert 0 < size <= MEGABYTE
            return super().read(size)

    with OnDisk() as file:
        file.write("名称,数\n蛋,2\n".encode())
        file.seek(0)
        assert limits.run_limited(read_tables, file).tables[0].rows == [("名称", "数"), ("蛋", "2")]
        file.seek(0)
        with pytest.raises(UnreadableFile):
            limits.run_limited(read_tables, io.BytesIO(b""))

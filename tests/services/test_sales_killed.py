"""A process killed at random while it stages, takes in or undoes a sales file leaves nothing half done."""

import subprocess
import sys

import pytest

from tests.conftest import KEYS
from trainer.database import db

pytestmark = pytest.mark.postgresql


def test_nothing_half_done_is_left(app, databases, tmp_path):
    db.session.remove()
    child = subprocess.run(
        [sys.executable, "-m", "tests.services.dying_sales", databases.uri, KEYS, str(tmp_path), "1"],
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert child.returncode == 0, child.stderr.decode()[-2000:]
    assert b"'commit': " in child.stdout

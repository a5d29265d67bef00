"""A process killed in the middle of taking a sales file in leaves nothing half done, and the file can be taken in after."""

import signal
import subprocess
import sys

import pytest

from tests import factories
from tests.conftest import KEYS
from tests.services.test_sales import DONE, NOW, SHIPPED, commit, counts, lines, order, orders_file, preview, take_in
from trainer.database import db
from trainer.domain.imports import BatchState
from trainer.models import ImportBatch

pytestmark = pytest.mark.postgresql


@pytest.mark.parametrize(
    "deadly",
    [
        "UPDATE import_rows",
        *(
            pytest.param(f"{verb} order_lines", marks=pytest.mark.sqlite_is_enough)
            for verb in ("INSERT INTO", "UPDATE")
        ),
    ],
)
def test_nothing_half_done_is_left(app, databases, tmp_path, deadly):
    shop = factories.shop(factories.person(), "taobao")
    take_in(shop, orders_file(order(1, state=SHIPPED)))
    before = {key: (row.status, row.batch_id) for key, row in lines().items()}
    waiting = preview(shop, orders_file(order(1, state=DONE, refund="5.00"), *(order(n) for n in range(2, 60))))
    db.session.remove()
    child = subprocess.run(
        [
            *(sys.executable, "-m", "tests.services.dying_import", databases.uri, KEYS, str(tmp_path)),
            *(str(waiting.id), NOW.isoformat(), deadly),
        ],
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()[-2000:]
    assert {key: (row.status, row.batch_id) for key, row in lines().items()} == before
    assert db.session.get(ImportBatch, waiting.id).state is BatchState.PREVIEWED
    assert counts(commit(waiting)) == {"new": 58, "update": 1}
    assert len(lines()) == 59

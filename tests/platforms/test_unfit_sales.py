"""Sales files that hold nothing to take in: column names alone, orders without their column names."""

import pytest

from tests.platforms.makers import TODAY, as_csv
from tests.services.test_sales import HEADINGS
from trainer.errors import UnreadableFile
from trainer.platforms.inspection import inspect_file


@pytest.mark.parametrize("rows", [[HEADINGS], [HEADINGS, (), ("合计", "0.00", "0.00", "0.00")]])
def test_column_names_without_a_row_are_refused(rows):
    with pytest.raises(UnreadableFile) as refused:
        inspect_file(as_csv(rows), today=TODAY)
    assert refused.value.reason == "no_rows"


def test_orders_without_column_names_are_refused_without_a_word_of_them():
    row = ("2603111122223333", "欧阳买家", "幸福里八号楼", "小米", "10.00")
    with pytest.raises(UnreadableFile) as refused:
        inspect_file(as_csv([row, row]), today=TODAY)
    assert (refused.value.reason, refused.value.values["columns"]) == ("unknown_columns", "—")

"""A workbook contains the answer, and no data about the machine that wrote it."""

from datetime import datetime
from io import BytesIO

import openpyxl

from usecases.information.registers import ListFlags
from usecases.kernel.question import Answer
from usecases.kernel.workbook import workbook


def test_the_machines_clock_is_not_in_a_workbook() -> None:
    content = workbook(ListFlags(), Answer(((),)), {})
    book = openpyxl.load_workbook(BytesIO(content))
    assert book.properties.created == datetime(1980, 1, 1)  # noqa: DTZ001 (a workbook's times have no zone)

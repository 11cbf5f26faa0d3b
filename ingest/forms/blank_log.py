"""Make the blank provenance log, which a carer fills in by hand or as a sheet.

Its headings are those that the import recognises for each field, so a completed log needs no
mapping.
"""

import io

import xlsxwriter

from ingest.forms.log_headings import FORM

#: The questions of one row of a log, with the width of their answers, in characters on a sheet and
#: as a share of the width on paper.
ASKED: dict[str, int] = {
    "date": 12,
    "time": 9,
    "words": 60,
    "told_by": 24,
    "how_known": 28,
    "urgent": 9,
}
#: Questions about the log as a whole: they occur once on paper, and in every row of a sheet.
ONCE: dict[str, int] = {"heard_from": 22, "relation": 18, "case": 16}
HEADINGS = {field.name: field.headings[0] for field in FORM.fields}


def workbook(answers: list[str]) -> bytes:
    """Return a blank log as a sheet for typing; `answers` are offered under "How do you know it is
    true?"."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Log")
        for column, (name, width) in enumerate((ASKED | ONCE).items()):
            sheet.set_column(column, column, width, cell)
            sheet.write_string(0, column, HEADINGS[name], head)
        column = list(ASKED).index("how_known")
        offered = {"validate": "list", "source": answers, "error_type": "information"}
        sheet.data_validation(1, column, 500, column, offered)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # 9 is Excel's number for A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return made.getvalue()

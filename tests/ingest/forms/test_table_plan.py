"""An import of a table tries all forms of table that the program knows."""

import importlib
import pkgutil

from ingest import forms
from ingest.files.columns import ImportForm
from ingest.forms import log_headings, messages
from ingest.forms.table_plan import TABLES

#: Forms of files that are not read row by row: provenance logs and messages.
TOGETHER = {log_headings.FORM.name, messages.FORM.name}


def test_each_form_is_tried() -> None:
    listed = {form.name for form, _ in TABLES} | TOGETHER
    faults = [
        f"{module.name.replace('.', '/')}.py: no file is read as {form.name!r}: add the form with "
        "its draft to TABLES in ingest/forms/table_plan.py"
        for module in pkgutil.iter_modules(forms.__path__, "ingest.forms.")
        for form in vars(importlib.import_module(module.name)).values()
        if isinstance(form, ImportForm) and form.name not in listed
    ]
    assert not faults, "\n".join(faults)

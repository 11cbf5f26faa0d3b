"""The mapping file, which a user writes for an import: it says to which field each column belongs,
which values apply to all rows, and to which case each sender of messages belongs.

    words = "What was said"   # field = "Column heading"
    urgent = ""               # no column, although one looks like it
    [fixed]
    heard_from = "Carer A"    # the same in every row
    [cases]
    "07700 900111" = "C-3"    # sender = case
"""

import json
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.files.problems import BadFile, FilePosition


@dataclass(frozen=True)
class Mapping:
    """The user's statements about the columns of a file, which override every guess."""

    columns: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)

    def with_fixed(self, **values: str | None) -> "Mapping":
        """Return a copy of this mapping with fixed values, which apply to every row. A value is
        added only if the mapping names no column for its field. Fixed values that the mapping
        already has take precedence."""
        added = {
            name: fixed_value
            for name, fixed_value in values.items()
            if fixed_value and name not in self.columns
        }
        return replace(self, fixed={**added, **self.fixed})


def load_mapping(path: Path, fields: Collection[str]) -> Mapping:
    """Return the mapping of columns in a TOML or JSON file. `fields` are the field names of the
    forms.

    Raises BadFile if the file is neither, or names a field that no form has.
    """
    place = FilePosition(path.name)
    try:
        text = path.read_text("utf-8-sig")
        mapping_file = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except OSError as problem:
        raise BadFile(
            place, f"the mapping file cannot be read ({problem.strerror})", "check its name"
        ) from problem
    except (ValueError, UnicodeError, RecursionError) as problem:
        raise BadFile(
            place,
            f"the mapping file is neither TOML nor JSON ({problem})",
            'write lines like words = "Heading"',
        ) from problem
    tables = {name: mapping_file.pop(name, {}) for name in ("fixed", "cases")}
    columns = {**mapping_file, **mapping_file.pop("columns", {})}
    for table in (columns, *tables.values()):
        _refuse_values(table, place)
    for name in (*columns, *tables["fixed"]):
        if name not in fields:
            raise BadFile(
                place,
                f"{name!r} in the mapping file is not a field",
                f"the fields are {', '.join(fields)}",
            )
    return Mapping(columns, tables["fixed"], tables["cases"])


def _refuse_values(table: object, place: FilePosition) -> None:
    if not isinstance(table, dict):
        raise BadFile(
            place,
            "the tables of the mapping file have to contain names and texts",
            'write lines like words = "Heading"',
        )
    for name, value in table.items():
        if not isinstance(value, str):
            raise BadFile(
                place,
                f"{name!r} in the mapping file is not text",
                f'write {name} = "Heading", in quotation marks',
            )

from pathlib import Path

import pytest

from ingest.files.mapping import Mapping, load_mapping
from ingest.files.problems import BadFile
from ingest.importing.plan import FIELDS
from tests.ingest.conftest import Importing, as_csv

TOML = """
words = "What was said"
[fixed]
heard_from = "Carer A"
[cases]
"07700 900111" = "C-3"
"""
JSON = (
    '{"words": "What was said", "fixed": {"heard_from": "Carer A"},'
    ' "cases": {"07700 900111": "C-3"}}'
)


@pytest.mark.parametrize(("name", "text"), [("map.toml", TOML), ("map.json", JSON)])
def test_a_mapping_says_columns_what_is_fixed_and_whose_case(
    tmp_path: Path, name: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8-sig")
    told = load_mapping(path, FIELDS)
    assert told.columns == {"words": "What was said"}
    assert told.fixed == {"heard_from": "Carer A"}
    assert told.cases == {"07700 900111": "C-3"}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("words = ", "neither TOML nor JSON"),
        ("[1, 2]", "neither TOML nor JSON"),
        ('colour = "Red"', "'colour' in the mapping file is not a field"),
        ("words = 3", "'words' in the mapping file is not text"),
        ("fixed = 3", "contain names and texts"),
        ('[fixed]\ncolour = "x"', "'colour' in the mapping file is not a field"),
    ],
)
def test_a_bad_mapping_is_refused_in_words(tmp_path: Path, text: str, wrong: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text)
    with pytest.raises(BadFile, match=wrong):
        load_mapping(path, FIELDS)
    with pytest.raises(BadFile, match="cannot be read"):
        load_mapping(tmp_path / "gone.toml", FIELDS)


def test_a_heading_that_no_file_has_is_a_slip_of_the_pen(
    imports: Importing, tmp_path: Path
) -> None:
    path = as_csv(tmp_path / "log.csv", ("Date", "Notes"), ("1/2/2011", "x"))
    with pytest.raises(
        BadFile, match="none of the files has a column 'Nots' for the field 'words'"
    ):
        imports(path, mapping=Mapping({"words": "Nots"}))
    assert not imports.intake.recorded


def test_what_is_fixed_fills_the_empty_cells_alone(imports: Importing, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "log.csv", ("Notes", "Carer"), ("x", "Denise Hollin"), ("y", ""))
    imports(path, mapping=Mapping(fixed={"heard_from": "Carer A"}))
    assert [observation.heard_from for observation in imports.intake.observations] == [
        "Denise Hollin",
        "Carer A",
    ]


@pytest.mark.parametrize("heading", ["text", "Description", "EVENT"])
def test_a_text_and_a_date_are_no_provenance_log_unasked(
    imports: Importing, tmp_path: Path, heading: str
) -> None:
    """A table with a text and a date is imported as a provenance log only if the user says so, by
    naming this form or by a mapping of columns."""
    path = as_csv(tmp_path / "t.csv", ("id", heading, "date"), ("7", "a thing", "14/02/2011"))
    with pytest.raises(BadFile, match=f"may be a provenance log, with its words in '{heading}'"):
        imports(path)
    assert imports(path, dry_run=True, form="provenance-log").recorded == 1
    assert imports(path, dry_run=True, mapping=Mapping(columns={"words": heading})).recorded == 1
    more = as_csv(tmp_path / "m.csv", (heading, "date", "Who told you"), ("a", "14/02/2011", "me"))
    assert imports(more).recorded == 1

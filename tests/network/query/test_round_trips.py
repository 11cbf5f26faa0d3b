"""An export in any format that can be read back loses nothing; each format is tested with any names
and times.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from network.export.export import Format, export
from network.picture.footer import Stamp
from network.query.masked_export import MaskedExport
from tests.support.network.round_trips import AT, READERS, comes_back, networks


@pytest.mark.parametrize("form", sorted(READERS))
@settings(max_examples=40)
@given(out=networks())
def test_what_leaves_comes_back(form: Format, out: MaskedExport) -> None:
    comes_back(form, export(out, form, Stamp(AT)).content, out)

"""The symbols and lines of a map are written as a script, web/static/js/map-symbols.js, which
browsers cache.

`python -m tests.web.map_symbols` writes it.
"""

import json
from pathlib import Path

from msgspec.structs import asdict

from network.picture.line_styles import LOOKS
from network.picture.symbols import NAMES, draw

FILE = Path(__file__).parents[2] / "web" / "static" / "js" / "map-symbols.js"


def written() -> str:
    """Return the content of the script for today's program."""
    symbols = {name: draw(name, 24) for name in NAMES}
    lines = {name: asdict(line) for name, line in LOOKS.items()}
    return (
        "// Written by `python -m tests.web.map_symbols`: the symbols and lines of every picture.\n"
        f"export const SYMBOLS = {json.dumps(symbols, indent=2)};\n"
        f"export const LINES = {json.dumps(lines, indent=2)};\n"
    )


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")

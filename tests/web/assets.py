"""Copy the files of the pinned packages into web/static/vendor and network/fonts: `make assets`.
Needs npm, and uv's package index.

Three things may only be used on gov.uk, so they are removed: the typeface GDS Transport, the crown
and the crest. web/static/SOURCES.json lists the written files with their package and SHA-256.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import typst

from network.picture.typeface import FOLDER

STATIC = Path(__file__).parents[2] / "web" / "static"
SOURCES = STATIC / "SOURCES.json"
#: Each package with its pinned version and the files that are copied from it. govuk-frontend has
#: the version that govuk-frontend-jinja supports.
PACKAGES: dict[str, tuple[str, dict[str, str]]] = {
    "govuk-frontend": (
        "6.3.0",
        {
            "dist/govuk/govuk-frontend.min.css": "govuk-frontend.min.css",
            "dist/govuk/govuk-frontend.min.js": "govuk-frontend.min.js",
        },
    ),
    "htmx.org": ("2.0.11", {"dist/htmx.min.js": "htmx.min.js"}),
    "idb": ("8.0.4", {"build/index.js": "idb.js"}),
    "cytoscape": ("3.34.4", {"dist/cytoscape.min.js": "cytoscape.min.js"}),
}


#: The package with the typeface and its version; and below, the characters of the typeface that are
#: included: Latin letters with the accents of European languages, Welsh and Gaelic, digits, and the
#: signs that the screens use.
TYPEFACE = ("@expo-google-fonts/arimo", "0.4.3")
FACES = {"400Regular/Arimo_400Regular.ttf": "arimo-400", "700Bold/Arimo_700Bold.ttf": "arimo-700"}
LICENCE = "LICENSE_FONT"
LETTERS = (
    "20-7E,A0-17F,218-21B,2BC,1E80-1E85,1EF2-1EF3,2010-2015,2018-201E,2020-2022,2026,2030,"
    "2032-2033,2039-203A,20AC,2122,2190-2193,2212,2260,2264-2265"
)
SUBSET = (
    *("tool", "run", "--quiet", "--from", "fonttools==4.68.0", "--with", "brotli==1.2.1"),
    *("pyftsubset", f"--unicodes={LETTERS}", "--layout-features=", "--no-hinting"),
    *("--name-IDs=0,1,2,3,4,5,6,13,14", "--drop-tables+=STAT,GDEF"),
)
TYPEFACE_FILES = [
    "LICENSE",
    *(f"{name}.{form}" for name in FACES.values() for form in ("ttf", "woff2")),
]


def without_gov_uk(css: str) -> str:
    """Return the style sheet without the typeface and the crest that only gov.uk may use."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", "Arimo,arial,sans-serif")
    css = css.replace("font-family:GDS Transport;", "")
    return css.replace("url(/assets/images/govuk-crest.svg)", "none")


def without_map(text: str) -> str:
    """Return a file's text without the address of its source map, which is not included."""
    return re.sub(r"\n?(?://|/\*)# sourceMappingURL=[^\n]*\n?", "\n", text)


CHANGES: dict[str, tuple[str, Callable[[str], str]]] = {
    "govuk-frontend.min.css": ("typeface and crest stripped", without_gov_uk),
}


def fetch(package: str, version: str, into: Path) -> Path:
    """Download a package from the configured package registry and unpack it; return the path."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{version}"],
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    with tarfile.open(into / packed) as archive:
        archive.extractall(into / package, filter="data")
    return into / package / "package"


#: The product's icon, as SVG: two people, a speech bubble between them, and a link.
ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">
<rect width="64" height="64" fill="#12181f"/><path d="M16 44 48 20" stroke="#8fc4f5"
stroke-width="5"/><circle cx="16" cy="44" r="9" fill="#f3c25f"/><circle cx="48" cy="20" r="9"
fill="#7fd6b0"/><circle cx="46" cy="47" r="5" fill="#eef1f4"/></svg>"""


#: A page of one inch square, the size of the icon, for the typesetter.
ICON_PAGE = b"""#set page(width: 1in, height: 1in, margin: 0pt)
#image(bytes(sys.inputs.icon), format: "svg", width: 100%)"""


def icons() -> None:
    for size in (192, 512):
        made = typst.compile(ICON_PAGE, format="png", ppi=size, sys_inputs={"icon": ICON})
        (STATIC / f"icon-{size}.png").write_bytes(made)


def typeface(scratch: Path) -> dict[str, dict[str, str]]:
    """Make both weights of the typeface, in the formats for browsers (woff2) and for pictures
    (ttf), and copy the licence; return the files' entries for SOURCES.json.
    """
    package, version = TYPEFACE
    unpacked = fetch(package, version, scratch)
    shutil.copyfile(unpacked / LICENCE, FOLDER / "LICENSE")
    come_from = {"LICENSE": LICENCE}
    for path, name in FACES.items():
        for form, more in (("ttf", ()), ("woff2", ("--flavor=woff2",))):
            into = FOLDER / f"{name}.{form}"
            uv = Path(sys.executable).with_name("uv")
            command = [uv, *SUBSET, *more, f"--output-file={into}", unpacked / path]
            subprocess.run(command, check=True)
            come_from[into.name] = path
    return {
        name: {
            "package": package,
            "version": version,
            "path": path,
            "changed": "fewer letters, no hints" if name != "LICENSE" else "",
            "sha256": hashlib.sha256((FOLDER / name).read_bytes()).hexdigest(),
        }
        for name, path in come_from.items()
    }


def main() -> None:
    icons()
    told = {}
    with tempfile.TemporaryDirectory() as scratch:
        for package, (version, files) in PACKAGES.items():
            unpacked = fetch(package, version, Path(scratch))
            for path, name in files.items():
                why, change = CHANGES.get(name, ("", str))
                text = without_map(change((unpacked / path).read_text(encoding="utf-8")))
                (STATIC / "vendor" / name).write_text(text, encoding="utf-8", newline="\n")
                told[name] = {
                    "package": package,
                    "version": version,
                    "path": path,
                    "changed": why or "source map's address dropped",
                    "sha256": hashlib.sha256(text.encode()).hexdigest(),
                }
        told |= typeface(Path(scratch))
    SOURCES.write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

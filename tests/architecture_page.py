"""Draw the diagram in docs/architecture.md from the imports of the modules:
`python -m tests.architecture_page`.
"""

from tests.house.tree import ROOT, imports, modules, packages

PAGE = ROOT / "docs" / "architecture.md"
BEGIN = "<!-- picture: python -m tests.architecture_page -->\n"
END = "<!-- end of picture -->"


def arrows() -> dict[str, set[str]]:
    """Return for each package and top-level module the packages and modules that it imports."""
    ours = packages() | modules()
    found: dict[str, set[str]] = {name: set() for name in ours}
    for name in ours:
        files = [ROOT / f"{name}.py"] if name in modules() else [*(ROOT / name).rglob("*.py")]
        for file in files:
            found[name] |= {one.split(".")[0] for one in imports(file)} & ours - {name}
    return found


def direct(found: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return for each package the packages that it imports, without those that it also reaches
    through another package that it imports.
    """

    def reached(name: str) -> set[str]:
        return found[name].union(*map(reached, found[name]))

    return {
        name: {one for one in below if not any(one in reached(other) for other in below - {one})}
        for name, below in found.items()
    }


def picture() -> str:
    """Return a diagram of the packages and their imports, in the notation of Mermaid."""
    found = direct(arrows())
    rows = [f"    {name}" for name in sorted(found)]
    rows += [f"    {name} --> {one}" for name in sorted(found) for one in sorted(found[name])]
    return "```mermaid\nflowchart TD\n" + "\n".join(rows) + "\n```\n"


def page() -> str:
    """Return the text of docs/architecture.md with the picture of today's imports."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + picture() + END + after


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

"""List the tests of each folder of the product: `make test PART=network`.

`python -m tests.parts NAME` prints the tests of the folder NAME; without a name, it prints the
table in CONTRIBUTING.md.
"""

import sys
from pathlib import Path

TESTS = Path(__file__).parent
#: For each folder of the product, its own tests, and tests of other folders that fail first if this
#: folder is wrong.
PARTS: dict[str, tuple[str, ...]] = {
    "access": (
        "access",
        "projections/people_and_teams/test_item_access.py",
        "web/api/test_need_to_know.py",
    ),
    "analytics": ("analytics",),
    "cli": ("console/test_contract.py", "console/test_process.py", "house/test_start.py"),
    "commands": ("commands", "notifying/test_watch.py"),
    "console": ("console", "usecases/test_fronts.py"),
    "continuum_start": ("house/test_start.py", "house/test_setup.py", "console/help/test_help.py"),
    "demo": ("scenarios", "test_demo.py"),
    "deploy": ("deploy",),
    "docs": (
        "test_readme.py",
        "test_requirements.py",
        "test_security_page.py",
        "domain/test_catalogue.py",
        "recipes",
        "house/test_decisions.py",
        "house/test_links.py",
        "house/test_screens.py",
        "house/test_settings_page.py",
        "house/test_words.py",
        "usecases/test_declared.py",
    ),
    "domain": ("domain", "projections", "ledger/keys/test_sealing.py", "kept/test_kept.py"),
    "exchange": ("exchange", "commands/exchange/test_offer.py"),
    "ingest": ("ingest", "network/query/test_round_trips.py"),
    "installation": (
        "house",
        "test_system.py",
        "commands/data_protection/test_copies.py",
        "console/running/test_doctor.py",
        "console/test_process.py",
        "faults/test_backup.py",
        "web/server/test_running.py",
    ),
    "ledger": ("ledger", "faults", "test_auditor.py"),
    "network": (
        "network",
        "access/two_worlds/test_network.py",
        "analytics/test_local.py",
        "ingest/networks/test_networks_back.py",
        "usecases/test_trail_paper.py",
        "web/map/test_map.py",
    ),
    "notifying": ("notifying", "commands/people_and_teams/test_escalating.py"),
    "projections": ("projections", "kept", "commands/people_and_teams/test_due.py"),
    "questions": ("questions", "usecases/test_questions.py"),
    "usecases": ("usecases", "web/api/test_use_cases.py", "console/test_contract.py"),
    "web": ("web", "usecases/test_fronts.py"),
}


def table() -> str:
    """Return the table of folders and their tests for CONTRIBUTING.md."""
    rows = [
        f"| `{name}` | {', '.join(f'`{one}`' for one in told)} |" for name, told in PARTS.items()
    ]
    return "\n".join(["| `PART=` | tests, below `tests/` |", "|---|---|", *rows]) + "\n"


def main() -> None:
    """Print the tests of the requested folder or, without an argument, the table of all folders."""
    if len(sys.argv) == 1:
        sys.stdout.write(table())
        return
    name = sys.argv[1].strip("/")
    if name not in PARTS:
        sys.exit(f"PART={name}: no such folder; PART is one of {', '.join(PARTS)}")
    sys.stdout.write(" ".join(str(Path("tests") / one) for one in PARTS[name]) + "\n")


if __name__ == "__main__":
    main()

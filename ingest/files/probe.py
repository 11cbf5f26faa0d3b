"""Open a workbook in a separate process with a memory limit, to check that this is safe.

The library that reads sheets allocates the whole area between a sheet's first and last cell, and
copies a shared text into every cell. So a small file can need terabytes of memory, and a failed
allocation ends the process. This file is run by its path (`probe.py FILE BYTES`) and imports only
that library.
"""

import subprocess
import sys
from pathlib import Path
from typing import Literal

#: Largest memory for opening a workbook, in bytes (2 GiB): enough for a provenance log of a million
#: rows, and less than a small machine has.
MOST_MEMORY = 2 << 30
_LONGEST = 300  # Largest time for opening a workbook, in seconds.

Verdict = Literal["safe", "damaged", "too-large"]
_DAMAGED = 3


def probe(path: Path) -> Verdict:
    """Open a workbook in a separate process that reads every cell. Return "safe", "damaged", or
    "too-large" if opening it takes too much memory or time."""
    try:
        # -I stops Python from importing modules from the directory of this file or from PYTHONPATH
        finished = subprocess.run(
            [sys.executable, "-I", __file__, str(path), str(MOST_MEMORY)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "too-large"
    if finished.returncode == 0:
        return "safe"
    return "damaged" if finished.returncode == _DAMAGED else "too-large"


def _limit_memory(most: int) -> None:
    try:
        import resource
    except ImportError:  # Python has no module `resource` on Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _open(path: str, most: int) -> int:
    from python_calamine import CalamineWorkbook, PasswordError

    _limit_memory(most)
    try:
        book = CalamineWorkbook.from_path(path)
        for meta in book.sheets_metadata:
            for _ in book.get_sheet_by_name(meta.name).iter_rows():
                pass
    except PasswordError:
        # the import opens the workbook, too, gets the same error, and explains it to the user
        return 0
    except MemoryError:
        raise
    except BaseException:  # noqa: BLE001 - a panic of the library's core is no Exception
        return _DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(_open(sys.argv[1], int(sys.argv[2])))

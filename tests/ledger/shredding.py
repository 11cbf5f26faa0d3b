"""A process that destroys the keys of items in a store's directory:
`python -m tests.ledger.shredding PLACE ITEM…`.
"""

import sys
from pathlib import Path
from uuid import UUID

from ledger.keys.keystore import FileKeyStore
from ledger.store.shred import Shredder
from tests.conftest import Store
from tests.ledger.events import CATALOGUE
from tests.ledger.writer import wait

if __name__ == "__main__":
    home = Path(sys.argv[1])
    keys = FileKeyStore(home / "keys")
    logs = Store(home, None, keys=keys).open(CATALOGUE, create=False)
    tables = {name: log.key_table for name, log in logs.items()}
    wait()
    Shredder(tables, keys).shred({"evidence": [UUID(one) for one in sys.argv[2:]]})

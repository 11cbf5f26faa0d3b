"""Find the places of a store, of its keys and of other secrets, and the key store that protects the
keys."""

from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_path

from domain.kernel.values import Refused
from installation.settings import Settings
from ledger.keys.keys import KeyFault, read_passphrase
from ledger.keys.keystore import FileKeyStore, KeyStore, TwinKeyStore
from ledger.store.setup import FILES


def home_of(settings: Settings) -> Path:
    if settings.home:
        return settings.home
    if is_postgres(settings.store):
        return user_data_path("continuum")
    return Path(settings.store)


def key_store_of(settings: Settings) -> KeyStore:
    """Return the object that stores the store's keys. If the second site's directory of keys is
    mounted here, keys are stored and destroyed in both directories. Raises LogUnavailable."""
    place, passphrase = home_of(settings) / "keys", settings.key_passphrase_file
    if settings.second_keys:
        return TwinKeyStore(place, settings.second_keys, passphrase)
    return FileKeyStore(place, passphrase)


def place_of(settings: Settings) -> str | Path:
    return settings.store if is_postgres(settings.store) else Path(settings.store)


def is_postgres(store: str) -> bool:
    """Return whether a store is on a server. Raises Refused for an address that is neither
    PostgreSQL's nor a directory."""
    if store.startswith(("postgresql://", "postgres://")):
        return True
    scheme, text, _ = store.partition("://")
    if text:
        raise Refused(
            f"{scheme}:// is not the address of a store: give a directory, or the address "
            "of a database, postgresql://… (15 or newer)"
        )
    return False


def refuse_within(settings: Settings) -> None:
    """Raise Refused if a store would be made inside the directory of another store, because
    copying, closing or deleting the outer store would affect the inner store, too. Only the copies
    of a rehearsal may be there.
    """
    files = not is_postgres(settings.store)
    places = {"--store": Path(settings.store)} if files else {}
    places["--home"] = home_of(settings)
    own = {place.resolve() for place in places.values()}
    for option, place in places.items():
        outer = (
            parent
            for parent in place.resolve().parents
            if parent not in own and _holds_a_store(parent)
        )
        if not _holds_a_store(place) and (path := next(outer, None)):
            raise Refused(
                f"{place} is inside {path}, which contains another store or a copy of "
                f"one: nothing was made. Name a directory outside it with {option}"
            )


def _holds_a_store(directory: Path) -> bool:
    return any((directory / name).is_file() for name in (*FILES.values(), "keys/command.key"))


def printable_place(store: str) -> str:
    """Return the place of the store, safe to print: an address may contain a password."""
    password = urlsplit(store).password
    return store.replace(f":{password}@", ":***@", 1) if password else store


def secret_in(file: Path) -> bytes:
    """Return the secret in a file that only its owner may read. Raises Refused."""
    try:
        return read_passphrase(file)
    except KeyFault as error:
        raise Refused(str(error)) from error

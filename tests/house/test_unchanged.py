"""Names and hashes on which stored records or other programs depend do not change when code is
moved or renamed."""

import pytest

from tests.house.unchanged import fixed, known


@pytest.fixture(scope="module")
def today() -> dict[str, dict[str, str]]:
    return fixed()


@pytest.mark.parametrize("kind", sorted(known().keys() - {"retries"}))
def test_what_others_rely_on_is_unchanged(today: dict[str, dict[str, str]], kind: str) -> None:
    before, now = known()[kind], today[kind]
    gone = [f"{name} is gone" for name in sorted(before.keys() - now.keys())]
    new = [f"{name} is new" for name in sorted(now.keys() - before.keys())]
    other = [f"{name} changed" for name in sorted(now) if before.get(name, now[name]) != now[name]]
    assert not gone + new + other, (
        f"{kind}: if this is wanted, run python -m tests.house.unchanged and read its difference\n"
        + "\n".join(gone + new + other)
    )

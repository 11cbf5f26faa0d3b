"""If a command that writes is sent twice, the store records its fact once. If the same command id
is sent with other input, the command is refused.
"""

import os
import re
from collections.abc import Callable
from functools import partialmethod
from types import CodeType, FunctionType, ModuleType
from typing import cast
from uuid import uuid4

import msgspec
import pytest

from commands.data_protection import exporting
from commands.families import (
    charity_support,
    compartment,
    family_contact,
    marac,
    missing,
    need,
    protection,
    publication,
    referral,
    supervision,
)
from commands.information import covert_source_review, observation, source
from commands.intelligence import identity, incident, intelligence_report, links, meeting
from commands.justice import (
    abduction_notices,
    arrest_to_result,
    charging,
    court,
    duty_to_report,
    evidence,
    victim_request,
)
from commands.kernel import entity
from commands.kernel.declared import Declared
from commands.kernel.unit_of_work import Desk
from commands.people_and_teams import store_admin, succession, two_person
from domain.kernel.envelope import CommandReused
from tests.commands.office import Office
from tests.house import unchanged
from tests.support.commands.twice import STEPS, Story
from tests.usecases.stories import SUBJECTS
from usecases.kernel.registry import USE_CASES
from usecases.kernel.usecase import UseCase

#: The name of the environment variable that makes the test write a file with the inputs of digests,
#: by which repeated commands are recognised.
WRITTEN = "WRITE_RETRIES"
#: A pattern of the random ids in a digest's input.
VARIES = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,}")


def test_every_command_twice_is_one_fact(either: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story(either)
    retries: dict[str, str] = {}
    monkeypatch.setattr(Desk, "digest", partialmethod(_digested, Desk.digest, retries))
    for name, step in STEPS.items():
        either.later()
        command_id = uuid4()
        before = either.count()
        first = step(story, "", command_id)
        once = either.count()
        assert once != before, f"{name} wrote nothing"
        either.later()
        assert step(story, "", command_id) == first, f"{name} twice gave another answer"
        assert either.count() == once, f"{name} twice is two facts"
        with pytest.raises(CommandReused):
            step(story, "x", command_id)
        assert either.count() == once, f"{name}: a refused command left something behind"
        story.made[name] = first.id
        if name == "record":
            story.made["mum"] = either.recorded_root(first.id) or first.id
        if name == "record too":
            story.made["dave"] = either.recorded_root(first.id) or first.id
    assert not either.system.views.behind
    if os.environ.get(WRITTEN):
        unchanged.write({"retries": retries})
    assert retries == unchanged.known()["retries"], (
        "a command that a phone sends again after an upgrade would be refused; if that is right: "
        f"{WRITTEN}=1 python -m pytest {__file__}"
    )


def _digested(
    desk: Desk, digest: Callable[..., bytes], retries: dict[str, str], name: str, body: object
) -> bytes:
    """Compute the digest that identifies a repeated command, and store in `retries` a hash of the
    command's input without its random ids."""
    text = msgspec.json.encode([name, body], order="sorted").decode()
    retries.setdefault(name, unchanged.short(VARIES.sub("", text)))
    return digest(desk, name, body)


#: Commands that make their own command ids, so that no caller passes one.
OWN = {"anchor_access", "anchor_log", "hold_brief", "make_store", "record_export", "record_pack"}
OWN |= {"hand_over", "anchor_evidence", "keys_move", "keys_rotated", "signer_key_changed"}


def test_no_command_is_left_out() -> None:
    """Every command that records something is tried by the tests above or by
    tests/usecases/test_fronts.py, so a new command fails this test until it is tried."""
    modules: tuple[ModuleType, ...] = (entity, evidence, store_admin, identity, intelligence_report)
    modules += (arrest_to_result, incident, links, observation, referral, source)
    modules += (
        charging,
        compartment,
        court,
        covert_source_review,
        exporting,
        family_contact,
        marac,
        meeting,
        missing,
        need,
        abduction_notices,
        two_person,
        supervision,
        protection,
        publication,
        succession,
        charity_support,
        victim_request,
        duty_to_report,
    )
    writing = {
        name
        for module in modules
        for name, one in vars(module).items()
        if isinstance(one, FunctionType) and one.__module__ == module.__name__
        if not name.startswith("_") and "Receipt" in str(one.__annotations__.get("return"))
    }
    writing |= {
        name
        for module in modules
        for name, one in vars(module).items()
        if isinstance(one, Declared)
    }
    told = {command for subject in SUBJECTS.values() for command in subject.stories}
    given = [
        one.use.gives(cast(UseCase, None))
        for command, one in USE_CASES.items()
        if command in told and one.use.gives is not UseCase.gives
    ]
    writing -= {
        name
        for module in modules
        for name, one in vars(module).items()
        if any(one is declared for declared in given)
    }
    tried = {name for step in STEPS.values() for name in _names_in_code(step.__code__)}
    assert writing - tried == OWN, "write a step in tests/support/commands/twice.py"


def _names_in_code(code: CodeType) -> set[str]:
    """Return the names that occur in this code, including the names in its inner functions and
    lambdas.
    """
    within = [const for const in code.co_consts if isinstance(const, CodeType)]
    return set(code.co_names).union(*map(_names_in_code, within))

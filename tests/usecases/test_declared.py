"""Each use case is declared once, has a help text, a command line and test inputs, and is offered
on every front."""

import ast
import inspect
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import dedent
from types import UnionType
from typing import Union, cast, get_args, get_origin, get_type_hints

import msgspec
import pytest

import cli
from commands.intelligence.intelligence_report import OnAssessed
from commands.kernel.declared import ByName, FromFields, InCase, OnNamed, taken_by_name
from console.made import lazy_commands
from domain import catalogue
from domain.catalogue import events
from domain.kernel.envelope import Event
from tests import commands_page
from tests.house.tree import source_files
from tests.usecases.stories import SUBJECTS
from usecases.kernel import old_names
from usecases.kernel.fields import Declaration
from usecases.kernel.registry import QUESTIONS, USE_CASES
from usecases.kernel.usecase import UseCase
from web.api.app import OPERATIONS


def test_each_says_what_it_is_for_and_what_it_records() -> None:
    recorded = {event.stored.name for event in events()}
    faults = []
    for one in USE_CASES.values():
        told = {field.name for field in one.fields}
        holds = {
            "a sentence says what it is for": re.match(r"[A-Z].*\.", one.sentence),
            "an act takes what it records": one.named.records in catalogue.by_name(),
            "it records an event": one.named.records in recorded,
            "its first field names what it is about": one.about is None or one.about.ref,
            "`success_message` names its fields": set(
                re.findall(r"{(\w+)}", one.named.success_message)
            )
            <= told,
            "no field of it is fixed": one.named.fixed.keys().isdisjoint(told),
        }
        faults += [f"{one.named.command}: not so: {what}" for what, so in holds.items() if not so]
    assert not faults, "\n".join(faults)


def test_a_declared_command_takes_every_field_of_its_use_case() -> None:
    faults = []
    for one in USE_CASES.values():
        if one.use.gives is UseCase.gives:
            continue
        command = one.use.gives(cast(UseCase, None))
        match command:
            case InCase(event=event) | ByName(event=event):
                holds = _takes_by_name(one, event, person=getattr(command, "person", False))
            case FromFields(event=event, function=function):
                holds = _takes_with_others(one, event, function)
            case OnNamed(decide=decide) | OnAssessed(decide=decide):
                holds = _takes_in_order(one, decide)
            case _:
                holds = {f"{command} is declared": False}
        faults += [f"{one.named.command}: not so: {what}" for what, so in holds.items() if not so]
    assert not faults, "\n".join(faults)


def _takes_by_name(one: Declaration, event: type[Event], *, person: bool) -> dict[str, bool]:
    """Check a use case whose command records an event from its own fields, which have the same
    names as the event's. Return for each rule that must hold its description and whether it
    holds."""
    recorded, asked = get_type_hints(event), get_type_hints(one.use)
    filled = {"case", "person"} if person else {"case"}
    given = _entered_fields(one).keys() - ({"who"} if person else set())
    required = {field.name for field in msgspec.structs.fields(event) if field.required}
    return {
        f"it records {event.stored.name}": one.named.records == event.stored.name,
        f"{event.__name__} has the fields {given - recorded.keys()}": given <= recorded.keys(),
        f"it asks for {required - given - filled}": required <= given | filled,
    } | {
        f"{name} is as in {event.__name__}": _fits(asked[name], recorded[name])
        for name in given & recorded.keys()
    }


def _takes_with_others(
    one: Declaration, event: type[Event], function: Callable[..., object]
) -> dict[str, bool]:
    """Check a use case whose command makes the event `event` from some fields of the use case, and
    passes the other fields to `function` as arguments. Return for each rule that must hold its
    description and whether it holds."""
    recorded, asked = get_type_hints(event), get_type_hints(one.use)
    taken = taken_by_name(event)
    parameters = inspect.signature(function).parameters
    given = [name for name in one.use.__struct_fields__ if name != "because_of"]
    others = {name for name in given if name not in taken}
    required = {field.name for field in msgspec.structs.fields(event) if field.required}
    must = {
        name
        for name, one in parameters.items()
        if one.default is one.empty and one.kind is not one.VAR_KEYWORD
    }
    hints = get_type_hints(function)
    return {
        f"it records {event.stored.name}": one.named.records == event.stored.name,
        f"the event has {required & taken - {*given}}": required & taken <= {*given},
        f"the function takes {others - parameters.keys()}": others <= parameters.keys(),
        f"the use case has {must - others}": must - others == {"desk", "reader", "made"},
    } | {
        f"{name} is as in {event.__name__} or in the function": _fits(
            asked[name], recorded[name] if name in taken else hints[name]
        )
        for name in given
        if name in taken or name in hints
    }


def _takes_in_order(one: Declaration, decide: Callable[..., object]) -> dict[str, bool]:
    """Check a use case whose fields are the arguments of the rule `decide`, in the same order.
    Return for each condition that must hold its description and whether it holds."""
    hints, given = get_type_hints(inspect.unwrap(decide)), list(_entered_fields(one))
    taken = [name for name in hints if name not in {"desk", "reader", "number", "return"}][1:]
    asked = get_type_hints(one.use)
    return {
        f"the rule takes {given}": taken[: len(given)] == given and len(taken) <= len(given) + 1
    } | {f"{name} is as the rule takes it": _fits(asked[name], hints[name]) for name in given}


def _entered_fields(one: Declaration) -> dict[str, object]:
    """Return the names of the fields that a user enters, as the keys of a dictionary. The first
    field, which names the item of the use case, and `because_of` are left out."""
    fields = one.use.__struct_fields__[1:]
    return dict.fromkeys(name for name in fields if name != "because_of")


def _fits(told: object, recorded: object) -> bool:
    """Return whether every value of the type `told` is also a value of the type `recorded`. `told`
    is the type of a field that a user enters, `recorded` the type of an event's field."""
    if get_origin(recorded) is Sequence:
        return get_origin(told) is tuple and get_args(told) == (*get_args(recorded), ...)
    return told == recorded or _each(told) <= _each(recorded)


def _each(kind: object) -> set[object]:
    """Return the types that a field may have: the members of a union, or the one type."""
    return set(get_args(kind)) if get_origin(kind) in (Union, UnionType) else {kind}


def test_the_fields_of_each_have_labels() -> None:
    faults = []
    for one in USE_CASES.values():
        placed = [field for field in one.fields if field.by_place]
        if list(one.fields[: len(placed)]) != placed:
            faults.append(f"{one.named.command}: what is told by its place comes first")
        for field in one.fields:
            if not re.match(r"[A-Z]", field.ask.label):
                faults.append(f"{one.named.command}: {field.name} is not asked in words")
            if field.by_place and field.form not in ("text", "choice", "texts"):
                faults.append(f"{one.named.command}: {field.name} cannot be told by its place")
    assert not faults, "\n".join(faults)


def test_each_is_informed_through_every_front() -> None:
    told = [command for subject in SUBJECTS.values() for command in subject.stories]
    lacking = sorted(USE_CASES.keys() - set(told))
    assert not lacking, (
        f"write a Story for {', '.join(lacking)} in a file of tests/usecases/stories/, like those "
        "there: values for all fields, and values that are refused"
    )
    assert not set(told) - USE_CASES.keys(), "stories of commands that do not exist"
    assert len(told) == len(set(told)), "each command has one Story"


def test_each_is_a_command_and_a_call() -> None:
    commands = {name for name, _ in commands_page.commands(cli.command())}
    assert commands >= set(USE_CASES)
    declared = [operation.asks for operation in OPERATIONS if operation.declared]
    assert sorted(declared) == sorted(USE_CASES)
    assert commands >= set(QUESTIONS)
    assert {operation.asks for operation in OPERATIONS if operation.method == "GET"} >= set(
        QUESTIONS
    )


def test_a_declaration_imports_names_of_codes_and_values_only() -> None:
    """A use case or a question imports everything else as a module, so that the help of a command
    loads no command and no view."""
    own = {
        "usecases.kernel.question",
        "usecases.kernel.usecase",
        "usecases.intelligence.network",
    }  # these parameters filter links
    python = {"collections.abc", "datetime", "typing", "uuid"}
    allowed = (
        own | python | {"domain.kernel.codes", "domain.kernel.values", "msgspec", "msgspec.structs"}
    )
    declared = [*(one.use for one in USE_CASES.values()), *QUESTIONS.values()]
    for name in {one.__module__ for one in declared}:
        found = _imported(Path(str(sys.modules[name].__file__)))
        assert found <= allowed, (name, found - allowed)


def test_a_line_that_starts_makes_no_command_before_it_is_named() -> None:
    top = lazy_commands.tree(cli.program())
    leaves = [one for _, one in commands_page.commands(top) if isinstance(one, lazy_commands.Later)]
    assert len(leaves) > len(USE_CASES)
    assert not [leaf.name for leaf in leaves if "made" in vars(leaf)]
    (rating,) = [leaf for leaf in leaves if leaf.name == "threshold"]
    assert {parameter.name for parameter in rating.params} >= {"case", "level", "reason"}
    assert "made" in vars(rating)


def _imported(file: Path) -> set[str]:
    """Return the names of the modules from which a file imports names when it is loaded. Modules of
    the product that are imported as modules are left out."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    lazy = source_files().keys()
    return {
        str(node.module)
        for node in body
        if isinstance(node, ast.ImportFrom)
        and not {f"{node.module}.{alias.name}" for alias in node.names} <= lazy
    } | {alias.name for node in body if isinstance(node, ast.Import) for alias in node.names}


def test_a_declaration_has_no_condition_and_no_parent_but_use_case() -> None:
    for use in {one.use for one in USE_CASES.values()}:
        assert use.__bases__ == (UseCase,), use
        body = ast.parse(dedent(inspect.getsource(use)))
        found = {type(node) for node in ast.walk(body)}
        assert found.isdisjoint({ast.If, ast.IfExp, ast.Match, ast.Try}), use


#: The number of former names in each table; no number may grow.
FORMER = {
    "OPTIONS": 1,
    "PARAMETERS": 1,
    "KEYS": 1,
    "WHOLE": 5,
    "PLAIN": 1,
    "PAIRS": 1,
}


def test_the_names_of_before_only_shrink() -> None:
    kept = {name: len(getattr(old_names, name)) for name in FORMER}
    assert all(kept[name] <= most for name, most in FORMER.items()), kept
    assert {name for name in vars(old_names) if name.isupper()} == set(FORMER)


@pytest.mark.parametrize("place", commands_page.MADE, ids=lambda one: str(one.name))
def test_what_lists_the_commands_is_as_it_would_be_written_today(place: Path) -> None:
    written = place.read_text(encoding="utf-8")
    assert written == commands_page.MADE[place](), "run: python -m tests.commands_page"


def test_every_page_of_commands_belongs_to_a_group() -> None:
    pages = commands_page.FOLDER.glob("*")
    assert {*pages} == {place for place in commands_page.MADE if place.suffix == ".md"}

"""To run one command, the program builds only this command's parser. The parser is equal to the one
in the full command line."""

import pytest

import cli
from console.help.listed import places
from console.made.places import find_command
from tests.commands_page import commands


def test_each_command_alone_is_the_one_among_all() -> None:
    every, listed = dict(commands(cli.command())), places()
    assert len(listed) > 400
    for name in listed:
        alone, among = dict(commands(cli.only(name)))[name], every[name]
        assert (alone.help, alone.hidden) == (among.help, among.hidden), name
        assert alone.context_settings == among.context_settings, name
    # every 25th command is compared, because the parameters of all commands come from the same
    # function or declaration
    for name in sorted(listed)[::25]:
        alone, among = dict(commands(cli.only(name)))[name], every[name]
        told = [
            [(parameter.name, parameter.opts, parameter.help) for parameter in each.params]
            for each in (alone, among)
        ]
        assert told[0] == told[1], name


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (["record", "--help"], "record"),
        (["network", "ego", "P17"], "network ego"),
        (["show", "due"], "show"),
        (["due", "acknowledge"], "due acknowledge"),
        (["due"], None),  # this command has the same name as its group
        (["network"], None),
        (["network", "--help", "ego"], None),
        (["recrod"], None),
        (["search-help", "record"], None),
        (["--", "record"], None),
        ([], None),
    ],
)
def test_a_line_that_names_no_command_in_full_is_looked_for_among_all(
    line: list[str], name: str | None
) -> None:
    assert find_command(line) == name


def test_a_command_that_is_run_alone_is_called_by_its_whole_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.run(["network", "ego", "--help"]) == 0
    assert "network ego [OPTIONS] {WHO}" in capsys.readouterr().out
    assert cli.run(["network", "ego", "--nonsense"]) == 2
    assert "--nonsense" in capsys.readouterr().err

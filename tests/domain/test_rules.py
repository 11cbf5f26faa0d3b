"""Every rule that a screen shows names its source, and says if the source is not confirmed."""

from domain import rules
from domain.clocks import CLOCKS


def test_each_clock_is_a_rule_and_each_is_reported_once() -> None:
    names = [rule.name for rule in rules.all_rules()]
    assert len(names) == len(set(names))
    assert {f"clock: {clock}" for clock in CLOCKS} <= set(names)
    assert all(rule.source.strip() and rule.says.strip() for rule in rules.all_rules())


def test_a_screen_shows_each_whole() -> None:
    for rule in rules.all_rules():
        for text in (rule.says, rule.source, "; ".join(law.version for law in rule.laws)):
            assert len(text) <= 160, text


def test_no_law_is_here_that_no_rule_names() -> None:
    used = {law for rule in rules.all_rules() for law in rule.laws}
    assert set(rules.LAWS) == used


def test_what_is_not_confirmed_is_open_and_has_no_day_of_its_own() -> None:
    known = {rule.name: rule for rule in rules.all_rules()}
    assert not known["clock: access-request"].checked, "the text of UK GDPR art.12A was not read"
    assert known["counselling"].checked == rules.READ
    assert not known["counselling"].open
    assert known["victim-notice"].open
    assert known["basis: safeguarding"].open
    assert not known["clock: glass-review"].laws

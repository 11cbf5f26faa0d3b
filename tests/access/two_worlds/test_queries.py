"""Every query takes a reader and returns only records that the reader may see, unless this module
lists the query with a reason.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import projections

#: Queries that give all readers the same answer, each with the reason why the answer reveals
#: nothing.
ALIKE = {
    "households.households": "counts every team's, so that a source is protected; only counted",
    "held_sources.list_held_sources": "carried over by the machine: the source is sealed",
    "protection.answers": "asked by the ids of alerts, which the reader was shown",
}
#: Queries that take no reader and that no question uses, each with its purpose.
NO_READER = {
    "likely_same_person.weights": "how much each agreement says, of everybody together",
    "copies.places": "places in the access log; who is told of a copy is decided by what it says",
    "computed.begin": "a job of somebody who may compute writes that it computes",
    "computed.runs": "a job asks after itself by its own id",
    "computed.store_values": "as begin: what it computed",
    "computed.end": "as begin: that it is done",
    "escalated.begun": "which clocks run in the store, and since when",
    "escalated.from_before": "a number for the person who runs the store",
    "said_before.item": "asked by the id of an item that its reader may decide about, or sees",
    "links.restricted": "asked by the ids of items that the reader was shown",
    "links.restricted_items": "what the index of all leaves out for everybody",
    "queue.rows_of_file": "whose links take the grade of their file's entry; shown to nobody",
    "links.list_ungraded_links": "which links take the grade of their entry; shown to nobody",
    "links.naming_restricted": "as restricted_items: ids and places in the log",
    "offers.list_current_offers": "the machine's: which offers a later fact ends; ids and codes",
    "offers.list_offers_of": "whether it is offered, and the last id of before; shown to nobody",
    "card_periods.recorded": "figures of teams, which no reader sees before they are protected",
    "card_periods.teams": "the names of teams that have a family, as recorded",
    "card_periods.first_recorded": "a moment, from which no figure begins earlier",
    "card_periods.protection": "how published cards are protected, for everybody who reads them",
    "card_periods.published": "what was published, for everybody who reads cards",
    "offers.by_reference": "what the hub tells of is found by the reference that left",
    "abduction_notices.breached": "for figures of which small ones are not told",
    "queue.oldest": "for those who run the store: how long the oldest waits, and not what it is",
    "mail_addresses.read_addresses": "for those who send, by the clock: where people are told",
    "cases.workers": "asked on a store without accounts alone, where everybody sees all",
    "cases.of_teams": "for those who keep the accounts: ids and teams, that none is left alone",
    "escalated.to_escalate": "the machine's, by the clock: a step is recorded in ids and codes",
    "owed.runs": "as to_escalate: the condition that a clock runs, and no row",
    "standing_watches.patterns_to_check": "by the clock; each is matched as its owner sees it",
    "escalated.list_escalated": "as to_escalate; whom it is told is asked of each of them",
    "charity_support.made_by": "for a worker or teams; when, how long, what for, and no family",
    "arrests.cases_of": "for the second check of rows: it asks of each case whether it is seen",
    "family_members.risk_steps": "of children whom the reader was shown",
    "team_statements.matrix": "what teams offer: no family",
    "team_statements.states": "as matrix",
    "team_statements.own_costs": "what a team's work costs: no family",
    "team_practice.versions": "what a team means by low, medium and high: no family",
    "team_practice.definitions": "as versions",
    "team_practice.capacities": "what a team's worker carries: no family",
    "team_practice.letters": "which rule a team has: no family",
    "team_practice.raids": "looked up for cases that the reader was shown",
    "notified.of": "asked by the ids of steps that the reader was shown",
    "protection.ways_used": "asked by the ids of cases, which the reader was shown",
    "marks.looks": "in which ways what was asked may lead to something; shown to nobody",
    "marks.rarest": "which part of what was asked for the fewest have; shown to nobody",
    "search.make_query": "as looks",
    "releases.leaving": "the machine's, by the clock: what is released leaves; ids and versions",
    "arrests.had_deadline": "the machine's, by the clock: which alerts rang; ids alone",
    "arrests.list_unanswered": "as ever_rang: which of them a later judgement ends",
    "people.parted_since": "as waiting_alerts: the condition that it ends, and no row",
    "looked.quiet_hits": "the machine's, by the clock: which decisions fall due at once; ids alone",
    "cases.in_danger": "as quiet_hits: the condition that they do; ids that were given",
    "cases.exited": "the machine's: an exit that a later fact speaks against is opened again",
    "outcomes.not_pursued": "as exited, of no further action: each by a fact of its own",
    "cases.among_children": "as exited: whether the other end of a tie is a child",
    "family_members.roles": "as exited: in which family somebody is; each by a fact of its own",
    "queue.filed_in": "as exited: which words a decision knew of; ids alone",
    "queue.cases_with": "as exited: which cases these words are filed in; ids alone",
    "said_before.confirmed_with": "as exited: which words speak of the same; ids alone",
    "waiting_rights.list_proposals": "for those who propose or confirm access: accounts alone",
    "waiting_rights.acts": "what was done with accounts and copies, for who is alerted; no family",
    "waiting_rights.alone_unreviewed": "as acts, for the person who runs the store",
    "cases.of_children": "for a verdict about a way to a family, which says neither who nor why",
    "cases.rated_low": "the machine's: a rating that a later fact forbids is opened again",
    "cases.without_worker": "as of_teams: ids of cases that are left alone",
    "compartments.holders_by_case": "who is asked where it is, of alerts that the reader was shown",
    "court.without_outcome": "for a decision about the whole case: ids that are counted",
    "family_members.all_members": "cases of an alert; the reader's are picked from them",
    "family_contact.list_news_in_cases": "as families, for the alert that a suspect was told",
    "family_members.families": "for alerts and ways, which name to each reader whom they may see",
    "family_members.undecided": "as without_outcome",
    "needs.unanswered": "as without_outcome",
    "rota.list_duties": "who is on call stands on every page: a name and a number, and no family",
}
#: Modules and packages of the views whose public functions are no queries.
NO_QUERIES = {
    *("runner", "schema", "queries", "batch", "all_views", "fingerprint", "accounts"),
    "generations",
}


def queries() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the public functions that query the tables of a view, each with its name."""
    home = Path(projections.__path__[0])
    for file in sorted((*home.glob("*.py"), *home.glob("*/*.py"))):
        stem = file.parent.stem if file.stem == "__init__" else file.stem
        if NO_QUERIES & {stem, file.parent.stem}:
            continue
        for each in ast.parse(file.read_text()).body:
            if isinstance(each, ast.FunctionDef) and not each.name.startswith("_"):
                names = [argument.arg for argument in each.args.args]
                if names[:1] == ["db"]:
                    yield f"{stem}.{each.name}", each


def uses_reader(query: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == "reader"
        for statement in query.body
        for node in ast.walk(statement)
    )


def test_every_query_takes_a_reader() -> None:
    found = dict(queries())
    assert len(found) > 40
    assert set(NO_READER) <= set(found)
    for name, query in found.items():
        if name in NO_READER:
            continue
        assert [argument.arg for argument in query.args.args][:2] == ["db", "reader"], name


def test_every_query_asks_what_its_reader_may_see() -> None:
    forgotten = {name for name, query in queries() if not uses_reader(query)}
    assert forgotten == set(ALIKE) | set(NO_READER)

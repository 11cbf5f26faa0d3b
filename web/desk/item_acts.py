"""The actions on an item that the item's page offers to the reader."""

from questions.kernel.item import Item
from web.site.object_acts import Acts
from web.site.rendering import stamp
from web.site.request_context import Visit

#: Kinds of item on which a link may be based.
BASES = ("observation", "report", "exhibit", "statement", "recorded-interview")
EVIDENCE = ("exhibit", "statement", "recorded-interview")


def acts(visit: Visit, shown: Item) -> Acts:
    """Return the actions that the reader may do on this item, in the order of the page's list."""
    found_acts = Acts(visit.reader, f"/items/{shown.item}")
    item = str(shown.item)
    if shown.kind == "observation":
        _on_words(visit, found_acts, shown)
    if shown.kind in BASES:
        found_acts.add("link", basis=item, at="links")
    if shown.kind == "link" and shown.links and not shown.links[-1].known_to:
        found_acts.add("retract", item=item)
    if visit.may_ever("disseminate"):
        _releases(found_acts, shown)
    graded = shown.stage is not None and shown.stage.stage != "information"
    if shown.kind in ("report", "observation") and graded and visit.may_ever("assess"):
        for name in ("ask", "give", "refuse"):
            found_acts.add(f"consent {name}", item=item)
    if shown.kind == "observation":
        found_acts.add("evidence add", told={"of": [item], "because_of": [item]})
    if shown.kind in EVIDENCE:
        for name in ("transfer", "undermine", "exclude", "withdraw"):
            found_acts.add(f"evidence {name}", item=item)
    if shown.kind == "observation" and visit.may_ever("assess"):
        found_acts.add("source drift due", told={"source": item})
    if visit.may_ever("erase") and shown.kind in ("observation", "case"):
        found_acts.page_of("Erase, hold or restrict", f"/records/retention/{item}")
    return found_acts


def _on_words(visit: Visit, found_acts: Acts, item: Item) -> None:
    if visit.may_ever("assess"):
        again = item.stage is not None and item.stage.stage != "information"
        found_acts.page_of("Grade again or sanitise" if again else "Assess", f"/assess/{item.item}")
    if item.waiting and visit.may_ever("triage"):
        found_acts.own("decide", "Decide about this entry")
    if visit.may_ever("refer"):
        found_acts.add("refer", told={"because_of": [item.item]}, of=item.words or "")
    found_acts.add("confirm", item=item.item)


def _releases(found_acts: Acts, item: Item) -> None:
    if item.kind == "report":
        found_acts.own("release", "Release the report")
    if item.leaving and item.leaving.waiting:
        found_acts.own("release-decide", "Confirm or refuse the release")
    if item.leaving and item.leaving.reviews:
        due = item.leaving.reviews[0].due
        title = f"Review the urgent release by {stamp(due).striptags()}"
        found_acts.own("release-review", title)

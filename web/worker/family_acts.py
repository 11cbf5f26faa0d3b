"""The actions that the page of a family's case offers to this reader.

The file is long because a family's page offers more acts than any other.
"""

from functools import partial

from questions.families.case import Family
from web.site import family_tabs
from web.site.object_acts import Acts
from web.site.request_context import Visit

#: The answers that end a review under the victim's right to a review.
REVIEWED = ("upheld", "overturned")


def acts(visit: Visit, family: Family) -> Acts:
    """Return the actions that this reader may do on a case and on the rows of its page, in the
    order of the page."""
    case = family.row.case
    made = Acts(visit.reader, f"/cases/{case}", section=partial(family_tabs.address, case))
    made.add("family danger", case=family.row.case, at="danger")
    made.page_of("Record for this family", f"/record?case={family.row.number}")
    supports = visit.may_ever("support") or visit.may_ever("see-support")
    if supports:
        _support(visit, made, family)
    if not family.row.closed:
        _casework(visit, made, family)
    if supports:
        _needs(made, family)
    if visit.may_ever("see-child"):
        _threats(made, family)
        _people(visit, made, family)
    _waiting(made, family)
    _notices(visit, made, family)
    _charging(visit, made, family)
    _court(visit, made, family)
    _reporting(visit, made, family)
    for decision in family.decided:
        if decision.is_open:
            made.add(
                "meeting result",
                "decided",
                decision=decision.id,
                row=decision.id,
                of=decision.words,
            )
    _requests(visit, made, family)
    _compartments(visit, made, family)
    if family.news and visit.may_ever("outcome") and not visit.may_ever("see-support"):
        made.add("family told", "steps", case=case, became="step")
    return made


def _support(visit: Visit, made: Acts, family: Family) -> None:
    case = family.row.case
    made.add("support contact", "contacts", case=case)
    made.add("support note", "notes", case=case)
    made.own("check", "Check a number or address before contact", "contacts")
    for name, at in (("told", "told"), ("promise", "promised")):
        made.add(f"family {name}", at, case=case)
    for promise in family.promised:
        if not promise.ended:
            made.add(
                "family kept", "promised", promise=promise.id, row=promise.id, of=promise.words
            )
    made.add("family invited", "invited", case=case)
    made.add("family asked", "invited", case=case)


def _casework(visit: Visit, made: Acts, family: Family) -> None:
    row, case = family.row, family.row.case
    interviews = {episode.interview for episode in family.away}
    if row.missing or family.missing_in:
        made.add("missing found", case=case)
        made.add("missing risk", case=case)
    if not row.missing:
        made.add("missing reported", case=case)
    if row.returned or "declined" in interviews:
        made.add("missing interview", case=case, by=visit.signed.name)
    if "held" in interviews:
        made.add("missing told", case=case)
    if any(episode.withheld for episode in family.away):
        made.add("missing weighed", case=case)
    if family.child:
        plan = family.plan
        made.add(
            "missing plan",
            "plan",
            case=case,
            call=plan.call if plan else None,
            usual=plan.usual if plan else None,
            tell=plan.tell if plan else None,
        )
    made.add("threshold", case=case, level=row.threshold)
    if family.child:
        made.add("person age", who=row.child)
        made.add("person learning-disability", who=row.child)
    made.add("allocate", case=case, offers={"worker": family.offered})
    made.add("engagement", case=case, who="parents")
    if not row.missing:
        made.add("exit", case=case)
    for name in ("standing-search set", "standing-pattern set", "close", "flag"):
        made.add(name, case=case)


def _needs(made: Acts, family: Family) -> None:
    made.add("family need", "needs", case=family.row.case)
    for need in family.lives.needs:
        if need.is_open:
            made.add("family need-answered", "needs", need=need.id, row=need.id, of=need.words)


def _threats(made: Acts, family: Family) -> None:
    case, lives = family.row.case, family.lives
    made.add("family threat", "threats", case=case)
    for threat in lives.threats:
        if not threat.did:
            arguments = {"threat": threat.id, "row": threat.id, "of": threat.words}
            made.add("family threat-answered", "threats", **arguments)
    made.add("family moved", "moves", case=case)
    made.add("marac refer", "marac", case=case)
    for referral in lives.maracs:
        if referral.is_open:
            made.add("marac heard", "marac", marac=referral.id, row=referral.id, of=referral.basis)
    made.add("media noted", "media", case=case)
    made.add("media check", "media", case=case)
    for row in lives.published:
        if not row.did:
            made.add("media answered", "media", publication=row.id, row=row.id, of=row.words)


def _people(visit: Visit, made: Acts, family: Family) -> None:
    case = family.row.case
    for name in ("member", "cares", "engaged", "ethnicity", "relation"):
        made.add(f"family {name}", "members", case=case)
    made.add("exploitation assess", "model", case=case)
    for name in ("raid", "choice"):
        made.add(f"family {name}", "model", case=case)
    if visit.may_ever("see-parent-risk"):
        made.add("parent risk", "parent-risks", case=case)
        for risk in family.endangered:
            if not risk.ended:
                arguments = {"risk": risk.id, "row": risk.id, "of": f"{risk.who}: {risk.kind}"}
                made.add("parent risk-ended", "parent-risks", **arguments)
    made.add("family at-risk", "at-risk", case=case)
    for child in family.its.at_risk:
        if not child.decision:
            arguments = {"at_risk": child.id, "row": child.id, "of": child.who}
            made.add("family at-risk-assessed", "at-risk", **arguments)
            made.add("family decided", "at-risk", **arguments)


def _waiting(made: Acts, family: Family) -> None:
    made.add("waiting added", "waiting", case=family.row.case)
    for row in family.lives.waiting:
        if not row.became:
            for name in ("asked", "ended"):
                made.add(f"waiting {name}", "waiting", waiting=row.id, row=row.id, of=row.why)


def _notices(visit: Visit, made: Acts, family: Family) -> None:
    served, breaches = family.warned
    for notice in served:
        if visit.may_ever("outcome"):
            for name in ("breach", "service"):
                made.add(
                    f"notice {name}",
                    "notices",
                    notice=notice.id,
                    row=notice.id,
                    of=notice.recipient,
                )
    for breach in breaches:
        if not breach.did and visit.may_ever("oversee"):
            made.add("notice followed", "notices", breach=breach.id, row=breach.id, of=breach.place)


def _charging(visit: Visit, made: Acts, family: Family) -> None:
    charged = family.charged
    charge_records = charged.decisions or charged.orders or charged.appeals
    if not (charge_records or visit.may_ever("outcome") or visit.may_ever("work")):
        return
    for name in ("charging decided", "court order", "court appeal"):
        made.add(name, "charging", case=family.row.case)
    for decision in charged.decisions:
        if decision.decision == "no-charge" and decision.review not in REVIEWED:
            made.add(
                "charging review",
                "charging",
                decision=decision.id,
                row=decision.id,
                of=decision.offence,
            )
    for appeal in charged.appeals:
        if not appeal.end:
            arguments = {
                "appeal": appeal.id,
                "row": appeal.id,
                "of": appeal.against.replace("-", " "),
            }
            made.add("court appeal-decided", "charging", **arguments)


def _court(visit: Visit, made: Acts, family: Family) -> None:
    heard = family.heard
    court_lists = (
        heard.hearings,
        heard.bails,
        heard.pleas,
        heard.measures,
        heard.accounts,
        heard.steps,
    )
    if not (any(court_lists) or visit.may_ever("outcome") or visit.may_ever("work")):
        return
    for name in ("hearing", "plea", "bail", "measure", "account", "step"):
        made.add(f"court {name}", "court", case=family.row.case)
    for hearing in heard.hearings:
        if hearing.result is None:
            for name in ("held", "moved"):
                of = hearing.kind.replace("-", " ")
                made.add(f"court {name}", "court", hearing=hearing.id, row=hearing.id, of=of)
    for bail in heard.bails:
        if not bail.ended:
            made.add("court bail-ended", "court", bail=bail.id, row=bail.id, of=bail.conditions)


def _reporting(visit: Visit, made: Acts, family: Family) -> None:
    if not (family.duties or visit.may_ever("work") or visit.may_ever("find")):
        return
    made.add("reporting arises", "reporting", case=family.row.case)
    for duty in family.duties:
        if not duty.happened:
            for name in ("reported", "later"):
                made.add(f"reporting {name}", "reporting", duty=duty.id, row=duty.id, of=duty.words)


def _requests(visit: Visit, made: Acts, family: Family) -> None:
    if not (
        family.asked_for
        or visit.may_ever("support")
        or visit.may_ever("evidence")
        or visit.may_ever("schedule")
    ):
        return
    made.add("victim-request ask", "asked-for", case=family.row.case)
    for row in family.asked_for:
        if not row.over:
            arguments = {"request": row.id, "row": row.id, "of": row.sought}
            names = ["notice"] if row.notice == "to-follow" else []
            for name in (*names, "decide", "withdraw"):
                made.add(f"victim-request {name}", "asked-for", **arguments)


def _compartments(visit: Visit, made: Acts, family: Family) -> None:
    case = family.row.case
    if visit.may_ever("see-health"):
        made.add("health note", "health", case=case)
    if visit.may_ever("see-placement"):
        made.add("placement made", "placement", case=case)
        if family.placements and family.placements[-1].stands:
            made.add("placement ended", "placement", case=case)
    if kinds_with_holders := [which for which, holders in family.holders.items() if holders]:
        which = kinds_with_holders[0] if len(kinds_with_holders) == 1 else None
        for name in ("open", "close"):
            made.add(f"compartment {name}", "holders", case=case, which=which)

"""The codes in which people choose, in the order in which they are offered; imports nothing."""

from typing import Literal

#: For whom a worker is there.
AllocatedFor = Literal["child", "parents"]
#: Whether they take the support.
Engagement = Literal["engaged", "declined", "not-known"]
#: What is assessed where a child has left harm's way.
Exit = Literal["no-longer-at-risk", "protected", "moved-to-adult-services", "other"]
#: What became of the interview that a child is offered who was missing.
Interview = Literal["offered", "held", "declined"]
#: What takes two people.
What = Literal["close", "exit", "lower-rating", "no-further-action", "lift-hold"]
#: Why somebody thinks that a source has become a covert one, and what is decided about it.
DriftGrounds = Literal["relationship", "deception", "direction"]
DriftDecision = Literal["not-covert", "legal-advice", "source-unit"]
#: What a review of what is kept decides.
ReviewDecision = Literal["retain", "dispose"]
#: Whether unused material is relevant to a trial, and whether it is sensitive.
Relevance = Literal["relevant", "not-relevant", "undecided"]
Sensitivity = Literal["sensitive", "not-sensitive", "undecided"]
#: For what an authority lets somebody see a case.
AuthorityFor = Literal["audit", "disclosure"]
#: What somebody thinks of what others opened.
Judged = Literal["justified", "not-justified"]

"""The codes in which people choose, in the order in which they are offered; imports nothing."""

from typing import Literal

#: For whom a worker is there.
AllocatedFor = Literal["child", "parents"]
#: Whether they take the support.
Engagement = Literal["engaged", "declined", "not-known"]
#: What is assessed where a child has left harm's way.
Exit = Literal["no-longer-at-risk", "protected", "moved-to-adult-services", "other"]
#: What takes two people.
What = Literal["close", "exit", "lower-rating", "no-further-action", "lift-hold"]
#: As what a person is called.
AliasKind = Literal["name", "nickname", "former-name", "misspelling"]
#: What somebody judges of two people or things.
Judgement = Literal["same", "different", "unsure"]
#: Whether words become urgent, or are so no longer.
Direction = Literal["up", "down"]

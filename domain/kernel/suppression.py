"""Small-number suppression: which figures may be shown without identifying a family.

A figure from one to four could identify a family, so it is hidden, and no hidden figure may be
computable from the visible figures. Therefore a part of a total is also hidden if the remainder of
the total is small; and if exactly one part of a visible total is hidden, a second part is hidden as
well. Source: ICO, "Anonymisation", on small counts [verify].
"""

from collections.abc import Sequence

#: The smallest figure that is shown: figures from one to four are hidden, because they may
#: identify a family.
FEW = 5
#: The text in place of a hidden figure. It is the same for each hidden figure, so that it does not
#: reveal the size.
WITHHELD = "withheld"


def may_show(number: int) -> bool:
    """Return whether a number of families may be shown: it is zero, or large enough that no family
    can be identified.
    """
    return number == 0 or number >= FEW


def format_figure(number: int | None) -> int | str:
    """Return a number of families as a reader sees it. If the number is hidden (None), return the
    word that is shown instead.
    """
    return WITHHELD if number is None else number


def part(number: int, whole: int | None) -> int | None:
    """Return `number`, a part of the sum `whole`, if the part may be shown. Return None if the sum
    is hidden (`whole` is None), or if the part or the remainder of the sum is so small that it
    could identify a family.
    """
    if whole is None or not may_show(number) or not may_show(whole - number):
        return None
    return number


def parts(numbers: Sequence[int]) -> list[int | None]:
    """Return the parts of a sum, with None for each hidden part. No hidden part can be computed
    from the sum and the visible parts.
    """
    hidden = {place for place, number in enumerate(numbers) if not may_show(number)}
    # The smallest visible part is hidden next, together with all other parts of the same size: a
    # choice between equal parts would reveal something. A zero is hidden only if all other parts
    # are hidden.
    beside = sorted(
        (place for place in range(len(numbers)) if place not in hidden),
        key=lambda place: (numbers[place] == 0, numbers[place]),
    )
    while hidden and beside and _is_computable([numbers[place] for place in hidden]):
        next_one = numbers[beside[0]]
        hidden |= {place for place in beside if numbers[place] == next_one}
        beside = [place for place in beside if numbers[place] != next_one]
    return [None if place in hidden else number for place, number in enumerate(numbers)]


def _is_computable(hidden: Sequence[int]) -> bool:
    """Return whether a reader can compute hidden parts from their sum: there is only one hidden
    part, or the sum itself is too small to be shown, or the sum is so large that each part must
    have the largest value that is hidden.
    """
    together = sum(hidden)
    if len(hidden) == 1 or together < FEW:
        return True
    return max(hidden) < FEW and together >= (FEW - 1) * len(hidden)

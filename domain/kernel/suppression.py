"""Which figures may be told without telling of a family.

A figure from one to four could tell of a family that is known to be among so few. What is hidden is
hidden from arithmetic too: a part is not told where its rest is as small, and beside one hidden
part of a sum that is told another is hidden. (ICO, "Anonymisation", on small counts; the threshold
is the one that the product's other figures have.) [verify]
"""

from collections.abc import Sequence

#: A figure of fewer families than this, and of more than none, is not told.
FEW = 5


def tells(number: int) -> bool:
    """Whether a figure of so many may be told."""
    return number == 0 or number >= FEW


def said(number: int | None) -> int | str:
    """A figure as it is read; None is not told."""
    return "not told" if number is None else number


def part(number: int, whole: int | None) -> int | None:
    """So many of a whole that is told (None: it is not); None where the part or its rest tells of
    too few."""
    if whole is None or not tells(number) or not tells(whole - number):
        return None
    return number


def parts(numbers: Sequence[int]) -> list[int | None]:
    """The parts of a sum that may be known, None for those that are not told: what is hidden does
    not follow from the sum and the others."""
    hidden = {place for place, number in enumerate(numbers) if not tells(number)}
    # The smallest that is told goes next, with all that are as small: which of them was chosen
    # would tell something. A zero goes only where there is nothing else.
    beside = sorted(
        (place for place in range(len(numbers)) if place not in hidden),
        key=lambda place: (numbers[place] == 0, numbers[place]),
    )
    while hidden and beside and _found_out([numbers[place] for place in hidden]):
        next_one = numbers[beside[0]]
        hidden |= {place for place in beside if numbers[place] == next_one}
        beside = [place for place in beside if numbers[place] != next_one]
    return [None if place in hidden else number for place, number in enumerate(numbers)]


def _found_out(hidden: Sequence[int]) -> bool:
    """Whether the sum of what is hidden tells what each of them is: there is one alone, or they are
    all as small as can be, or all as large as a figure that is not told."""
    together = sum(hidden)
    if len(hidden) == 1 or together < FEW:
        return True
    return max(hidden) < FEW and together >= (FEW - 1) * len(hidden)

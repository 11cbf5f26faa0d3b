"""The weights of agreements and differences between two records of people, by the method of Fellegi
and Sunter (1969).

For each level of agreement in each field, `m` is the frequency of the level among pairs of records
of one person, and `u` is its frequency among pairs of records of different people; the weight of
the level is log2(m/u). The weights of all fields and of the prior add up to the log odds that both
records are of one person.
"""

from functools import lru_cache
from math import log2
from types import MappingProxyType
from typing import Annotated, Literal

import msgspec
from msgspec import structs

from domain.kernel.decoding import decoder
from domain.kernel.fields import CODE
from domain.matching.record import Field

#: The levels of agreement of two values in a field.
Level = Literal[
    "same",
    "short",
    "close",
    "crossed",
    "initial",
    "single",
    "turned",
    "slip",
    "year",
    "near",
    "part",
    "postcode",
    "one",
    "two",
    "three",
    "differ",
]


@lru_cache(maxsize=1_000)
def _bits(m: float, u: float) -> float:
    return log2(m / u)


class Chance(msgspec.Struct, frozen=True):
    """How frequent a level of agreement is among pairs of records of one person (`m`), and of two
    people (`u`).
    """

    m: float
    u: float

    @property
    def weight(self) -> float:
        """Return the weight of a level of agreement in bits; a weight below 0 means that the
        records are more likely of two people.
        """
        return _bits(self.m, self.u)


class Weights(msgspec.Struct, frozen=True):
    """A set of weights for comparing records of people, with its version. `prior` is the share of
    pairs of records that are of one person, among all pairs. `given` and `family` are the shares of
    people with each name; `rare` is the share for an unlisted name.
    """

    version: Annotated[str, CODE]
    prior: float
    levels: dict[Field, dict[Level, Chance]]
    given: Annotated[dict[str, float], CODE] = {}
    family: Annotated[dict[str, float], CODE] = {}
    rare: float = 0.0005

    def __hash__(self) -> int:
        return hash(self.version)

    def share(self, field: Field, word: str) -> float:
        """Return the share of people with this given or family name."""
        frequencies = self.given if field == "given" else self.family
        return frequencies.get(word, self.rare)


def _listed(text: str) -> dict[str, float]:
    shares_by_word: dict[str, float] = {}
    for line in text.strip().splitlines():
        share, _, words = line.partition(":")
        shares_by_word |= dict.fromkeys(words.split(), float(share))
    return shares_by_word


#: The approximate shares of people in Britain with these given and family names: this project's
#: estimate, so that "John Smith" has less weight than a rare name before a store has trained its
#: own [verify].
_GIVEN = _listed("""
.02: david john mohammed
.012: michael paul james andrew mark peter robert richard stephen muhammad
.008: daniel thomas william christopher matthew jack joshua lee susan sarah margaret
.005: adam alan anthony ben benjamin charlotte chloe emily emma gary george graham ian jane jason
.005: jessica joseph karen kevin laura lauren luke martin mary nicholas patricia rebecca ryan samuel
.005: sharon simon sophie steven tracey
.003: aaron abigail ahmed ali alice amy ann anna anne ashley barry bethany callum carl charlie
.003: claire connor craig darren dean deborah ellie georgia harry helen imran jacob jake jamie
.003: jennifer joanne jordan julie kayleigh keith kelly leanne lewis linda liam lisa louise lucy
.003: megan melissa nathan neil nicola oliver olivia owen philip rachel ricky ruth scott sean
.003: shannon shaun stuart terry tony usman victoria wayne zoe baz dave gaz jim mike mo nick sam
.003: shaz steve tom
""")
_FAMILY = _listed("""
.012: smith jones khan ahmed hussain
.007: williams taylor brown davies evans wilson thomas johnson ali patel singh
.004: roberts robinson thompson wright walker white edwards hughes green hall lewis harris clarke
.004: jackson wood turner martin cooper hill ward morris moore clark lee king baker harrison morgan
.004: shah begum mahmood malik iqbal akhtar
.002: allen anderson bailey barnes bell bennett campbell carter chapman collins cook cox davis
.002: ellis fisher foster gray griffiths hunt james knight marshall mason matthews miller mills
.002: mitchell murphy murray owen palmer parker phillips price richards richardson rogers russell
.002: scott shaw simpson stevens stewart watson webb wilkinson young
""")


def _chances(**levels: tuple[float, float]) -> dict[Level, Chance]:
    return {level: Chance(*chance) for level, chance in levels.items()}  # type: ignore[misc]


_LEVELS: dict[Field, dict[Level, Chance]] = {
    "given": _chances(
        same=(0.74, 0.005),
        short=(0.08, 0.0012),
        close=(0.08, 0.003),
        crossed=(0.02, 0.000002),
        initial=(0.01, 0.02),
        single=(0.3, 0.7),
        differ=(0.07, 0.97),
    ),
    "family": _chances(same=(0.8, 0.003), close=(0.1, 0.003), differ=(0.1, 0.994)),
    "born": _chances(
        same=(0.86, 0.00006),
        turned=(0.02, 0.00006),
        slip=(0.07, 0.001),
        year=(0.02, 0.015),
        differ=(0.03, 0.984),
    ),
    "age": _chances(near=(0.9, 0.15), differ=(0.1, 0.85)),
    "phone": _chances(same=(0.4, 0.0001), differ=(0.6, 0.9999)),
    "handle": _chances(same=(0.4, 0.0001), part=(0.1, 0.0004), differ=(0.5, 0.9995)),
    "plate": _chances(same=(0.35, 0.0005), part=(0.05, 0.0005), differ=(0.6, 0.999)),
    "address": _chances(
        same=(0.45, 0.0008),
        close=(0.2, 0.0008),
        postcode=(0.08, 0.002),
        part=(0.1, 0.006),
        differ=(0.17, 0.9904),
    ),
    "companion": _chances(one=(0.3, 0.015), two=(0.2, 0.002), three=(0.2, 0.0004)),
    "place": _chances(one=(0.3, 0.04), two=(0.2, 0.008), three=(0.15, 0.002)),
}
#: The weights for comparing people before a store has trained its own: this project's estimate
#: [verify]. Different people in such networks share a car, a home or a phone more often than by
#: chance, so these links have less weight.
DEFAULT = Weights("default-2", 1 / 20_000, _LEVELS, _GIVEN, _FAMILY)

#: The words for each level of agreement.
SAID = MappingProxyType[Level, str](
    {
        "same": "the same",
        "short": "short for it",
        "close": "nearly the same",
        "crossed": "first and last name exchanged",
        "initial": "the first letter alone",
        "single": "different, and one is a single name",
        "turned": "day and month exchanged",
        "slip": "one digit differs",
        "year": "the same year",
        "near": "the ages fit",
        "part": "partly the same",
        "postcode": "the same postcode",
        "one": "one in common",
        "two": "two in common",
        "three": "three or more in common",
        "differ": "different",
    }
)


def with_defaults(weights: Weights) -> Weights:
    """Return the weights, completed with default values for fields that were not part of their
    training: a later version of the program may compare more fields.
    """
    levels = {field: ours | weights.levels.get(field, {}) for field, ours in _LEVELS.items()}
    return structs.replace(weights, levels=levels)


def write(weights: Weights) -> str:
    """Return a set of weights as text, to store it."""
    return msgspec.json.encode(weights).decode()


@lru_cache(maxsize=8)
def read(text: str) -> Weights:
    """Return a set of weights from its stored text, completed with defaults."""
    return with_defaults(decoder(Weights)(text))

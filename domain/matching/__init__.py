"""Compare two records of people, to find out whether both may be of the same person. No records are
merged.

The weights of Fellegi and Sunter (JASA 64, 1969) put the pairs of records into an order for the
people who decide about them, and say for each field how much it supports or contradicts that both
records are of one person.
"""

from domain.matching.comparing import (
    Comparison,
    FieldComparison,
    Ties,
    compare,
    find_new_support,
    highest_weight,
    most_by_one_word,
    odds,
    probability,
)
from domain.matching.held_back import Figures, figures, train_tested
from domain.matching.record import (
    BESIDE_A_WORD,
    FIELDS,
    ONE_WORD,
    OWN_KEY,
    WEIGHED_ALONE,
    WITH_A_WORD,
    Field,
    Held,
    MatchKeys,
    Record,
    convert_record,
    keys,
    name_for_comparison,
    value_of,
)
from domain.matching.trained import EVENTS, STREAM, WeightsTrained, evolve, keep, next_version
from domain.matching.training import Judged, train
from domain.matching.weights import DEFAULT, SAID, Chance, Level, Weights, read, write

__all__ = [
    "BESIDE_A_WORD",
    "DEFAULT",
    "EVENTS",
    "FIELDS",
    "ONE_WORD",
    "OWN_KEY",
    "SAID",
    "STREAM",
    "WEIGHED_ALONE",
    "WITH_A_WORD",
    "Chance",
    "Comparison",
    "Field",
    "FieldComparison",
    "Figures",
    "Held",
    "Judged",
    "Level",
    "MatchKeys",
    "Record",
    "Ties",
    "Weights",
    "WeightsTrained",
    "compare",
    "convert_record",
    "evolve",
    "figures",
    "find_new_support",
    "highest_weight",
    "keep",
    "keys",
    "most_by_one_word",
    "name_for_comparison",
    "next_version",
    "odds",
    "probability",
    "read",
    "train",
    "train_tested",
    "value_of",
    "write",
]

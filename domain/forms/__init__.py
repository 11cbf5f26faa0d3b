"""Normal forms shared by ingest, search and the blind index: pure functions.

Sources: standards of DVLA (plates), ITU E.164 (numbers), BS 7666 (postcodes). Odd input is flagged
and stored; None means only that the text is no such thing at all.
"""

from domain.forms.ages import Age, age, latest_birth, years_on
from domain.forms.handles import handle, handle_name
from domain.forms.moments import Moment, WrittenTime, moment, moments_in
from domain.forms.nicknames import EPITHETS, given_names, nicknames
from domain.forms.phones import Phone, number, phone, phone_ending
from domain.forms.places import door, one_door, place
from domain.forms.plates import Plate, confusables, plate, plate_matches, plate_partial
from domain.forms.postcodes import postcode
from domain.forms.spoken import in_figures
from domain.forms.words import (
    blank,
    fold,
    in_one,
    name,
    out_of_one,
    same_person,
    sounds,
    squash,
    tokens,
    told_apart,
    trigrams,
)

__all__ = [
    "EPITHETS",
    "Age",
    "Moment",
    "Phone",
    "Plate",
    "WrittenTime",
    "age",
    "blank",
    "confusables",
    "door",
    "fold",
    "given_names",
    "handle",
    "handle_name",
    "in_figures",
    "in_one",
    "latest_birth",
    "moment",
    "moments_in",
    "name",
    "nicknames",
    "number",
    "one_door",
    "out_of_one",
    "phone",
    "phone_ending",
    "place",
    "plate",
    "plate_matches",
    "plate_partial",
    "postcode",
    "same_person",
    "sounds",
    "squash",
    "tokens",
    "told_apart",
    "trigrams",
    "years_on",
]

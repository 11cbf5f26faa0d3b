"""Normal forms of names, plates, phones and dates, shared by ingest, search and the blind index.

Sources: standards of DVLA (plates), ITU E.164 (numbers), BS 7666 (postcodes). Unusual input is
flagged and stored; A function returns None if the text is not a name, plate, phone or date at all.
"""

from domain.forms.ages import Age, age, age_on, latest_birth
from domain.forms.handles import handle, handle_name
from domain.forms.moments import Moment, WrittenTime, moment, moments_in
from domain.forms.nicknames import EPITHETS, given_names, nicknames
from domain.forms.phones import Phone, number, phone, phone_ending
from domain.forms.places import door, may_be_same_house, place
from domain.forms.plates import Plate, confusables, plate, plate_matches, plate_partial
from domain.forms.postcodes import postcode
from domain.forms.spoken import in_figures
from domain.forms.words import (
    distinct_names,
    fold,
    is_blank,
    join_names,
    name,
    same_person,
    sounds,
    split_names,
    squash,
    tokens,
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
    "age_on",
    "confusables",
    "distinct_names",
    "door",
    "fold",
    "given_names",
    "handle",
    "handle_name",
    "in_figures",
    "is_blank",
    "join_names",
    "latest_birth",
    "may_be_same_house",
    "moment",
    "moments_in",
    "name",
    "nicknames",
    "number",
    "phone",
    "phone_ending",
    "place",
    "plate",
    "plate_matches",
    "plate_partial",
    "postcode",
    "same_person",
    "sounds",
    "split_names",
    "squash",
    "tokens",
    "trigrams",
]

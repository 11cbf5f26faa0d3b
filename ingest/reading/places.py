"""Places in free text: streets by their last word, venues by their head noun, chains by name."""

import re
from collections.abc import Iterator

from domain.forms import place
from domain.values import Mention
from ingest.reading.common import is_common

_STREET = (
    r"(?:road|rd|street|str|lane|ln|avenue|ave|av|crescent|cres|cresc|terrace|terr|tce|grove|grv|gardens|gdns"
    r"|boulevard|blvd|parade|mews|cul[- ]de[- ]sac)"
)
_SOFT = (
    r"(?:st|close|cl|drive|dr|way|court|ct|place|pl|square|sq|row|walk|rise|hill|view|fold|croft|green|gate|side|bank|brow"
    r"|house|hse|cottage|lodge|villas?|towers?|heights|park|estate|est|bridge|brook|field|fields|farm|mill|wharf|quay|end|common"
    r"|buildings?|mansions?|point|corner|yard|arcade|wood|meadows?)"
)
_HEAD = (
    r"(?:(?:train|bus|railway|police|petrol|fire|tram|metro|service) station|station|stn|bus stop|bus depot|hotel|motel|hostel|guest ?house|b&b|bnb|inn|pub|tavern|arms|takeaway|take away|takeout"
    r"|(?:car|retail|skate|business|trading|country|industrial|caravan|theme|play|trailer) ?(?:park|pk|est(?:ate)?)|park|pk|rec|playing fields?|football (?:pitch|ground|club)|pitches|leisure centre"
    r"|(?:shopping|sports|community|leisure|youth|town|city|garden|health|medical|family|childrens|children's) centre|shopping precinct|precinct|arcade|market|superstore|supermarket|youth club"
    r"|(?:kebab|chicken|chip|pizza|phone|corner|vape|betting|barber|paper|sweet|card|charity|tattoo|mobile|coffee|sandwich|pound) ?shop|chippy|chipshop|chippie|kebab house|pizza place|pizzeria|off ?licence|off-licence|offy"
    r"|(?:car|hand car) ?wash|garage|petrol stn|services|snooker (?:hall|club)|pool hall|(?:night|social|working mens|snooker|boxing|cricket|rugby|golf|workingmens) ?club|shisha (?:bar|lounge|place|cafe)|shisha|barbers|barber's|nail bar|nails|salon"
    r"|bowling alley|bowling|cinema|swimming baths|baths|gym|church|mosque|temple|chapel|cathedral|hospital|surgery|library|town hall|school|academy|college|sixth form|uni|university|primary|nursery|high school|children'?s home|care home|kids home"
    r"|multi ?storey(?: car park)?|underpass|subway|canal(?: ?side| bank| path| bridge)?|towpath|reservoir|quarry|allotments?|cemetery|graveyard|crem|bandstand|bus shelter|railway (?:bridge|line|arches)|viaduct|arches"
    r"|industrial (?:est(?:ate)?|units?)|trading est(?:ate)?|lock ?ups?|flats|tower block|cafe|caf|café|diner|grill|restaurant|bakery|laundrette|launderette|off sales|cab office|taxi (?:rank|office|base)|war memorial|cenotaph|clock tower|woods|moor|beach|pier|promenade|prom|marina|docks?|lake)"
)
_TRADE = (
    r"(?:cars|taxis?|cabs|tyres?|motors?|autos?|pizzas?|pizzeria|kebabs?|grill|chicken|cafe|café|news|newsagents?|stores?|mart|minimart|supermarket|convenience|barbers?|nails|lounge|arms|inn|tavern|bar|spice|tandoori|balti|fisheries|express"
    r"|bakery|gym|fitness|snooker|shisha|valeting|valet|carwash|wash|fryer|spot|palace|chippy|takeaway|hotel|lodge|club|bistro|diner|garage|autocentre|bodyshop|mot|electronics|mobiles|phones|vapes|vape|off licence|wines|booze|food|foods|plaza|motel|hostel|academy|school|college|primary|high"
    r"|church|centre|center|precinct|park|station|stn|infirmary|hospital|surgery|mosque|library|leisure|scaffolding|skip hire|removals|plumbing|roofing|windows|logistics|couriers|private hire|minicabs|tattoos?|studio|salon|launderette|meats|butchers|desserts|shakes|burgers?|fried chicken|peri peri|perri|tikka|karahi|house|cottage|flats|estate|court|manor|hall|farm|mill|works|unit|yard|rec|fields?|bridge|woods?)"
)
_BRAND = (
    r"(?:mc ?donald'?s?|mcd'?s|mc ?d'?s|maccies|maccy ?d'?s?|macky ?d'?s|maccas|kfc|burger king|bk|subway|greggs|costa|starbucks|nando'?s|dominos|domino's|pizza hut|papa johns|tesco'?s?(?: express| extra)?|asda'?s?|aldi|lidl'?s?|morrison'?s?|sainsbury'?s?|wether ?spoons?|spoons"
    r"|premier inn|travelodge|ibis|holiday inn|ikea|primark|b&m|home bargains|wilko'?s?|poundland|argos|spar|co-?op|one stop|nisa|londis|costcutter|iceland|farmfoods|odeon|cineworld|vue|showcase|mecca bingo|betfred|ladbrokes|william hill|paddy power|coral bookies|jd gyms?|pure ?gym|jd sports|toby carvery|hungry horse|brewers fayre|taco bell|five guys|wimpy|chicken cottage|dixy chicken|dixy|pepes|caffe nero|tim hortons|the range|halfords|kwik fit|screwfix|boots|superdrug|specsavers|b&q|post office)"
)
_FUEL = r"(?:shell|bp|esso|texaco|jet|total|gulf|murco|applegreen|asda|tesco'?s?|morrisons|sainsburys)"

_NAME = r"[A-Z][a-z'’]+"
_STREETS = re.compile(
    rf"(?:\b(?:flat \d{{1,3}}[a-z]?,? |no\.? ?|number )?(?<![\d:.])\d{{1,4}}[a-zA-Z]?,? )?(?:\b(?:St\.? )?{_NAME}(?: (?:of |the )?{_NAME}){{0,2}} (?i:{_STREET}|{_SOFT})\b)"
)
_LOWER_STREET = re.compile(rf"(?:(?<![\d:.])\b\d{{1,4}}[a-z]? )?\b(?P<name>[\w'’]{{2,20}}(?: [\w'’]{{2,20}})?) (?P<street>{_STREET}|st)\b(?!\.\w)", re.IGNORECASE)
_NUMBERED = re.compile(rf"(?<![\d:.])\b\d{{1,4}}[a-z]?,? (?P<name>[\w'’]{{3,20}}(?: [\w'’]{{3,20}})?) (?:{_SOFT})\b", re.IGNORECASE)
_NAMED_TRADE = re.compile(rf"\b(?P<name>{_NAME}(?:[ -](?:n |and |& |of |the )?{_NAME}){{0,2}}(?:'s)?) (?P<trade>(?i:{_TRADE}))\b(?! (?i:road|rd|street|st|lane|ln)\b)")
_FUEL_PLACE = re.compile(rf"\b{_FUEL} (?:garage|petrol station|station|services|forecourt)\b", re.IGNORECASE)
_CHAIN = re.compile(rf"\b{_BRAND}\b(?: (?:car ?park|cafe|garage|carpark|drive ?thru|drive through|toilets))?(?P<where> (?:on|in|by|at) (?:the )?(?:{_NAME} ){{1,2}}(?i:{_STREET}|{_SOFT})\b)?", re.IGNORECASE)
_GENERIC = re.compile(rf"\b(?P<the>the )?(?P<head>{_HEAD})\b(?!['’]s\b)", re.IGNORECASE)
_SETTLEMENT = re.compile(r"\b(?:Town|Village|City|District|Borough|Area|Estate|Street|School|Park|Hotel) [A-Z]\b(?!\w|['’.]\w)")
_NUMBER_ONLY = re.compile(r"\b(?:flat|unit|room|house no|block) \d{1,3}[a-z]?\b", re.IGNORECASE)
_PUB = re.compile(
    r"\b[Tt]he (?:(?:Red|White|Black|Golden|Green|Blue|Old|Royal|Kings|King's|Queens|Queen's|Rose and|Dog and|Fox and|Horse and|Coach and|Hare and|Crown and|Bay|Grey|Swan and|Railway|Station|Three|Two|New|Wheat|Spinners|Weavers)"
    r" [A-Z][a-z]+(?: Inn)?|Crown|Swan|Plough|Railway|Bulls? Head|Victoria|Wheatsheaf|Anchor|Globe|Commercial|Junction|Greyhound|George|Bridge|Station|Albion|Cross Keys|Ship|Grapes|Star)\b(?! (?:Road|Rd|Street|St|Lane|Ln))"
)
_TOWARD = re.compile(
    r"\b(?:in|near|nr|outside|round|over in|down in|up in|over at|back (?:in|to)|(?:go|goes|going|gone|went|took (?:her|him|them)|taken|take (?:her|him|them)|drove|driven|drive|train|bus|taxi|moved?|trip|over|down|up|off|out|lift|travel(?:led|s)?|ran|way) to|towards)"
    rf" (?P<name>{_NAME}(?:[ -]{_NAME})?)\b(?! (?:[A-Z]|called|said|says))"
)  # fmt: skip

# Heads so plain that they name a place only with a name or a "the" of their own.
_PLAIN = frozenset(
    "garage school college uni university academy nails salon gym primary nursery hospital surgery shisha services flats market canal"
    " church mosque temple chapel inn arms grill subway baths bowling lake moor woods beach pier docks dock uni cafe caf bakery restaurant library station pub club park cinema town hall".split()
)
_NEVER = frozenset("school college uni university hospital surgery nursery primary academy high school sixth form nails services primary salon arms inn grill pitches moor dock gym church subway".split()) - {"station"}
_NO_NAME = frozenset(
    """
    the a an my our your his her their this that same some any every each no on in at by of to from off down up along across near outside
    round behind opposite past over back side main own other next old new long one big little and or with w when then where who which
    middle end top bottom front open cross care it she he they lives lived live parked walking stood sat went goes going drove driving left
    right dead busy car another whole entire both all bit about just seen saw is was are were said says via into towards between until til till
    me him them us up half for only not but if so corner whose quiet few two three four five wrong through onto opp wk last pulled turned turn come came coming
    """.split()
)
_PEOPLE_BEFORE = re.compile(r"\b(?:mr|mrs|miss|ms|uncle|called|named|name is|saved as)\s$", re.IGNORECASE)
_Found = Iterator[Mention]


def places(text: str) -> _Found:
    """Every place, the surest grammars first; overlaps are left to the reader to settle."""
    for match in _SETTLEMENT.finditer(text):
        yield _mention(match.start(), match.end(), text, 0.9)
    for match in _CHAIN.finditer(text):
        yield _mention(match.start(), match.end(), text, 0.9)
    for match in _FUEL_PLACE.finditer(text):
        yield _mention(match.start(), match.end(), text, 0.9)
    yield from _streets(text)
    yield from _venues(text)
    for match in _TOWARD.finditer(text):
        yield _mention(match.start("name"), match.end("name"), text, 0.4)


def _mention(start: int, end: int, text: str, confidence: float) -> Mention:
    return Mention(start, end, "place", place(text[start:end]) or None, confidence)


def _streets(text: str) -> _Found:
    for match in _STREETS.finditer(text):
        start = _past_lead(text, match.start(), match.end())
        if start < match.end() and " " in text[start : match.end()]:
            yield _mention(start, match.end(), text, 0.9)
    for match in _LOWER_STREET.finditer(text):
        names = match["name"].lower().split()
        kept = _own_name(names)
        if kept and not (match["street"].lower() == "st" and (is_common(names[-1]) or match["street"] == "ST")):
            number = re.match(r"\d{1,4}[a-z]? ", match.group(), re.IGNORECASE)
            whole = number is not None and kept == len(names)
            start = match.start() if whole else match.start("name") + len(match["name"]) - len(" ".join(match["name"].split()[-kept:]))
            yield _mention(start, match.end(), text, 0.8)
    for match in _NUMBERED.finditer(text):
        names = match["name"].lower().split()
        if _own_name(names) == len(names):
            yield _mention(match.start(), match.end(), text, 0.75)


def _own_name(names: list[str]) -> int:
    """How many of the words before a street word are its name, counted from the right."""
    kept = 0
    for word in reversed(names):
        if word in _NO_NAME or word.isdigit() or len(word) < 3 or (kept and is_common(word)):
            break
        kept += 1
    return kept


def _past_lead(text: str, start: int, end: int) -> int:
    """Where a capitalised name really begins: "Saw Mill Lane" and "On Canal Rd" lose a word."""
    while first := re.match(r"([A-Z][a-z'’]+) ", text[start:end]):
        word = first.group(1).lower()
        rest = text[start + first.end() : end]
        if " " not in rest or not (word in _NO_NAME or (is_common(word) and _begins_sentence(text, start) and word not in _STREET_NAMES)):
            break
        start += first.end()
    return start


_STREET_NAMES = frozenset("mill station church park school canal bridge high new market queen king hill garden green park wood field victoria castle rose water spring long north south east west mount old chapel".split())


def _begins_sentence(text: str, start: int) -> bool:
    return re.search(r"(?:^|[.!?:\n\"“]\s*)$", text[max(0, start - 4) : start]) is not None


def _venues(text: str) -> _Found:
    for match in _NAMED_TRADE.finditer(text):
        words = match["name"].split()
        if not all(w[0].isupper() or w in ("n", "and", "&", "of", "the") for w in words) or _PEOPLE_BEFORE.search(text[max(0, match.start() - 10) : match.start()]):
            continue
        start = _past_lead(text, match.start(), match.end())
        named = text[start : match.start("trade")].strip()
        soft = match["trade"].islower() and match["trade"].lower() not in _LOWER_TRADES
        if named and not soft and not (named.lower() in _NO_NAME) and not (is_common(named.lower()) and _begins_sentence(text, start) and match["trade"].islower()):
            yield _mention(start, match.end(), text, 0.75)
    for match in _PUB.finditer(text):
        yield _mention(match.start() + 4, match.end(), text, 0.5)
    for match in _GENERIC.finditer(text):
        head = match["head"].lower()
        if head in _NEVER or (head in _PLAIN and not match["the"]):
            continue
        start = match.start() if head == "rec" and match["the"] else match.start("head")
        yield _mention(start, match.end(), text, 0.6 if " " in head or not match["the"] else 0.5)


_LOWER_TRADES = frozenset(
    "garage hotel pub park station stn takeaway cafe school college academy taxis tyres cars barbers gym club rec precinct estate flats church mosque centre bridge"
    " chippy pizza kebabs kebab lodge inn hostel farm snooker shisha infirmary hospital primary high woods fields field supermarket stores newsagents bar lounge motors house".split()
)

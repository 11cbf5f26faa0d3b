"""Patterns and words by which places are found in a text."""

import re

from domain.forms.patterns import WORD_START, join_lines, lazy_regex, words

_STREET = join_lines(
    r"""
    (?:road|rd|street|str|lane|ln|avenue|ave|av|wynd|crescent|cres|cresc|terrace|terr|tce|grove|grv
    |gardens|gdns|boulevard|blvd|parade|mews|cul[- ]de[- ]sac)
    """
)
_SOFT = join_lines(
    r"""
    (?:st|close|cl|drive|dr|way|court|ct|place|pl|square|sq|row|walk|rise|hill|view|fold|croft
    |green|gate|side|bank|brow|house|hse|cottage|lodge|villas?|towers?|heights|park|estate|est
    |bridge|brook|field|fields|farm|mill|wharf|quay|end|common|buildings?|mansions?|point|corner
    |yard|arcade|wood|meadows?)
    """
)
_HEAD = join_lines(
    r"""
    (?:(?:train|bus|railway|police|petrol|fire|tram|metro|service) station|station|stn|bus stop
    |bus depot|hotel|motel|hostel|guest ?house|b&b|bnb|inn|pub|tavern|arms|takeaway|take away
    |takeout|(?:car|retail|skate|business|trading|country|industrial|caravan|theme|play
    |trailer) ?(?:park|pk|est(?:ate)?)|park|pk|rec|playing fields?|football (?:pitch|ground
    |club)|pitches|leisure centre|(?:shopping|sports|community|leisure|youth|town|city|garden
    |health|medical|family|childrens|children's) centre|shopping precinct|precinct|arcade|market
    |superstore|supermarket|youth club|(?:kebab|chicken|chip|pizza|phone|corner|vape|betting
    |barber|paper|sweet|card|charity|tattoo|mobile|coffee|sandwich|pound) ?shop|chippy|chipshop
    |chippie|kebab house|pizza place|pizzeria|off ?licence|off-licence|offy|(?:car
    |hand car) ?wash|garage|petrol stn|services|snooker (?:hall|club)|pool hall|(?:night|social
    |working mens|snooker|boxing|cricket|rugby|golf|workingmens) ?club|shisha (?:bar|lounge
    |place|cafe)|shisha|barbers|barber's|nail bar|nails|salon|bowling alley|bowling|cinema
    |swimming baths|baths|gym|church|mosque|temple|chapel|cathedral|hospital|surgery|library
    |town hall|school|academy|college|sixth form|uni|university|primary|nursery|high school
    |children'?s home|care home|kids home|multi ?storey(?: car park)?|underpass|subway
    |canal(?: ?side| bank| path| bridge)?|towpath|reservoir|quarry|allotments?|cemetery
    |graveyard|crem|bandstand|bus shelter|leisure centre|railway (?:bridge|line|arches)|viaduct
    |arches|industrial (?:est(?:ate)?|units?)|trading est(?:ate)?|lock ?ups?|flats|tower block
    |cafe|caf|café|diner|grill|restaurant|bakery|laundrette|launderette|off sales|cab office
    |taxi (?:rank|office|base)|war memorial|cenotaph|clock tower|woods|moor|beach|pier|promenade
    |prom|marina|docks?|lake)
    """
)
_TRADE = join_lines(
    r"""
    (?:cars|taxis?|cabs|tyres?|motors?|autos?|pizzas?|pizzeria|kebabs?|grill|chicken|cafe|café
    |news|newsagents?|stores?|mart|minimart|supermarket|convenience|barbers?|nails|lounge|arms
    |inn|tavern|bar|spice|tandoori|balti|fisheries|express|bakery|gym|fitness|snooker|shisha
    |valeting|valet|carwash|wash|fryer|spot|palace|chippy|takeaway|hotel|lodge|club|bistro|diner
    |garage|autocentre|bodyshop|mot|electronics|mobiles|phones|vapes|vape|off licence|wines
    |booze|food|foods|plaza|motel|hostel|academy|school|college|primary|high|church|centre
    |center|precinct|park|station|stn|infirmary|hospital|surgery|mosque|library|leisure
    |scaffolding|skip hire|removals|plumbing|roofing|windows|logistics|couriers|private hire
    |minicabs|tattoos?|studio|salon|launderette|meats|butchers|desserts|shakes|burgers?
    |fried chicken|peri peri|perri|tikka|karahi|house|cottage|flats|estate|court|manor|hall|farm
    |mill|works|unit|yard|rec|fields?|bridge|woods?|(?:sports |football |recreation )?grounds?
    |bowl|baths|travel|packing|hut|massage|tans?|tanning|beauty|recovery|haulage|transport
    |storage|lettings|rentals|parcels|casino|bingo|ice rink|fairground|caravans|kitchens|carpets
    |electrics|electrical|plumbers|builders|sports|stadium|arena|playing fields?|social club
    |working mens club|youth club|community centre|leisure centre|sports centre|health centre
    |medical centre|car park|retail park|industrial estate|trading estate|business park
    |caravan park|guest house|childrens home|care home)
    """
)
_BRAND = join_lines(
    r"""
    (?:mc ?donald'?s?|mcd'?s|mc ?d'?s|maccies|maccy ?d'?s?|macky ?d'?s|maccas|kfc|burger king|bk
    |subway|greggs|costa|starbucks|nando'?s|dominos|domino's|pizza hut|papa johns
    |tesco'?s?(?: express| extra)?|asda'?s?|aldi|lidl'?s?|morrison'?s?|sainsbury'?s?
    |wether ?spoons?|spoons|premier inn|travelodge|ibis|holiday inn|ikea|primark|b&m
    |home bargains|wilko'?s?|poundland|argos|spar|co-?op|one stop|nisa|londis|costcutter|iceland
    |farmfoods|odeon|cineworld|vue|showcase|mecca bingo|betfred|ladbrokes|william hill
    |paddy power|coral bookies|jd gyms?|pure ?gym|jd sports|toby carvery|hungry horse
    |brewers fayre|taco bell|five guys|wimpy|chicken cottage|dixy chicken|dixy|pepes|caffe nero
    |tim hortons|the range|halfords|kwik fit|screwfix|boots|superdrug|specsavers|b&q
    |post office)
    """
)
_FUEL = join_lines(
    r"""
    (?:shell|bp|esso|texaco|jet|total|gulf|murco|applegreen|asda|tesco'?s?|morrisons|sainsburys)
    """
)

_CAPITAL_SOFT = "(?:" + "|".join(w[0].upper() + w[1:] for w in _SOFT[3:-1].split("|")) + ")"
_NAME = r"[A-Z][a-z'’]+"
STREETS = lazy_regex(
    join_lines(
        rf"""
        (?:\b(?:[Ff]lat|[Rr]oom|[Uu]nit) \d{{1,3}}[a-z]?,? )?
        (?:\b(?:no\.? ?|number )?(?<![\d:.])\d{{1,4}}[a-zA-Z]?,? )?
        (?:\b(?:St\.? )?{_NAME}(?: (?:of |the )?{_NAME}){{0,2}} (?:(?i:{_STREET}|st|estate|park
        |cottage|gdns|est)|{_CAPITAL_SOFT})\b)
        """
    )
)
LOWER_STREET = lazy_regex(
    join_lines(
        rf"""
        (?:(?<![\d:.])\b\d{{1,4}}[a-z]? )?\b(?P<name>[\w'’]{{2,20}}
        (?: [\w'’]{{2,20}})?) (?P<street>{_STREET}|st)\b(?!\.\w)
        """
    ),
    re.IGNORECASE,
)
NUMBERED = lazy_regex(
    join_lines(
        rf"""
        (?<![\d:.])\b\d{{1,4}}[a-z]?,? (?P<name>[\w'’]{{3,20}}(?: [\w'’]{{3,20}})?) (?:
        {_SOFT})\b
        """
    ),
    re.IGNORECASE,
)
NAMED_TRADE = lazy_regex(
    join_lines(
        rf"""
        \b(?P<name>{_NAME}(?:[ -](?:n |and |& |of |the )?{_NAME}){{0,2}}(?:'s)?) (?P<trade>(?i:
        {_TRADE}))\b(?! (?i:road|rd|street|st|lane|ln)\b)
        """
    )
)
FUEL_PLACE = lazy_regex(
    rf"\b{_FUEL} (?:garage|petrol station|station|services|forecourt)\b", re.IGNORECASE
)
CHAIN = lazy_regex(
    join_lines(
        rf"""
        (?<!\ba ){WORD_START}{_BRAND}\b(?! (?:toys?|bags?|cups?|meals?|receipts?|wrappers?|vouchers?
        |cards?|boxes|box|uniform|fries|drinks?|milkshake)\b)(?: (?:car ?park|cafe|garage
        |carpark|drive ?thru|drive through|toilets))?(?P<where> (?:on|in|by
        |at) (?:the )?(?:{_NAME} ){{1,2}}(?:{_STREET}|{_SOFT})\b)?
        """
    ),
    re.IGNORECASE,
)
GENERIC = lazy_regex(rf"{WORD_START}(?P<the>the )?(?P<head>{_HEAD})\b(?!['’]s\b)", re.IGNORECASE)
SETTLEMENT = lazy_regex(
    join_lines(
        r"""
        \b(?:Town|Village|City|District|Borough|Area|Estate|Street|School|Park
        |Hotel) [A-Z]\b(?!\w|['’.]\w)
        """
    )
)
LOWER_SETTLEMENT = lazy_regex(
    r"\b(?<=to |in |ar |om )(?:town|village|city) (?:[b-z]\b(?!['’])|a(?=[.,!?]|$))", re.IGNORECASE
)
PUB = lazy_regex(
    join_lines(
        r"""
    \b[Tt]he (?:(?:Red|White|Black|Golden|Green|Blue|Old|Royal|Kings|King's|Queens|Queen's
    |Rose and|Dog and|Fox and|Horse and|Coach and|Hare and|Crown and|Bay|Grey|Swan and|Railway
    |Station|Three|Two|New|Wheat|Spinners|Weavers) [A-Z][a-z]+(?: Inn)?|Crown|Swan|Plough
    |Railway|Bulls? Head|Victoria|Wheatsheaf|Anchor|Globe|Commercial|Junction|Greyhound|George
    |Bridge|Station|Albion|Cross Keys|Ship|Grapes|Star)\b(?! (?:Road|Rd|Street|St|Lane|Ln))
    """
    )
)
#: Names of pubs that contain a word for a person: "the drover's arms", "the King's Head", "The
#: Jolly Miller's".
PUB_OF = lazy_regex(
    join_lines(
        r"""
    \b(?:[Tt]he )(?P<name>(?:(?i:(?:king|queen|bull|nag|boar|horse|turk|duke|lord|saracen|lamb|dog
    |stag|buck|ram|griffin|black bull)['’]?s head|[a-z]{3,15}['’]?s arms)
    |(?:[A-Z][a-z]+ )?[A-Z][a-z]+['’]s (?:Arms|Head|Den|Rest|Return|Retreat|Tavern|Inn|Nest|Leap
    |Elm|Bush|Corner|Bar|Lodge)|[A-Z][a-z]+ [A-Z][a-z]+['’]s(?=\s*(?:[.,;!?\n]|$| pub\b))))\b
    """
    )
)
#: Words for persons that occur in the names of pubs. "Lad" is not among them, so "the lad's arms"
#: is not a pub.
OF_PUBS = lazy_regex(
    "king|queen|bull|horse|duke|lord|lamb|dog|mason|farmer|builder|railway|butcher|baker|fisherman"
)
#: Names of pubs such as "The Waggon and Horses", which consist of two things, the second in the
#: plural.
PAIRED = lazy_regex(
    join_lines(
        rf"""
        \b(?:[Tt]he|at|in|outside|near|from|to|keeps the|runs the|by) (?P<name>{_NAME}
        [ ](?:and|&|n)[ ]{_NAME}s)\b
        """
    )
)
HEAD_FIRST = lazy_regex(
    join_lines(
        rf"""
        \b(?:Pizza|Cafe|Café|Hotel|Bar|Club|Casa|Restaurant|Chez|Bistro|Shisha|Planet|Villa
        |Mount|Port|Lake) {_NAME}\b
        """
    )
)
TOWARD = lazy_regex(
    join_lines(
    rf"""
    \b(?=\w)(?:in|near|nr|outside|round|over in|down in|up in|over at|back (?:in|to)|(?:go|goes
    |going|gone|went|took (?:her|him|them)|taken|take (?:her|him|them)|drove|driven|drive|train|bus
    |taxi|moved?|trip|over|down|up|off|out|lift|travel(?:led|s)?|ran|way) to
    |towards) (?P<name>{_NAME}(?:[ -]{_NAME})?)\b(?! (?:[A-Z]|called|said|says))
    """
)
)  # fmt: skip

FETCHED = lazy_regex(
    join_lines(
        rf"""
        \b(?:collect|pick|drop|fetch|ran|run|missing|abscond|return|left|bus|train|moved|absent
        |home|back)\w{{0,4}}\b[^.!?\n]{{0,30}} from (?P<name>{_NAME})\b(?! (?:[A-Z]|called|said
        |says))
        """
    )
)
THE = lazy_regex(
    join_lines(
        rf"""
        \b(?:up|down|along|near|round|past|behind|opposite|on|off|at|outside
        |in) the (?P<name>{_NAME}(?: {_NAME})?)\b
        """
    )
)

# Nouns that mean a place only with a name or "the" before them.
PLAIN = words(
    """
    garage school college uni university academy nails salon gym primary nursery hospital surgery
    shisha services flats market hotel canal church mosque temple chapel inn arms grill subway
    baths bowling lake moor woods beach pier docks dock uni cafe caf bakery restaurant library
    station pub club park cinema town hall
    """
)
NEVER = words(
    """
    hotel flats canal school college uni university hospital surgery nursery primary academy high
    school sixth form nails services primary salon arms inn grill pitches moor dock gym church
    subway
    """
) - {"station"}
REACHED = lazy_regex(
    join_lines(
        r"""
        \b(?=\w)(?:at|to|near|nr|outside|behind|by|opposite|round|around|in|into|inside|down|off|after
        |past|on|meet|meets|(?:her|him|them|up|back|home|away|off|bus|[ap]m) from|above|over
        |next to|between|through|towards|leaving|left|via) (?:(?:the|a|that|this|some|our
        |their) (?:old |new |big |little |back |local |abandoned )?)?$
        """
    ),
    re.IGNORECASE,
)
EATING = lazy_regex(r"take|chip|kebab|chicken|pizza")
SURNAMES = words(
    """
    croft wood green hill field fields brook mill banks marsh yard brow common walk point bank
    grove
    """
)
NO_NAME = words(
    """
    the a an my our your his her their this that same some any every each no on in at by of to
    from off down up along across near outside round behind opposite past over back side main own
    other next old new long one big little and or with w when then where who which middle end top
    bottom front open cross care it she he they lives lived live parked walking stood sat went
    goes going drove driving left right dead busy car another whole entire both all bit about just
    ring seen saw is was are were said says via into towards between until til till me him them us
    up half for only not but if so corner whose quiet few two three four five wrong through onto opp
    wk last pulled turned turn come came coming
    """
)
PEOPLE_BEFORE = lazy_regex(
    r"\b(?:mr|mrs|miss|ms|uncle|called|named|name is|saved as)\s$", re.IGNORECASE
)
LOWER_TRADES = words(
    """
    garage hotel pub park station stn takeaway cafe school college academy taxis tyres cars
    barbers gym club rec precinct estate flats church mosque centre bridge chippy pizza kebabs
    kebab lodge inn hostel farm snooker shisha infirmary hospital primary high woods fields field
    supermarket stores newsagents bar lounge motors house
    """
)
#: Adjectives that belong to the name of a street if they begin with a capital in the middle of a
#: sentence: "off Old Foundry Lane".
PART_OF_NAME = words("old new little long big high upper lower top middle end back side")
#: Nouns for a person's own place or car: "Januszs house", "Bossmans car".
OWNED = words("house flat flats yard unit cars car farm court")
STREET_NAMES = words(
    """
    mill station church park school canal bridge high new market queen king hill garden green park
    wood field victoria castle rose water spring long north south east west mount old chapel
    """
)

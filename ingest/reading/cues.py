"""Words near a name that show that it is a person's name: titles, verbs, words for company, and
words for naming.
"""

import re

from domain.forms.patterns import join_lines, lazy_regex, words

LEAST = 0.45
"""Mentions with a lower confidence than this are not suggested."""

FORMAL = words(
    """
    mr mrs miss ms dr prof sir rev pc dc ds di sgt pcso cllr imam pastor father dci insp
    """
)
DROPPED = words("uncle auntie aunty aunt unc nana nanny grandad granny nanna grandma")
TITLES = FORMAL | DROPPED
NICKNAMES = words(
    """
    macca jonno gazza dazza bazza smurf smiler sparky tommo robbo jonesy smithy wilko deano stevo
    davo thommo nobby chalky nidge degsy titch tinks tink bish fozzy fozza gibbo hodgy johno kenno
    lukey marra mooey mozzer moz paddy robbo sully tez tezza woody whitey ozzy oz baz gaz daz shaz
    caz kaz taz jaz maz naz saz laz haz faz raz waz yaz abs mo imy immy saj sid zed ste tel kev
    nige trev jezza chaz chas dibs dibz biggy biggie bigz lilz jay jaybo jayz kaybee ty spud
    beaver ferret bugsy psycho rambo rocky tyson tonka dodger slick smoky smokey blaze blazer
    snakey wolfie foxy foxxy fishy shrek yoda gizmo scooby shaggy chewy chewie bambam pez pedge
    parky sooty tigger winky wingnut mooch mushy killa kilo snoopy sniper doughnut donut dumbo
    bozza cazza chezza shazza lozza mazza gezza tazza shiv benno chrissy jimbo tomo wazza hazza
    denny degs dooley geordie taff taffy scouse brummie yorky
    """
)
"""Nicknames and short names that many people have."""

PLAIN_PEOPLE = words(
    """
    person people man men woman women lad lads girl girls boy boys male males female adult adults
    child children kid kids baby bloke blokes guy guys lady gentleman youth house car van
    """
)
"""Nouns that an adjective may describe without making a nickname: "young person", "fat lad"."""

FUNCTION = words(
    """
    a an the this that these those my your his her its our their i me you he him she it we us they
    them who whom whose which what when where why how and or but nor so if then than as at by for
    from in into of off on onto out over to up with without about after before until till since is
    am are was were be been being do does did done has have had having will would shall should can
    could may might must aint isnt wasnt arent werent dont doesnt didnt hasnt havent wont wouldnt
    cant couldnt not no yes yeah ok okay oh hi hello hiya please thanks thank sorry lol just also
    only even still again now there here says said told asked mr mrs miss ms dr im ive ill hes
    shes theyre youre weve thats whats theres mum mums mam dad dads nan nana nanna gran granny
    grandma grandad granddad mother father brother sister sis bro aunt auntie aunty uncle cousin
    stepdad stepmum son daughter nobody somebody someone anyone everybody everyone none one both
    all some any each every another other others monday tuesday wednesday thursday friday saturday
    sunday january february march april june july august september october november december
    """
) - frozenset({"will", "may", "june", "april", "august", "grandad"})  # fmt: skip

NEVER = words(
    """
    school police social worker facebook snapchat snap instagram insta tiktok whatsapp iphone
    samsung english british asian polish christmas easter halloween xmas god jesus allah
    travelodge premier inn ibis mcdonalds kfc tesco asda aldi lidl morrisons sainsburys greggs
    costa starbucks subway nandos primark ikea argos boots reg plate plates postcode vrm urgent nb
    alias nominal ps fyi update ref re
    """
)

_SUBJECTS = join_lines(
    r"""
    (?:lads?|man|men|girls?|bloke|someone|somebody|some1|guys?|boys?|one|mate|mates|friend
    |friends|driver|fella|woman|person|kid|he|she|hes|shes|is|was|a|thats|dealer|cousin|pal
    |geezer|male|female|adult|boyfriend|bf|gf|girlfriend|uncle|feller|chap|youth|teen|teenager
    |owner|manager|named|him|they|theyre|are|were|people|gets|got|being|be|,|other|older|also
    |cap|hat|hair|contact)
    """
)
_NAMING = lazy_regex(
    join_lines(
        rf"""
    (?:(?P<called>\b(?:{_SUBJECTS}[ ,]{{1,2}})?(?:called|calld|named|cald)|\bcall(?:s|ed
    |ing)? (?:him|her|it|himself|herself|hisself|them|each other|this (?:lad|man|bloke|guy|one))
    |\b(?:known|knows? him|knows? her|no) as|\baka|\bnick ?name(?:d|s)?(?: is| was| of|'s)?
    |\bgo(?:es)? by(?: the name)?(?: of)?|\bsaved (?:as|under|in (?:her|his) phone as|to)
    |\banswers to|\bstored as|\bcontact(?: name)?(?: is| as| called|:)?)
    |(?P<named>\b(?:(?:real |first |last |second |full |his |her |middle |proper )?name(?:'s
    |s)?(?: is| was| could be| might be| may be|s|:| of| as| like)?|\bsigned(?: off)?(?: as)?
    |surname(?: is| was)?)))(?: (?:is|just|something|sounds like|like|maybe|possibly
    |or))? (?:[\"'“‘(]\s?)?(?:[Tt]he |\"|a )?$
    """
    ),
    re.IGNORECASE,
)
#: Groups of letters, at least one of which is in every match of `_NAMING`: a text without them need
#: not be searched.
_MAY_NAME = lazy_regex("cal|nam|as|aka|nick|by|save|answer|store|contact|sign", re.IGNORECASE)
_CALLED_WELL = lazy_regex(
    join_lines(
        rf"""
        \b{_SUBJECTS}[ ,]{{1,2}}(?:called|calld|named|cald)\b|\bcall(?:s|ed|ing)? (?:him|himself
        |hisself|them)\b|known as|aka|nick ?name|go(?:es)? by|saved|answers|stored
        """
    ),
    re.IGNORECASE,
)
_NOT_CALLED = words(
    """
    round back out for over by me us him her them police school social out off in on at that this
    my our again twice once and but so to with from it up about nothing when then before after
    something a an the names slag liar grass his number number babe baby bae hun darling love
    princess names over later that shit every
    """
)


def naming(before: str, low: str, capital: bool, known_name: bool, common: bool) -> bool:
    """Return whether the words `before` a word show that this word is a person's name.

    `low` is the word itself in small letters; `known_name`, `common` and `capital` say whether it
    is a known name, is an everyday word, and begins with a capital.
    """
    if (
        len(low) < 2
        or low in _NOT_CALLED
        or low in FUNCTION - DROPPED
        or (low in FUNCTION and not (capital or low == "grandad"))
    ):
        return False
    match = _NAMING.search(before) if _MAY_NAME.search(before) else None
    if match is None:
        return False
    if capital or (known_name and not common):
        return True
    if match["called"] is not None and _CALLED_WELL.search(before) is not None:
        return True
    return not common and match["called"] is not None


_ACTION = join_lines(
    r"""
    said|says|sed|sez|say|told|tells|reckons|reckoned|thinks|thought|picked|picks|picking|drives
    |drove|driving|came|comes|coming|turned|turns|went|goes|going|got|gets|getting|gave|gives
    |has|had|is|was|wants|wanted|keeps|kept|lives|lived|works|worked|rang|text|texted|texts|txt
    |txtd|messaged|messages|msgd|msged|phoned|called|calls|saw|seen|knows|knew|bought|buys|took
    |takes|let|lets|met|meets|admitted|swears|swore|put|sent|sends|missing|isnt|isn't|wasnt
    |wasn't|hasnt|hasn't|didnt|didn't|doesnt|doesn't|wont|won't|who|left|asked|asks|asking
    |showed|heard|found|wearing|waiting|waited|waits|seems|looked|looks|started|stopped|refused
    |refuses|crying|upset|scared|hid|ran|walked|sat|stood|shouting|shouted|could|would|must
    |might|again|outside|there|not|been|never|always|just|still|also|back|home|mentioned|denies
    |denied|threatened|hit|grabbed|pushed|added|blocked|deleted|hangs|hanging|sells|selling
    |deals|offered|invited|collected|dropped|drops|follows|followed|introduced|used|uses|owns
    |pays|paid|runs|ran|brings|brought|shows|seemed|slept|stayed|stays|woke|spoke|talked|sneaked
    |snuck|stormed|kicked|punched|promised|agreed|explained|confirmed|claims|claimed|said
    |laughed|smiled|smelt|smelled|looks|likes|loves|hates|opened|answered|knocked|arrived
    |returned|appeared|gone|inside|in|at|with|w|again|off|on|out|up|wears|uses|tried|tries
    |trying|needs|needed|spent|lost|cut|slammed|pulled|broke|made|makes|does|did|can|cant|will
    |been|being|and|stayed|booked|spotted|says|talks|talking|messages|speaks|smokes|smoking
    |smelling|sitting|standing|walking|running|living|working|screaming|laughing|sending|buying
    |giving|taking|bringing|asking|telling|saying|acting|hiding|sleeping|staying|texting|ringing
    |phoning|messaging|turning|pulling|trying
    """
)
ACTS = lazy_regex(rf"\s(?:{_ACTION})(?![a-z])", re.IGNORECASE)
"""A pattern of verbs directly after a name."""
SPEAKS = lazy_regex(
    join_lines(
        r"""
    \s(?:said|says|sed|sez|told|tells|reckons|reckoned|thinks|picked|drives|drove|came|turned
    |went|gave|gives|wants|wanted|keeps|kept|lives|lived|works|rang|texted|messaged|msgd|phoned
    |saw|knows|knew|bought|took|takes|met|admitted|swears|marked|asked|showed|heard|found|ran
    |walked|sat|stood|shouted|mentioned|denies|denied|threatened|dropped|followed|introduced
    |owns|pays|has been|is (?:the|her|his|a|in|not|older|about)|was (?:the|there|in|with|driving
    |outside|waiting)|who|isnt|hasnt|didnt|doesnt|left|sent|got|had)(?![a-z])
    """
    ),
    re.IGNORECASE,
)
JOINED = lazy_regex(r"\s?(?:(?:and|n|&|\+|,|or) ?[A-Z][a-z]|[-–:=] [a-z]|\()")
BESIDE = lazy_regex(
    join_lines(
        r"""
    (?:\b(?=\w)(?:with|w|wiv|and|n|or|from|by|mate|mates|friend|friends|cousin|bf|boyfriend|gf
    |girlfriend|ex|brother|bro|sister|sis|lad|bloke|man|guy|fella|driver|dealer|uncle|saw|seen
    |met|told|asked|texted|text|rang|messaged|phoned|called|to|about|of|is|its|it's|not|says
    |said|reckons|heard|thinks|dropped|picked|collected|missing|like|at|off|when|then|that
    |because|cos|coz|but|thats|was|for|if|where|how|until|after|before|while|why|so|girl|boy
    |seeing|daughter|son|niece|nephew|step|put|gave|letting|let|saying|only|just|poor|our|her
    |also|maybe|possibly|poss)|[&+,:;(/\"“-])\s?$
    """
    ),
    re.IGNORECASE,
)
COMPANION = lazy_regex(
    join_lines(
        r"""
        (?:\b(?=\w)(?:with|w|wiv|w/|mate|mates|friend|bestie|bff|cousin|bf|boyfriend|gf|girlfriend
        |brother|bro|sister|sis|lad|uncle|ex|pal|texted|messaged|phoned|rang|dealer|seeing
        |off by|up by|given by|bought by|msg from|text from|txt from|call from|calls from
        |message from|told by|meeting|met|saw|thats|its|it's|daughter|son|niece|nephew|stepdad
        |driver|dating)|[&+])\s?$
        """
    ),
    re.IGNORECASE,
)
NO_PERSON = lazy_regex(
    join_lines(
        r"""
        \b(?:a|an|the|this|that|some|any|no|her|his|my|their|to|too|very|more|really|i|he|she
        |they|we|you|it|in|on|of|u|who|what|which|not|be|can|good|nice|bad)\s$
        """
    ),
    re.IGNORECASE,
)
"""If one of these words comes directly before a doubtful name, the name is a noun or a verb: "to
mark", "the rose", "she will".
"""
ARTICLE = lazy_regex(r"\b(?:the|this)\s$", re.IGNORECASE)
SURELY_VERB = lazy_regex(r"\s(?:be|have|i|you|we|u)\b", re.IGNORECASE)
BRANDED = lazy_regex(
    join_lines(
        r"""
        \s(?:ring|dog|bags?|coat|jacket|trainers?|hoodie|top|phone|watch|cap|hat|tracksuit|shoes
        |boots|bracelet|necklace|jeans|dress|handbag|rucksack|perfume|vape|cigs|vodka|bottle
        |account|app|profile|pup|puppy|cross|terrier|bear|shirt|t-shirt|tablet|laptop|box|bar
        |tin|drink|cup|man|men|lad|lads|woman|guy|guys|bloke|blokes|girl|girls|boy|boys|male
        |males|female|accent|restaurant|food|language|gang|community|family|looking|card)\b
        """
    ),
    re.IGNORECASE,
)
"""Words that follow a brand or a nationality, and not a person's name."""
NO_PERSON_AFTER = lazy_regex(
    r"\s(?:be|have|you|u|we|i|they|she|he|it|the|of)\b|[\s.:]{1,2}\+?\d", re.IGNORECASE
)
WORDLIKE = lazy_regex(
    join_lines(
        r"""
        (?:ed|ing|ly|tion|sion|ance|ence|ment|ity|ness|ful|less|able|ible|ive|ous|ism|ist|ship
        |tional|ward|wards|ating)$
        """
    )
)
"""A pattern of endings of English words that no name has."""
NOUN_AFTER = lazy_regex(r"\s(?:on|of)\b|[\s.:]{1,2}\d", re.IGNORECASE)
INITIAL = lazy_regex(
    join_lines(
        r"""
        (?:\bx{1,3}\s|\b(?:saved as|called|signed|named|from|with|w|aka|by|mate|friend
        |lad)\s[\"'“‘]?)(?P<initial>[B-HJ-Z])(?![\w'’.-]| (?:reg|plate|class|series|to))
        """
    ),
)
AND = lazy_regex(r"(?: ?,)? ?(?:\band\b|\bn\b|\bor\b|&|\+|,|/) ?", re.IGNORECASE)
"""A pattern of words between two people: "bones and jinx"."""
OWNED = lazy_regex(
    join_lines(
        r"""
        \s(?:mum|mam|mums|mom|dad|dads|nan|gran|sister|brother|cousin|mate|mates|friend|friends
        |house|flat|phone|car|coat|bag|room|bedroom|boyfriend|girlfriend|bf|gf|uncle|auntie|aunt
        |foster|place|number|van|pad|door|birthday|parents|family|step|little|older|bro|sis|new
        |ex|snap|insta|laptop|school|street|back|pocket|pockets|party|gaff|yard|name)\b
        """
    ),
    re.IGNORECASE,
)
"""Nouns that follow a name whose possessive lost its apostrophe: "shans mum"."""
CAPITAL_BEFORE = lazy_regex(r"\b[A-Z][\w'’]+ $")
CAPITALISED = words(
    """
    mum mam dad nan nana gran police school social worker snapchat snap instagram english maths
    science head year doctor teacher support care carer foster county council council's services
    service team child children protection family church court god lord miss sir internet english
    college academy hospital street road lane park house hotel station centre north south east
    west christmas xmas easter muslim catholic urgent important please thanks thank regards dear
    hi hello yes yeah ok okay note update red black white green blue facebook apple galaxy the tv
    pc dc dvd ps xbox internet wifi flat unit room block apartment number house road gp id pe ict
    rs art maths
    """
)
"""Everyday words that people write with a capital although they are no names."""

"""The words beside a name that say somebody is meant: titles, verbs, company, naming."""

import re

LEAST = 0.45
"""Below this a reading is not suggested."""

FORMAL = frozenset("mr mrs miss ms dr prof sir rev pc dc ds di sgt pcso cllr imam pastor father dci insp".split())
DROPPED = frozenset("uncle auntie aunty aunt unc nana nanny grandad granny nanna grandma".split())
TITLES = FORMAL | DROPPED
ADJECTIVES = frozenset(
    """
    big little lil tall fat old young mad crazy ginger skinny scouse irish polish black white dirty fast baby boss king
    long small slim lanky dodgy baldy posh silent welsh geordie chinese short wee mini bad daddy papa mama crazy chubby one-eyed
    bald cockney scottish asian turkish jamaican african kurdish albanian dj mc
    """.split()
)
NICKNAMES = frozenset(
    """
    macca jonno gazza dazza bazza smurf smiler sparky tommo robbo jonesy smithy wilko deano stevo davo thommo nobby chalky dusty nidge degsy
    titch tinks tink bish fozzy fozza gibbo hodgy johno kenno lukey marra mooey mozzer moz paddy robbo sully tez tezza
    woody whitey ozzy oz baz gaz daz shaz caz kaz taz jaz maz naz saz laz haz faz raz waz yaz abs mo imy immy saj sid zed ste tel kev nige trev
    jezza chaz chas dibs dibz biggy biggie bigz lilz jay jaybo jayz kaybee ty trigger tiny spud spike beaver badger ferret moose rabbit bugsy bones ghost
    psycho rambo rocky tyson tank tonka digger dodge dodger slick smoky smokey blaze blazer razor spider snake snakey wolfie wolf foxy foxxy fishy fish
    shrek yoda gizmo scooby shaggy chewy chewie bambam bam pez pedge parky sooty tigger winky wingnut
    mooch mush mushy killa kilo snoopy sniper teddy doughnut donut dumbo bozza cazza chezza shazza lozza mazza gezza tazza shiv benno chrissy
    jimbo tomo wazza hazza dunny denny degs dibble dooley frenchy geordie jock taff taffy scouse brummie yorky paki
    """.split()
) - frozenset({"paki", "fish", "dusty", "tiny", "tank", "ghost", "bones", "snake", "rabbit", "wolf", "spider", "trigger", "dodge", "jock", "moose", "badger", "dunny", "spike", "digger", "bam", "razor", "dibble", "teddy", "mush", "frenchy"})  # fmt: skip
"""Short names that stand for nobody in particular."""

FUNCTION = frozenset(
    """
    a an the this that these those my your his her its our their i me you he him she it we us they them who whom whose which what when where why how
    and or but nor so if then than as at by for from in into of off on onto out over to up with without about after before until till since
    is am are was were be been being do does did done has have had having will would shall should can could may might must aint isnt wasnt arent werent dont doesnt didnt hasnt havent wont wouldnt cant couldnt
    not no yes yeah ok okay oh hi hello hiya please thanks thank sorry lol just also only even still again now there here says said told asked
    mr mrs miss ms dr im ive ill hes shes theyre youre weve thats whats theres
    mum mums mam dad dads nan nana nanna gran granny grandma grandad granddad mother father brother sister sis bro aunt auntie aunty uncle cousin stepdad stepmum son daughter
    nobody somebody someone anyone everybody everyone none one both all some any each every another other others
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december
    """.split()
) - frozenset({"will", "may", "june", "april", "august", "grandad"})  # fmt: skip

NEVER = frozenset(
    """
    school police social worker facebook snapchat snap instagram insta tiktok whatsapp iphone samsung english british asian polish
    christmas easter halloween xmas god jesus allah
    reg plate plates postcode vrm urgent nb ps fyi update ref re
    """.split()
)

_SUBJECTS = (
    r"(?:lads?|man|men|girls?|bloke|someone|somebody|some1|guys?|boys?|one|mate|mates|friend|friends|driver|fella|woman|person|kid|he|she|hes|shes|is|was|a|thats|dealer|cousin|pal|geezer|"
    r"male|female|adult|boyfriend|bf|gf|girlfriend|uncle|feller|chap|youth|teen|teenager|owner|manager|named|him|they|people|gets|got|being|be|,|other|older|also|cap|hat|hair|contact)"
)
_NAMING = re.compile(
    rf"(?:(?P<called>\b(?:{_SUBJECTS}[ ,]{{1,2}})?(?:called|calld|named|cald)|\bcall(?:s|ed|ing)? (?:him|her|himself|herself|hisself|them|each other|this (?:lad|man|bloke|guy|one))"
    r"|\b(?:known|knows? him|knows? her|no) as|\baka|\bnick ?name(?:d|s)?(?: is| was| of|'s)?|\bgo(?:es)? by(?: the name)?(?: of)?|\bsaved (?:as|under|in (?:her|his) phone as|to)|\banswers to|\bstored as|\blisted as|\bcontact(?: name)?(?: is| as| called|:)?)"
    r"|(?P<named>\b(?:(?:real |first |last |second |full |his |her |middle |proper )?name(?:'s|s)?(?: is| was| could be| might be| may be|s|:| of| as| like)?|\bsigned(?: off)?(?: as)?|surname(?: is| was)?)))"
    r"(?: (?:is|just|something|sounds like|like|maybe|possibly|or))? (?:[\"'“‘(]\s?)?(?:[Tt]he |\"|a )?$",
    re.IGNORECASE,
)
_CALLED_WELL = re.compile(rf"\b{_SUBJECTS}[ ,]{{1,2}}(?:called|calld|named|cald)\b|\bcall(?:s|ed|ing)? (?:him|himself|hisself|them)\b|known as|aka|nick ?name|go(?:es)? by|saved|answers|stored|listed", re.IGNORECASE)
_NOT_CALLED = frozenset("round back out for over by me us him her them police school social out off in on at that this my our again twice once and but so to with from it up about nothing when then before after something a an the names slag liar grass his number number".split())


def naming(before: str, low: str, capital: bool, known: bool, common: bool) -> bool:
    """Whether the words before say that this word is what somebody is called."""
    found = _NAMING.search(before)
    if found is None or low in _NOT_CALLED or (low in FUNCTION and not (capital or low == "grandad")) or len(low) < 2:
        return False
    if low in FUNCTION - DROPPED:
        return False
    if capital or (known and not common):
        return True
    if found["called"] is not None and _CALLED_WELL.search(before) is not None:
        return True
    return not common and found["called"] is not None


_ACTION = (
    r"said|says|sed|sez|say|told|tells|reckons|reckoned|thinks|thought|picked|picks|picking|drives|drove|driving|came|comes|coming|turned|turns|went|goes|going|got|gets|getting|gave|gives|has|had|is|was|wants|wanted"
    r"|keeps|kept|lives|lived|works|worked|rang|text|texted|texts|txt|txtd|messaged|messages|msgd|msged|phoned|called|calls|saw|seen|knows|knew|bought|buys|took|takes|let|lets|met|meets|admitted|swears|swore|put|sent|sends|missing|isnt|isn't"
    r"|wasnt|wasn't|hasnt|hasn't|didnt|didn't|doesnt|doesn't|wont|won't|who|left|asked|asks|asking|showed|heard|found|wearing|waiting|waited|waits|seems|looked|looks|started|stopped|refused|refuses|crying|upset|scared|hid|ran|walked|sat|stood"
    r"|shouting|shouted|could|would|must|might|again|outside|there|not|been|never|always|just|still|also|back|home|mentioned|denies|denied|threatened|hit|grabbed|pushed|added|blocked|deleted|hangs|hanging|sells|selling|deals|offered|invited|collected"
    r"|dropped|drops|follows|followed|introduced|used|uses|owns|pays|paid|runs|ran|brings|brought|shows|seemed|slept|stayed|stays|woke|spoke|talked|sneaked|snuck|stormed|kicked|punched|promised|agreed|explained|confirmed|claims|claimed|said|laughed|smiled|smelt|smelled|looks|likes|loves|hates|opened|answered|knocked|arrived|returned|appeared|gone"
)
ACTS = re.compile(rf"\s(?:{_ACTION})(?![a-z])", re.IGNORECASE)
"""What somebody does, straight after the name."""
SPEAKS = re.compile(
    r"\s(?:said|says|sed|sez|told|tells|reckons|reckoned|thinks|picked|drives|drove|came|turned|went|gave|gives|wants|wanted|keeps|kept|lives|lived|works|rang|texted|messaged|msgd|phoned|saw|knows|knew|bought|took|takes|met|admitted|swears"
    r"|marked|asked|showed|heard|found|ran|walked|sat|stood|shouted|mentioned|denies|denied|threatened|dropped|followed|introduced|owns|pays|has been|is (?:the|her|his|a|in|not|older|about)|was (?:the|there|in|with|driving|outside|waiting)|who|isnt|hasnt|didnt|doesnt|left|sent|got|had)(?![a-z])",
    re.IGNORECASE,
)
JOINED = re.compile(r"\s?(?:and|n|&|\+|,|or) ?[A-Z][a-z]")
BESIDE = re.compile(
    r"(?:\b(?:with|w|wiv|and|n|or|from|by|mate|mates|friend|friends|cousin|bf|boyfriend|gf|girlfriend|ex|brother|bro|sister|sis|lad|bloke|man|guy|fella|driver|dealer|uncle|saw|seen|met|told|asked|texted|text|rang|messaged|phoned|called|to|about|of|is|its|it's|not|says|said|reckons|heard|thinks"
    r"|dropped|picked|collected|missing|like|at|off|when|then|that|because|cos|coz|but|thats|was|for|if|where|how|until|after|before|while|why|so|girl|boy|seeing|daughter|son|niece|nephew|step|put|gave|letting|let|saying|only|just|poor|our|her|also|maybe|possibly|poss)|[&+,:;(/\"“-])\s?$",
    re.IGNORECASE,
)
COMPANION = re.compile(
    r"(?:\b(?:with|w|wiv|w/|mate|mates|friend|bestie|bff|cousin|bf|boyfriend|gf|girlfriend|brother|bro|sister|sis|lad|uncle|ex|pal|texted|messaged|phoned|rang|dealer|seeing|msg from|text from|txt from|call from|calls from|message from|told by|meeting|met|saw|thats|its|it's|daughter|son|niece|nephew|our|stepdad|driver|dating)|[&+])\s?$",
    re.IGNORECASE,
)
NO_PERSON = re.compile(r"\b(?:a|an|the|this|that|some|any|no|her|his|my|their|to|too|very|more|really|i|he|she|they|we|you|it|in|on|of|u|who|what|which|not|be|can)\s$", re.IGNORECASE)
"""Words after which a doubtful name is a noun or a verb: "to mark", "the rose", "she will"."""
NO_PERSON_AFTER = re.compile(r"\s(?:be|have|you|u|we|i|they|she|he|it|the|of)\b", re.IGNORECASE)
NOUN_AFTER = re.compile(r"\s(?:on|of)\b", re.IGNORECASE)
INITIAL = re.compile(
    r"(?:\bx{1,3}\s|\b(?:saved as|called|signed|named|from|with|w|aka|by)\s[\"'“‘]?)(?P<initial>[B-HJ-Z])(?![\w'’.-]| (?:reg|plate|class|series|to))",
)

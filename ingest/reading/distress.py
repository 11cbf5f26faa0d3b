"""Patterns of self-harm, of a suspect at the door, and of orders to be silent, in a text.

They match squeezed text, as in `danger.py`; the file is long because there are many words.
"""

from domain.forms.patterns import WORD_START, join_lines
from ingest.reading.danger import NOW, any_of

_DRUG = join_lines(
    r"""
    (?:tab(?:let)?s?|pil+s?|paracetam\w*|paracet\w*|ibuprofen|neurofen|nurofen|meds?|medication
    |sleepers|sleeping \w+|anti ?depres\w*|insulin|bleach
    |anti ?freeze|weed ?kil+er|white spirit|batter(?:y|ies)|codeine|co ?codamol|diazepam|tramadol
    |aspirin|capsules|packets?|poison|overdose|an od)
    """
)
SELF_HARM = WORD_START + any_of(
    r"""
    \bs[uo][ia]?c+[ia]+d\w*|\bsuiside\w*|\bself ?(?:-| )?(?:harm|injur|hurt|mutilat)\w*|\bkms\b
    |\bunaliv\w+|\bsectioned\b|\bcrisis team\b
    """,
    r"""
    \b(?:kil|top|harm|hurt|cut|hang|hung|drown|burn|do|stab|starv|hit|scratch|poison|slash|choke
    |chok|strangl|jump|throw|threw|neck)\w{0,5} (?:in )?(?:her|him|my|their?|them
    |your)(?: )?sel(?:f|ves|fs)\b
    """,
    r"""
    \bend(?:ing|s|ed)? (?:it(?: all)?|(?:her|his|my|their) (?:own )?life|things|everything|it now
    |it tonight)\b|\b(?:take|taking|took|taken|takes) (?:her|his|my|their) (?:own )?life\b
    """,
    r"""
    \b(?:want|wants|wanted|wanting|wana|wanna|wishes|wish|wished|going|gona|ready|tried|trying
    |like|hopes?|better|rather|prefer|about) (?:to |she |he |i |they |if she[ ]
    |that she )*(?:was |were |be |being |go )*(?:die
    |dead|dying|dieing|not (?:be here|exist|wake up|alive)|disappear|jump|never wake|kil
    |gone for good|hang|sleep (?:and|forever)|stop existing)\b
    """,
    r"""
    \b(?:doesnt|does not|dont|do not|didnt|not|no longer) (?:want|wana|wish
    |see the point)\w{0,3}(?: to)?(?: of)? (?:be here|live|liv\w+|wake up|be alive|carry on|go on
    |exist|be around|anymore|any more)|\bnever (?:wake|wakes|waking) up\b|\bsleep and not wake
    """,
    r"""
    \bbet+er of+ (?:dead|without (?:her|him|me|them))|\bno (?:point|reason
    |future)(?: \w+){0,3} (?:liv\w*|alive|going on|carrying on|anymore|being here|to live|left)
    |\bnothing (?:left )?(?:to live|to lose|to go on)|\bcan(?:t| ?not)(?: \w+)? (?:go on|carry on
    |take (?:it|this|any)\b.{0,8}(?:more|longer)|do (?:this|it|life) ?(?:any ?more|no more)|cope
    |live like this|bear)
    """,
    r"""
    \b(?:goodbye|good bye|suicide|farewell|bye) (?:note|text|letter|message|video|mum|forever)s?\b
    |\bsaying (?:goodbye|bye|her goodbyes)|\bsa(?:ys|id|ying) (?:goodbye|her goodbyes
    |sorry for everything)|\b(?:left|found|find|wrote|written
    |writing) (?:a |the |us a |me a )?(?:\w+ )?note\b
    |\b(?:giving|gave|given) (?:all )?(?:her|his) (?:things|stuff|belongings) away
    """,
    rf"""
    \b(?:tak\w{{1,3}}|took|tuk|neck\w{{0,3}}|swal+ow\w{{0,4}}|down(?:ed|ing)|had|has had|drank
    |drunk|drinking|eaten|ate|popp?ed|sniff\w*|done|necked|munched) (?:[\w&]+ ){{0,6}}{_DRUG}\b
    """,
    r"""
    \bod(?:s|d|ed|ing)?\b|\bo d\b|\bover ?dos\w*|\bempty (?:pill|tablet|paracet\w*|blister|packet
    |box|pack)s?\b
    """,
    r"""
    \b(?:slit|slash|cut|slic)\w{0,4} (?:(?:up|into|open) )?(?:her|his|my|their
    |both)? ?(?:own )?(?:wrists?|arms?|throat|thighs?|legs|skin)\b|\bcut(?:ing|in)\b(?: (?:again
    |right now|now|badly|deep|deeper|up|tonight|more|every)| ?$|[.!?])|\bcuts? (?:all )?(?:over|up
    |on|down) (?:her|his)|\brazors?(?: blades?)?\b|\bfresh cuts\b|\bblood on (?:her
    |his) (?:sleeves?|bed|sheets)|\b(?:im|shes|hes|been|started|keeps) (?:\w+ )?cuting\b
    """,
    r"""
    \bhanging from\b|\bligature\w*|\b(?:cord|rope|belt|scarf|tights|lace|laces|cable
    |wire|tie|sheet|something) (?:tied )?(?:round|around|on) (?:her|his|my) (?:own )?neck
    """,
    r"""
    \bjump(?:ing|s|ed|in)? (?:of|from|in front|out of|on the track)|\b(?:will|gona|going to|to|id
    |wil) jump\b(?! at| for| on| in)|\b(?:on|of|at|over|by|up) (?:the
    |a) (?:edge of the |top of the )?(?:roof\w*
    |ledge|bridge|motorway|railway|train tracks?|tracks?|rails|cliff|car ?park roof|edge
    |wrong side|platform edge|edge of|top floor ledge)\b
    """,
    r"""
    \b(?:do|doing|done|did|does) something (?:stupid|silly|daft|bad)\b|\b(?:not|isnt|arent|aint
    |im not|never) (?:\w+ )?(?:safe|to be left)\b|\bactive (?:plan|intent)\b|\bplan(?:s|ning
    |ned)? to (?:die|kil|end)|\bcant be left (?:alone|on her own)|\bcant keep (?:her|him|myself
    |them|my \w+) safe|\b(?:googl|search|look)\w{0,3} (?:up )?(?:how|ways) to (?:die|kil|hang|end
    |overdose)\w*|\b(?:rope|noose|tablets|pils|blades?) (?:\w+ )?(?:found )?(?:hidden )?(?:in
    |under) (?:her|his|my \w+) (?:room|bed|pillow|bag|drawer|matres)\b|\b(?:not|wont
    |not going to) be(?:ing)? (?:here|around|alive)\b|\bhates? (?:herself|himself|myself|her life
    |my life|being alive)\b|\b(?:walk|step|run|throw
    |jump)\w{0,3} (?:out )?(?:herself |himself )?(?:in front of
    |into (?:the )?(?:trafic|road|river|canal|sea|water))|\bsamaritans\b|\bchildline\b
    |\bhas (?:got )?a plan\b|\b(?:no|any|other|only|see a) way out\b|\bhearing voices\b
    |\bin crisis\b
    |\bburning herself\b|\bdrown\w* her\b
    """,
)

_OUT = join_lines(
    r"""
    (?:the |my |our |her |his |mums |nans |their |your |ur )?(?:front |back |side |living[ ]
    |bed)?(?: )?(?:doors?
    |gates?|windows?|house|flat|home|garden|yard|room|bedroom|hall|kitchen|drive|driveway|street
    |road|close|alley|porch|doorstep|step|path|landing|stairs|place|fence|wall|shed|loft|corner
    |school gates?|bottom|end|school|college|caravan|letter ?box|intercom|block|entrance|lobby
    |work)
    """
)
_BE = join_lines(
    r"""
    (?: (?:is|are|was|were|has|have|had|been|be|got|getting|gets|keeps?|just|all|still|now|come
    |came|back|stil|again|turned|both|there|out|already|always|defo|definitely))*
    """
)
_AT = join_lines(
    rf"""
    (?: (?:right|sat|stood|sitting|standing|standin|sittin|waiting|waitin|parked|parkd|hanging
    |round|knocking|lurking|hiding|up|down|over|shouting|banging|looking|staring|pacing|screaming
    |walking|about|near))*
    (?: here\b| outside\b| opposite\b| upstairs\b| downstairs\b| nearby\b| inside\b| (?:at|in|on
    |by|near|outside|round|across|over|behind|through|thru|to|towards) {_OUT}\b
    | at (?:ours|mine|hers|my mums|my nans|the bottom|the end)\b| round (?:ours|mine|here
    |the (?:back|corner|front))\b| in (?:here|with (?:her|me|us))\b| (?:across|over) the (?:road
    |street|way))
    """
)
_WHO = join_lines(
    r"""
    \b(?:he|hes|they|theyre|theyve|hez|thats him|its him|him|(?:\w+ )?(?:man|mans|men|lads?
    |blokes?|guys?|fel+as?|geezers?|males?|boyfriends?|bfs?|exs?|gangs?|groups?|cars?|vans?|taxis?
    |mates?|strangers?|dads?|stepdads?|uncles?|husbands?|partners?|dealers?|someones?|somebodys?
    |bmws?|audis?|corsas?|golfs?|mercs?|merc|motors?|bikes?|mopeds?|them|two of them|people
    |brothers|cousins?|youths?|heavies|\d of them)
    (?: (?:from|off|of|that|who|with|in)(?: \w+){1,5}?)?)
    """
)
HERE = WORD_START + any_of(
    rf"{_WHO}{_BE}{_AT}",
    rf"""
    {_WHO}{_BE} (?:back|returned|coming|comin|here|turned up|outside|found us|found her
    |found out where)\b(?! (?:from|to (?:school|work|court)|for (?:court|christmas)|in (?:to
    |the) (?:view|system)|at (?:work|school)))
    """,
    r"""
    \b(?:turned up|showed up|shown up|turning up|come round|came round|been round|let himself in
    |broke(?:n)? in|breaking in|climb\w+ (?:in|over|through|up)|forced (?:his|their) way
    |coming (?:through|thru|in|for|after|to get|round|over)|on (?:his|their) way (?:here|round
    |over|to|now)|heading (?:here|over|round|to ours)|come (?:to|at) (?:the|my|our) (?:house|door
    |flat))\b
    """,
    r"""
    \b(?:refus\w+|wont|will not|wouldnt|not) (?:to )?(?:leave|leaving|go away|going away|get out
    |move from|leave us)\b(?! (?:to (?:school|college|bed|the)|school|her (?:room|bed)))|\b(?:wont
    |refus\w+ to) go\b(?= ?$|[.!?]| away| home| until)
    """,
    r"""
    \b(?:bang|bat+er|ham+er|pound|thump|kick|boot|smash|knock|rat+l|beat|hit|lean|lay|tr[yi]|fiddl
    |push|forc|pick|buz|barg|batr)\w{0,4} (?:[\w&]+ ){0,2}(?:on |at |in |down |through[ ]
    |against |of )?(?:[\w&]+ ){0,2}(?:door
    |dor|doors|windows?|windos?|gates?|letter ?box|shutters?|walls|glass|locks?|door ?bell|buzzer
    |handle)\b
    """,
    r"""
    \b(?:door|window|gate|letter ?box)s? (?:[\w&]+ ){0,3}(?:banging|banged|ham+er\w*|kick\w*
    |put (?:in|through|out)|smash\w*|forced|being (?!replac|fix|repair|fit|paint|clean|measur|mend
    |chang|don|delivered)\w+|going in|went in|bricked|of its hinges|handle)\b
    |\bat the (?:front |back )?(?:door|window|gate) (?:and|for|with|asking|shouting|now|again
    |wanting)\b|\b(?:door|window)s? (?:has|have) been\b
    """,
    r"""
    \b(?:scream|shout|yel|bep|rev|swear)\w{0,4} (?:\w+ ){0,4}?(?:through|at|outside|up at
    |threats|abuse|for her|her name|for him|street|horn|window|at us|at me)\b
    """,
    r"""
    \b(?:trying|tryin|tried|try|trys|tries|attempting|going) to (?:get|break|force|kick|climb
    |smash|take|grab|drag|find|burn)\b|\bget(?:ting)? in (?:round|through|by|at) the\b
    |\b(?:some(?:one|body)s?|he|hes|man|they|theyre|men|lads?)(?: is| are
    | has)? (?:got )?in (?:the|my|our|her) (?:house|garden|yard|shed|kitchen|bedroom|room|flat)\b
    |\bintruder\w*\b|\bprowl\w*
    """,
    r"""
    \b(?:follow|stalk|chas|watch|circl|lurk|track)\w{0,4} (?:\w+ ){0,2}?(?:her|him|us|me|them|home
    |house|outside|my (?:daughter|son|girl|lad|house|kids)|the (?:house|kids)|our|school)\b
    """,
    r"""
    \b(?:driv\w+|go\w*|walk\w*|come|coming|cruis\w+|went|drove|crawl\w*) (?:past|by|up and down
    |round and round|slowly)\b(?=[^.]{0,60}\b(?:now|tonight|again|bep\w*|shout\w*|slow\w*|house
    |window|keep\w*|ours))
    """,
    r"""
    \b(?:brick|stone|rock|bottle|egg|firework|something|petrol|bomb
    |dog ?mess)s? (?:\w+ ){0,5}(?:through|at|in) (?:\w+ ){0,3}(?:windows?|door|letter ?box|house
    |car)|\bput (?:\w+ ){0,3}windows? (?:\w+ )?(?:out|in|through)|\bwindows?(?: \w+){0,3} (?:out
    |through|smashed|gone in|caved in|bricked|broken by)\b|\bput (?:all )?(?:the|my|our) windows
    """,
    rf"""
    \b(?:after|looking for|hunting|hunting for|searching for|come for|here for|asking for|wanting
    |demanding|came for|lookin for) (?:to see )?(?:her|him|us|me|my (?:son|daughter|lad|girl)
    |our \w+)\b(?=[^.]{{0,50}}\b(?:with|outside|knife|bat|car|street|door|they|axe|gun|{NOW})\b)
    |\b(?:hes|theyre|they are|he is) (?:\w+ )?(?:after|looking for|coming for|come for) (?:her|him
    |us|me|my|our)\b
    """,
    r"""
    \bhid(?:ing|in|den|e)? (?:in|under|behind|from|upstairs|with|at|inside|out)\b|\b(?:come
    |came) (?:and )?(?:get|fetch|quick|now|help)\b|\bhelp (?:me|us|her|asap|now|quick|urgent\w*
    |needed|please)\b|\b(?:pls|plz|please|pleas|need|needs|send|get) (?:\w+ ){0,2}(?:help|quick
    |someone|hurry|police)\b|\bpolice (?:needed|asap|now|please|pls|urgent\w*|quick)\b|\b(?:call
    |ring|rang|phone|phoned|called|dial\w*) (?:the )?(?:police now|999)\b
    |\bemergency\b|\burgent(?:ly)?\b|\basap\b(?=.{0,20}(?:police|danger|scared))
    """,
    r"""
    \b(?:scared|scard|terif\w*|frightened|fritened|petrified|afraid|frit
    |shaking) (?:\w+ ){0,2}(?:to (?:go|be|leave|death|move|open|sleep|stay)|for (?:her|his|my|our
    |their)|of what|of him|he|they|hes|theyre|of them|and|in case)\b|\b(?:in|real|immediate
    |serious|grave) danger\b|\bterif?ied\b|\bpetrified\b|\bfears? for (?:her|his|my|their)\b
    |\bwhisper\w*\b(?=.{0,40}(?:phone|help|get|come|cut))
    """,
    # This pattern is tried last, because its group `name` matches any word. If that word is not a
    # name, the match is dropped, and the search goes on behind its first letter: so this pattern,
    # if it were earlier in the list, would hide matches of the others.
    rf"\b(?P<name>[a-z]{{2,20}})(?: is| are| has| was| just| s)+{_BE}{_AT}",
    r"""
    \b(?P<name3>[a-z]{2,20}) (?:at (?:the |my |our )?(?:front |back )?(?:door|gate|window)|outside
    |here|in the garden)(?=\W*$|[.!?]| (?:now|again|with|and|asking|shouting|wanting|wont|kicking))
    """,
    r"""
    \b(?P<name2>[a-z]{2,20})(?: is| are| has| s)* (?:back|coming|comin|turned up) (?:outside
    |here|again|now|round|over|for|to (?:get|take|find|the house|ours|mine|my))\b
    """,
)
#: The number of the emergency call. It has a pattern of its own, because `HERE` finds only matches
#: that begin at the edge of a word.
CALLED_999 = r"999(?<!\d999)(?<!\d 999)(?! ?\d)"

_POLICE = join_lines(
    r"""
    (?:police|polis|polic|pol+ice|cop+s?|cop+ers?|feds?|fedz|biz+ies|busies|dib+le|old bil|five ?o
    |5 ?0|pigs|bob+ies|law|gards|rozzers|filth|babylon
    |you lot|u lot|you guys|you people|social(?: services| workers?| care)?|ss|authorities|school
    |teachers?|any ?one|any ?body|no ?body|no ?1|no one|any ?1|any1
    |any ?fing|any ?thing|nothing|nuf+in|nowt|owt|a soul|us|you|u|me|mum|mam|mom|dad|parents
    |family|worker|psw|adults?|grown ups?|officers?|detectives?|people|foster carers?|carers?
    |court|statement|it|what happened|them)
    """
)
_TELL = join_lines(
    r"""
    (?:tel|tels|teling|telin|told|sa(?:y|ys|ying|yin|id)|speak\w{0,3}|spoke|talk\w{0,3}|go|going
    |went|goes|ring\w{0,3}|rang|phon\w{1,3}|cal|cals|caling|caled|report\w{0,3}|contact\w{0,3}
    |involv\w{0,3}|gras\w{0,3}|snitch\w{0,3}|inform\w{0,3}|get|getting|bring\w{0,3}|mention\w{0,3}
    |breath\w{0,3}|open (?:her|his|my) mouth|text\w{0,3}|let|squeal\w*|dob|press charges|make a
    |give a|gives? evidence|come forward|involve)
    """
)
_NOT = join_lines(
    r"""
    (?:not|dont|never|do not|cant|cannot|can not|mustnt|must not|shouldnt|wont|wouldnt dare
    |beter not|bet+a not|no|refuses|forbidden)
    """
)
_DOOM = join_lines(
    r"""
    (?:or|else|kil\w*|hurt\w*|dead|die|harm\w*|burn\w*|get it|next|cop it|regret|sorry|shot
    |stab\w*|bat+er\w*|beat\w*|pay|smash\w*|lose|post|leak|share|send|find out|come after|come for
    |do (?:her|him|us|me|you)|take|rape|grave|what hapens|trouble|finish\w*)
    """
)
_TOLD = join_lines(
    r"""
    (?:said|sed|says|say|saying|told|tells|telling|warn\w{0,3}|made|makes?|making|order\w{0,3}
    |ask(?:ed|s|ing)?|beg\w{0,4}|plead\w{0,3}|swear|swore|sworn|promis\w{0,3}|threat\w*|text(?:ed
    |s)?|messag\w{1,3}|forbid\w*|forbad\w*|want\w{0,3}|scared|instruct\w*|persuad\w*|reckons
    |thinks|knows)
    """
)
#: Each of these patterns begins at the edge of a word or of the text, so a search tries no other
#: positions.
SECRECY = rf"(?:{WORD_START}|^)" + any_of(
    rf"""
    \b{_TOLD} (?:[\w&]+ ){{0,6}}?{_NOT} (?:to |even |go |go and |allowed to |ever |be |dare |i[ ]
    |we )*{_TELL} (?:[\w&]+ ){{0,4}}?{_POLICE}\b
    """,
    rf"""
    ^\W*(?:\w+ ){{0,3}}?(?:not to|dont|do not|never
    |no) (?:ever |go and )?{_TELL} (?:[\w&]+ ){{0,3}}?{_POLICE}\b[^.]{{0,60}}(?:\b{_DOOM}\b
    |\b(?:he|they|said|sed)\b)
    """,
    rf"""
    \bnot to (?:ever |go and )?{_TELL} (?:[\w&]+ ){{0,3}}?(?:police|cop+s?|feds?|you lot|any ?one
    |any ?body|no ?one|mum|dad|school|social\w*|a soul|nothing|owt|anything)\b
    """,
    rf"""
    \b(?:if|incase|in case|unless|cos if
    |because if) (?:\w+ ){{0,4}}?{_TELL}\b[^.!?]{{0,70}}\b{_DOOM}\b
    |\b{_DOOM}\b[^.!?]{{0,50}}\bif (?:\w+ ){{0,3}}?{_TELL}\b
    """,
    rf"""
    \b(?:if|incase|in case|unless) (?:\w+ ){{0,3}}?(?:tel|tels|told|talks?|talked|speaks?|spoke
    |grased|grases|gras|snitch\w*|blabs?) (?:\w+ ){{0,2}}?{_POLICE}\b|\b(?:if|unless
    |in case) (?:\w+ ){{0,3}}(?:gras(?:ed|es)?|snitch\w*|blab\w*|talks|talked|tels|told)\b|\b(?:if
    |when) (?:he|they) finds? out\b
    """,
    r"""
    \b(?:not|isnt|arent|wasnt|aint|never|no longer) (?:to be )?(?:allowed|alowd|permitted|suposed
    |meant) (?:to )?(?:talk|speak|tel|say|see|ring|phone|go out|leave|contact|have)\b
    |\b(?:to+ |so )?(?:scared
    |scard|terified|frightened|afraid|petrified|frit)(?: \w+){0,2} (?:to|of) (?:tel|talk|speak|say
    |ring|report|go to|gras|press|make|give)\w*|\b(?:wont|will not|refus\w+ to|dare not|darent
    |doesnt dare|daren?t|wouldnt) (?:talk|speak|tel|say|ring|report|go|press|make
    |give)(?: \w+){0,2} (?:to |the )*(?:police|cops|feds|oficers?|charges|statement)\b
    """,
    r"""
    \b(?:keep|kept|keeping|shut|shuts|kep) (?:(?:her|his|my|your|ur|our|their|it|the|this
    |that) )?(?:mouths?|gob|trap|lips|quiet|schtum|shtum|a secret|secret|secrets|hush|between us
    |to (?:her|my|your)sel\w*)\b|\bstays? between (?:us|them|me)\b|\bour (?:little )?secret\b
    |\bkeep (?:this|it) (?:\w+ )?secret\b
    """,
    rf"""
    \bor (?:else|shel+|hel+|theyl+|il+|il|you will|shes|hes|her|his|my|their|the
    |youl+) ?(?:\w+ ){{0,5}}{_DOOM}\b|\bor else\b|\b(?:would|wil|hel) find out\b
    |\bfinds? out (?:\w+ ){{0,5}}(?:kil|hurt|bater|beat|told|tel|dead|go mad|wil)\w*
    """,
    r"""
    \bsa(?:y|ys|ying|id) (?:nothing|nuf+in|nowt|anything) to\b|\bsnitch\w*|\bgras(?:ed|es
    |ing) (?:on|him|her|them|me|up|us)?\b|\bgrasses? get\b|\bthe (?:police|cops|feds) (?:cant
    |mustnt|must not|are not to|cannot) (?:know|find)\b|\bno (?:police|cops|feds|pigs|law)\b
    |\bbecause of what (?:he|they|hel|theyl)\b|\bdont let (?:\w+ ){0,2}(?:know|find out)\b
    |\b(?:deny|drop|withdraw|retract|take) (?:it|it al|al of it|everything|the charges
    |her statement|everything)(?: back)?\b(?=.{0,40}\b(?:or|told|made|forc\w*|he|they|because)\b)
    """,
)

"""Patterns of violence, injury, weapons and threats in a text, which distinguish who harms whom.

Patterns match squeezed text (`spelling.py`): in small letters, without apostrophes, with double
letters written once, so that "hitting" and "hiting" are the same. The patterns are squeezed when
they are compiled. To miss a danger is worse than to propose one needlessly, because a person can
reject a proposal. The file is long because there are many words.
"""

from domain.forms.patterns import WORD_START, join_lines


def any_of(*ways: str) -> str:
    """Return one pattern that matches any of several patterns."""
    return f"(?:{'|'.join(join_lines(way) for way in ways)})"


def stems(table: str) -> str:
    """Return a pattern for all forms of the verbs whose stems are in `table`: "hit" matches hits
    and hitting."""
    return rf"\b(?:{'|'.join(table.split())})(?:s|es|e|d|ed|t|n|en|in|ing|ings)?\b"


NOW = join_lines(
    r"""
    (?:right now|now|rn|tonight|this (?:morning|afternoon|evening|minute|second)|still|just|again
    |at the moment|as we speak|today)
    """
)
#: If one of these words or signs follows "her", as in "hit her again", "her" is the object of the
#: verb; in "took her phone", it is not.
_AFTER = join_lines(
    r"""
    (?=\W*$|[.!?]| (?:and|with|in|on|at|so|again|up|down|about|out|by|when|because|tonight|now|rn
    |to|for|until|till|across|over|last|this|off|while|cos|coz|if|or|but|he|hes|she|shes|they|as
    |yesterday|today|before|after|all|badly|bad|hard|really|round|around|against|into|through|from
    |repeatedly|both|then|outside|inside|just|twice|once|like|right|here|there|i|we|my|the|a|an
    |every
    |hair|head|face|arms?|legs?|neck|throat|hand|wrists?|back|body|stomach|ribs|please|pls|plz|help
    |omg
    |\d+)\b)
    """
)
KIN = join_lines(
    rf"""
    (?:(?:her|him|me|us|them|you|u|someone|somebody|everyone|both of them|herself){_AFTER}
    |(?:the |my |our |your |ur |his |her |their |that |this |a |an |another |two |three )?(?:little
    |younger |older |eldest |oldest |youngest |big |poor |wee |foster |step |young |best |own |baby
    |other |small |grand |pregnant ){{0,3}}(?:mums?|mams?|moms?|mother|dads?|father|parents?|sons?
    |daughters?|lads?|boys?|girls?|kids?|child|children|baby|bairn|sisters?|brothers?|nans?|nana
    |gran|grandma|grandad|wife|husband|partner|friends?|mates?|cousins?|aunt|auntie|aunty|uncle
    |neighbour|yp|young person|teenager|niece|nephew|lass|lasie|carer|worker|teacher|ones?
    |girlfriend|gf
    |missus
    |step ?dad|step ?mum|grandmother|victim|female|woman)\b)
    """
)
BODY = join_lines(
    r"""
    (?:arms?|legs?|neck|throat|face|head|back|body|wrists?|hands?|thighs?|chest|stomach|belly
    |tummy
    |ribs?|eyes?|ears?|lips?|nose|mouth|jaw|bum|shoulders?|knees?|cheeks?|chin|forehead|foot|feet
    |fingers?|ankles?|hair|privates|knuckles|groin|side)
    """
)
_WAY = join_lines(
    r"""
    (?: (?:up|about|around|round|out|on|at|in|into|onto|off|over|down|hold|of|the|living|shit|crap
    |hell|seven|bells|straight|clean|hard|for|a))*
    """
)

#: Verbs that mean violence in any sentence.
_SURE = stems(
    """
    strangl throttl headbut rap raep molest grop asault sexualy mug kidnap abduct trafick batered
    leather throtl stabb stab knif glased choking choked
    """
)
#: Verbs that mean violence if they are done to a person, and that have harmless senses, too.
_TO = stems(
    """
    hit slap punch thump kick beat beat bete batr smack whack bash bater clober twat deck chok
    grab push shov shoved drag throw threw thrown fling flung bite bit bitt burn cut
    slash hurt attack atak
    harm pin held
    hold spat spit spitt stamp stomp knock drown whip tortur shot shoot smash jump scald touch
    forc tie ty
    tied rob lamp poison belt clip clout wallop pumel pound shak shook knee elbow pull yank crush
    abus corner restrain hound terroris jab lash gag smother suffocat asphyxiat bully bullie hunt
    nut knif drug spik inject crack pelt lift backhand surround trap box bottl ambush seiz wrestl
    straddl mount overpower plung maul bundl
    """
)
_PHRASAL = join_lines(
    r"""
    \b(?:set about|sets about|setting about|laid into|lay(?:s|ing|in)? into|laid hands on|ran at
    |runs? at|running at
    |ran over|run over|running over|(?:got|has|had|have|got|getting|grabbed|took
    |keeps) (?:a )?hold of|(?:gone|went|go|goes|going|come|came|coming) for
    |squar(?:ed|ing) up to|swung (?:for|at)|swing(?:s|ing)? (?:for|at)|lung(?:ed|es|ing
    |ing) (?:for|at)|turned on|start(?:ed|ing|s)? on|had a go at|having a go at
    )
    """
)
_HURT = join_lines(
    r"""
    (?:been|being|be|bein|got|get|gets|getting|gettin|was|were|is|are|shes|hes|im|theyre
    |im) (?:\w+ly |just |all |so )?
    """
)
VIOLENCE = WORD_START + any_of(
    _SURE,
    rf"{_TO}{_WAY} {KIN}",
    rf"(?:{_PHRASAL}) {KIN}",
    rf"""
    \b(?:run|ran|knock|knocked|mow|mowed|plow\w*) {KIN} (?:over|down)\b|\bdogs? (?:set )?(?:on
    |at) {KIN}|\bboxed (?:her|him|them|us|me) in\b
    """,
    rf"""
    \b(?:pour|tip|chuck|throw|threw|spray|squirt|splash)\w{{0,3}} (?:\w+ ){{1,4}}?(?:on|over|in
    |at) {KIN}|\b(?:iron|lighter|cigar\w+|fag|hob|spoon|straighteners) (?:out )?on (?:her|his|my
    |their) {BODY}
    """,
    r"""
    \b(?:naked|undressed|indecent\w*|masturbat\w*|expos(?:ed|ing) himself|sexual\w*|semen
    |private parts|inside her|no (?:clothes|knickers)|prostitut\w*|gang ?rape\w*|(?:top|knickers
    |clothes|tights|skirt|dress|jeans|bra|shirt|coat|jumper)(?: \w+){0,2} (?:ripped|torn))\b
    |\b(?:ripped|torn) (?:top|knickers|clothes|tights|skirt|dress|jeans|bra|shirt)\b|\b(?:take
    |takes|taking|took|pulled|ripped) (?:her|his|my) (?:\w+ )?(?:clothes|top|knickers|trousers
    |underwear) of\b
    """,
    r"""
    \b(?:come|comes|came|coming|sneak\w*|gets?) (?:in|into) (?:my|her|his) (?:bed|room|bedroom)\b
    |\b(?:shots?|gunshots?)(?: \w+)? (?:fired|at|heard|through|out)\b|\bshot at\b|\bdriv(?:e|es
    |ing) (?:the car |it )?(?:into (?:a|the)|at (?:me|her|him|us|them))\b
    """,
    rf"""
    \b{_HURT}{_TO}(?! (?:of|of the|out|for talking|to|by the (?:book|bug|show)|in|up about|on)\b)
    """,
    rf"""
    \b{_HURT}(?:beat up|cut up|held|thrown (?:about|around|down|out of)|pinned|set on
    |passed (?:round|around|about)|interfered with|jumped|done over|filled in|kicked in|roughed up
    |knocked about|run over|attacked)\b
    """,
    r"""
    \b(?:gav?e|give|given|giving|got|get|getting|took|taken|takes|had
    |having) (?:\w+ ){0,3}(?:a |another |the )?(?:\w+ )?(?:kicking
    |hiding|beating|slap|back ?hander|headbutt|leathering|punch|pasting|battering|smack|bat+erin
    |beatin|kickin|clout|dig|thrashing|hammering|black eye|thick ear|hiding|belting|slapping
    |belt)\b(?! (?:at|off the coach|in the (?:match|game)))
    """,
    rf"""
    \b(?:hit|punch|kick|slap|smack|pull|drag|grab|cut|stab|hold|held|pin|press|catch
    |caught)\w{{0,4}} (?:\w+ ){{0,4}}(?:(?:in|on|across|by|round|around|to|against
    |over) (?:the |her |his |my |their |both |one )?(?:{BODY}
    |wall|floor)\b)
    """,
    r"""
    \b(?:has|have|had|got|gt|hes|theyve|have got|has got) (?:(?:got )?(?:her|him|me|them|my \w+
    |(?!come|came|gone|been|fallen|broken|calmed|setled|slowed|let|died|quietened|blown|sat|lain
    |got)\w+)) (?:by (?:the |her |his )?(?:hair|throat|neck|arm|wrists?)|pinned|cornered|against
    |in a headlock|on the floor|down)\b
    """,
    r"""
    \b(?:put|pushed|threw|thrown|chucked|launched|smashed|slammed|rammed) (?:her|him|me|them
    |my \w+|(?!it\b|that|this|these|those|things?\b|stuf|some|everything|al\b|money|a\b
    |the\b)\w+) (?:\w+ )?(?:through|against|on|onto|into|off|down|out of|across|in) (?:the|a|her
    |his|to)\b
    """,
    r"""
    \b(?:wont|will not|wouldnt|refus\w+ to|cant get him to|not) (?:get|getting|let|climb) of
    (?:\ )(?:her|him|me|my \w+)\b|\b(?:clocked|chinned|lamped|decked|floored|braid|brayed|brayin\w*
    |leathered|twatted|levelled|nutted) (?:her|him|me|us|them|my \w+|our \w+)\b
    """,
    r"""
    \b(?:rais|lift|put)\w{0,3} (?:his|her|their|a) (?:fists?|hands?)\b|\bhands? (?:round|around|on
    |over) (?:her|his|my|their) (?:throat|neck|mouth)\b|\bfists? (?:flying|fight)\b|\blaid hands\b
    |\bphysical(?:ly)? (?:with|abus\w+|assault\w*|violen\w+|aggressive)\b
    """,
    r"""
    \bpunch(?:ing|in|es|ed) (?:\w+ )?(?:walls?|doors?|windows?|holes?)\b|\bsmash(?:ing|in|ed
    |es)? (?:up |in )?(?:everything|things|(?:the |our |my |her )?(?:house|place|flat|room
    |furniture|tv|car|phone|windscreen))\b|\btrash(?:ing|ed) (?:the|our|my)\b|\bthrow(?:ing
    |in) (?:things|stuff|plates|everything)\b|\bthrew (?:things|plates|a \w+) at\b
    """,
    r"""
    \b(?:violent|violence|kick(?:ing|in|ed) of|going (?:mental|mad|ballistic|off on one|for it
    |crazy|off it)|gone (?:mental|mad|ballistic|for)|lost it|losing it|flipped|raging|fight(?:ing
    |in)?|scrapping|brawl\w*|riot)\b(?=[^.!?]{0,60}\b(?:now|tonight|here|outside|still|again
    |downstairs|upstairs|street|house|blood|hurt|just|her|me|us|police|door)\b)
    """,
    r"""
    \b(?:made|makes?|making|forced|forcing|forces) (?:her|him|them|me|my \w+
    |\w+) (?:to )?(?:do (?:things|stuff|it|bad)|have sex|strip|perform|sleep with|touch|suck
    |go with|send|take (?:her|his) (?:clothes|top)|watch|give|kneel|drink|smoke|snort)\b
    |\bmade to (?:have|do|perform|sleep|go with|strip|touch|watch|take|drink)\b
    """,
    r"""
    \b(?:took|taking|take|taken|taking it|took it) (?:it )?(?:in )?turns\b|\b(?:pass|shar|sell
    |sold|rent|pimp)\w{0,3} (?:her|him|them|out) (?:round|around|about|to|on|between|out)\b
    |\bpimp\w*\b
    """,
    r"""
    \b(?:had|having|have|has) (?:sex|had sex) with (?:her|him|them|my|men|a man|\w+ men)\b
    |\bsleep with (?:his|their|other|older) (?:mates|friends|men)\b|\bsex(?:ual)?(?:ly)? (?:attack
    |assault|abus|exploit)\w*|\bforc(?:ed|es|ing) (?:(?:him|her|them)sel(?:f|ves)|it) (?:on|in)\b
    |\b(?:on top of|got on) (?:her|him|me)\b|\bwouldnt (?:stop|take no)\b|\b(?:said|saying|says
    |kept saying) no (?:and|but) he\b|\bunder the influence\b
    """,
    # This pattern is tried last, because its group `name` matches any word. If that word is not a
    # name, the match is dropped, and the search goes on behind its first letter: so this pattern,
    # if it were earlier in the list, would hide matches of the others.
    rf"{_TO}(?: (?:out at|into|on|at|down|up|over))? (?P<name>[a-z]{{3,20}})\b",
)

_BREAKS = join_lines(
    r"""
    (?:bro(?:ke|ken|k)|bust(?:ed)?|split|spliting|fractur\w*|dislocat\w*|cracked|smashed|swol+en
    |bleeding|swelled|chipped|missing|knocked out|hanging (?:of|out)|closed(?: up)?|shut|puffy
    |purple|snapped|ripped|in bits|ripped to bits|mangled|crushed|black|bruised|out|sore|torn
    |ripped)
    """
)
_BONE = join_lines(
    r"""
    (?:nose|jaw|ribs?|arms?|legs?|wrists?|fingers?|teeth|tooth|lips?|colar ?bone|skull
    |cheek ?bones?|cheek|hands?|head|ankle|bones?|eye ?socket|eyes?|face|knuckles|ear|foot
    |shoulder)
    """
)
INJURY = WORD_START + any_of(
    r"""
    \bclaret\b|\bhysterical\w*\b|\bcant stop (?:shaking|crying|bleding)\b|\bwont stop (?:shaking
    |crying|bleding|being sick)\b|\bheard (?:\w+ ){0,3}?(?:scream\w*|thuds?|banging|crash\w*|bangs
    |crying|smashing|shout\w*)\b
    """,
    r"\b(?:bled|ble+d\w{0,3}|blead\w*|blood\w{0,3}|haemo\w+|hemor\w+)\b",
    r"""
    \bbruis\w*|\bblack (?:eyes?|and blue)\b|\bshiner\b|\bswol+en\b|\bswel+ing\b|\bfat lip\b
    |\bthick lip\b
    """,
    rf"""
    \b(?:bro(?:ke|ken|k)|bust(?:ed)?|split|fractur\w*|dislocat\w*|crack(?:ed)?|smashed
    |knocked) (?:(?:her|his|my|their|a|the|two|three|both|out) ){{0,2}}(?:\w+ )?{_BONE}\b
    """,
    rf"""
    \b{_BONE}(?: (?:is|are|was|were|been|has|have|looks?|all|might|may|be|so|really|proper|s|badly
    |completely|got|like|gone))* {_BREAKS}\b(?! (?:test|now fine|friday))
    """,
    r"""
    \bconcus\w+|\buncon\w{0,3}c?ious\w*|\bunres?pons\w+
    |\bknock\w{0,3} (?:her |him |me |them |clean |spark )?out\b
    |\bspark ?out\b|\bpassed out\b|\bcolaps\w+|\bfitting\b|\bseizures?\b|\bfainted\b|\bconvuls\w+
    """,
    r"""
    \b(?:wont|wnt|cant|can not|cannot|isnt|not|wouldnt|couldnt|barely|hardly|struggling to
    |trouble)(?: \w+){0,2} (?:wak(?:e|ing)|come round|coming round|breath\w*|stand(?: up)?|walk
    |feel (?:her|his) (?:legs?|arms?)|move|see out|keep (?:her|his) eyes open|get (?:her
    |him) to wake)\b
    """,
    rf"""
    \b(?:lumps?|gash\w*|wounds?|marks?|burns?|scratch\w*|cuts?|blisters?|welts?|bites?
    |fingerprints?|grazes?|rash|swelling|injury|holes?|stitches|red mark)\b (?:all )?(?:over|on|to
    |round|around|up|down|across|in|above|under) (?:(?:her|his|my|their|the|both|that|inside|top
    |of|left|right|one|side|back) )*{BODY}\b
    """,
    r"""
    \b(?:teeth|tooth|bite|ligature|strangulation|finger|belt|rope|burn|choke|hand|drag|slap|track
    |needle|nail|whip|strap) (?:marks?|prints?)\b|\blove bites? and bruis\w*
    """,
    r"""
    \bcigar\w+ burn\w*|\b(?:burn(?:t|ed|ing)?|scald\w*) (?:her|him|me|my \w+) (?:with|on)\b
    |\bfresh burns?\b|\b(?:stab|open|head|knife|bullet|gun ?shot) (?:wounds?|injur\w+)\b
    |\bgash(?:es|ed)?\b|\bstitche?s\b|\blimp(?:ing|s|in)?\b|\bhobbling\b|\bdoubled over\b
    """,
    r"""
    \b(?:ambulance\w*|paramedics?|a ?& ?e|a and e|casualty|hospital|intensive care|in icu
    |life support|resus)\b
    """,
    r"""
    \b(?:injur\w+|(?:badly|seriously|really) hurt|hurt (?:bad|badly|quite|really)|(?:is|are|been
    |got|shes|hes|someones?) hurt|in (?:agony|so much pain|a lot of pain|terrible pain|bad pain
    |pain)|screaming in pain)\b
    """,
    r"""
    \b(?:spik(?:ed|ing)|drugged|of (?:her|his) (?:head|face|tits|nut)|out of it|slur+ing|date rape
    |ghb|overdos\w*|being sick everywhere|throwing up|foaming|eyes rolling)\b
    """,
    r"""
    \b(?:gave|given|giving|give|fed|feeding|injected|forced|slipped|put) (?:her|him|them|my \w+
    |\w+) (?:\w+ )?(?:something|sum ?thing|summat|some ?fing|stuff|pills?|tablets?|drugs?|coke|k
    |ket\w*|heroin|crack|mdma|xanax|vallies|valium|spice|vodka|in her drink)\b
    |\bsomething in (?:her|his) drink\b
    """,
    r"\b(?:miscarr\w+|in labour|waters broke|stomach pains?|overdose)\b",
)

#: Tools, which are weapons if they are held in a hand or carried to do harm.
_TOOL = join_lines(
    r"""
    (?:bats?|baseball bats?|ham+ers?|axes?|screw ?drivers?|crow ?bars?|bars?|poles?|pipes?
    |bottles?|glass|scissors|chains?
    |belts?|sticks?|bricks?|planks?|spanners?|wrench|chisel|golf clubs?|snooker cue|cues?|razors?
    |lumps? of wood|bits? of wood|wood
    |iron|spades?|shovel|petrol|petrol can|can of petrol|saw|chain ?saw|drill|fork|needle
    |syringe|rope|knives|tools?|stones?|rocks?|kettle|boiling water)
    """
)
WEAPON = WORD_START + any_of(
    r"""
    \b(?:knife|knifes|knives|knive|nife|knif|knifed|knifing|kniv\w*|blades?|mach?et\w*|mashet\w*
    |zombie|swords?|samurai|dag+ers?|shanks?|shanked|cleavers?|hatchets?|axes?|stanley
    |flick ?knife|knuckle ?dusters?|tasers?|cross ?bow|bayonet|rambo)\b
    """,
    r"""
    \b(?:guns?|shot ?guns?|shooters?|pistols?|rifles?|revolvers?|firearms?|fire arm|hand ?guns?
    |bullets?|ammo|ammunition|glock|uzi|grenades?|explosives?|gun ?point|knife ?point)\b
    """,
    r"""
    \b(?:acid|ammonia|corrosive|petrol ?bomb\w*|molotov|fire ?bomb\w*|weapons?|weapon|armed
    |tooled up|bomb)\b|\bpetrol (?:on|over|through|in|at|all)\b|\bpour\w* petrol
    """,
    rf"""
    \b(?:with|got|gt|has|have|had|holding|hold|swing\w*|carr(?:y|ies|ying|ied)|wav(?:e|es|ing)
    |pull(?:ed|s|ing|in)?|us(?:ed|ing|in)|took|brought|come|came|grabbed|picked up|throw\w*|threw
    |hiding|keeps?) (?:\w+ ){{0,2}}?(?:an? |the |his |my |some |their )?(?:\w+ )?{_TOOL}\b
    """,
)

_DOOM = join_lines(
    r"""
    (?:kil|stab|shot|shoot|burn|bater|hurt|rap|smash|petrol bomb|slit|cut|get|got|do|don|find|take
    |bury|buri|fuck|ruin|kidnap
    |harm|jump|beat|come for|come after|sort|finish|torch|blow|end|break|snap|murder|choke|strangl
    |bash|hit|punch|kick|slap|drown|throw|make|drag|shank|knife|destroy|rip|slash|lock)\w{0,3}
    """
)
THREAT = WORD_START + any_of(
    r"\bthreat\w*",
    r"""
    \bkil(?:in|ing|ed|s)? (?:her|him|us|them|you|u|ur|my|our|his|their|me|every\w*|someone|sum1
    |the (?:lad|man|baby|kids?|dog|girl|boy)|[a-z]+ if)\b|\b(?:murder|strangle|bury) (?:her|him|us
    |me|you|u)\b|\bbe kil+ed\b|\bdead body\b
    """,
    rf"""
    \b(?:gona|going to|gun+a|goin to|gon|will|wil|ll|hel+|il+|theyl+|shel+|hed|theyd|id|would
    |wants? to|gon|plan\w* to|get someone to|try(?:ing)? to|said to) (?:\w+ )?{_DOOM} {KIN}
    """,
    r"""
    \b(?:gona|going to|gun+a|goin to|will|hel+|il+|theyl+|hed|theyd) (?:\w+ )?(?:burn|petrol bomb
    |smash|torch|blow|shoot|brick|trash|put) (?:up |down )?(?:the|our|my|her|their|your
    |ur) ?(?:\w+ )?(?:house|home|car|family|windows?|door|flat)?
    """,
    r"""
    \bblack ?mail\w*|\bextort\w*|\bransom\b|\bsextort\w*|\b(?:debt|owes? (?:them|him|people
    |a dealer) (?:money|\d))\b|\bow(?:e|es|ed|ing) (?:\w+ ){0,4}(?:grand|hundred|quid|\d+)\b
    |\b(?:want|wants|demand\w*) (?:\w+ ){0,2}(?:grand|\d+ ?k|hundred|thousand|money)\b
    """,
    r"""
    \b(?:petrol through|set(?:ting|s)? (?:\w+ ){0,4}(?:fire|alight|on fire)|torch(?:ed
    |ing) |arson\w*
    |burn(?:t|ed|ing)? (?:\w+ ){0,2}(?:house|home|car|us out|down|out|alive|bin|flat|shed)
    |house is next|(?:house|car|flat|shed|bin|van) (?:is |was |has been )?(?:on fire|set on fire
    |torched|burnt out)|brick(?:s|ed)? (?:through|our|the|my)|smash(?:ed)? (?:\w+ )?(?:the|our|my
    |her) (?:\w+ )?windows?)\b
    """,
    r"""
    \b(?<!\bi )(?<!\bwe )(?<!\bshe )(?<!\bshes )(?:put|post|send|sent|sending|shar|share|sharing
    |leak|show|upload
    |spread)\w{0,3} (?:\w+ ){0,3}?(?:pics?|pictures?|photos?|nudes?|videos?|vids?|images?|them
    |it)\b[^.!?]{0,50}\b(?:if|unless|everyone|online|round|all over|grass\w*|insta\w*)\b
    """,
    r"""
    \b(?:warn(?:ed|ing|s)? (?:her|him|me|us|them|my \w+) (?:of|not|what|to (?:stay|keep|drop))
    |what hapens to (?:\w+ )?(?:girls?|people|lads?|those|them|grases|anyone|kids)|know(?:s
    |ing)? (?:what|which) (?:school|house|street|bus|time)|watch (?:ur|your|her|my|their|his
    |our) back|know(?:s|ing)? where (?:we|you|u|i|she|he|they|her|my|our)\b(?:(?: \w+){0,2} (?:liv
    |stay|work|sleep)\w*| (?:nan|mum|school|sister|gran|kid|family)\w*)|get(?:s|ting)? (?:what ?s
    |wots|whats) coming|pay for (?:it|this|what)|(?:will|gona|be) (?:regret|sorry)
    |find out what hapens|slit\w* (?:\w+ ){0,4}throats?|throats?\b(?= (?:and|or|if))|dig (?:her
    |your) (?:own )?grave|stitches|(?:going|gone|go|coming) (?:round|over|up) (?:there|here) with
    |dead (?:man|meat|if)|your? dead|better sleep with)\b
    """,
    r"""
    \b(?:windows? (?:go|goes|going|gone|wil go|in(?= ?$|[.!?]| tonight| if| and)|get
    |put) |do(?:ing)? (?:our|my|the|ur|your|her
    |mums) windows?|(?:photo|picture|pic|video|snap)s? of (?:our|my|the|her|your|ur
    |mums) (?:front )?(?:\w+ )?(?:door|house|street|kids|school|car
    |family)(?! (?:trip|play|prom|concert|uniform|bus|report|photo|show|band))|(?:cant|wont|couldnt
    |cannot) protect (?:her|us|me|him|them|you)|barricad\w*|(?:threat|risk) to life
    |immediate (?:risk|harm|danger)|under attack|trap ?house|not safe|smash(?:ed)? (?:him|her
    |me) up)
    """,
    r"""
    \b(?:is|are|shes|youre|ur|hes|be|were|im|were all|as good as) dead\b|\b(?:is|shes|youre|ur|hes
    |be|im|were|sister|brother|mum|dad|house|family|you|u) (?:are |is )?next\b(?= ?$|[.!?]| (?:if
    |and|he|they|or|time))
    """,
    r"""
    \b(?:wont|will not|wouldnt|not|doesnt|didnt|dont|never|refus\w+ to) (?:let|letin|letting
    |lets) (?:go|her|him|me|us|them|my \w+|\w+ (?:go|leave|out))\b|\block(?:ed|s|ing)? (?:(?:her
    |him|me|us|them|my \w+|\w+|herself|himself) )?(?:in|inside|up|out)\b|\b(?:is|being|are|been
    |shes|hes) held\b|\bheld (?:at|against|captive|hostage|prisoner|somewhere|there|her|him
    |in a)\b|\bcaptive\b|\bhostage\b|\bagainst (?:her|his|their) will\b|\btied up\b
    """,
    r"""
    \b(?:cant|can not|cannot|couldnt) (?:get (?:out|away|home|her out|him out|back)|leave
    |escape)\b|\b(?:took|taken|got|has|have|hid|taking) (?:her|his|their|my
    |away her) (?:\w+ )?(?:\w+ and )?(?:shoes|phone|passport|clothes|keys|sim)\b(?! (?:in
    |to school|back|on charge|for charging))|\b(?:has|have|got|have got|has got|they got
    |theyve got|hes got|hes) (?:my|our) (?:\w+ )?(?:daughter|son|girl|boy|lad|child|kids?|sister
    |niece|grand ?daughter|baby)s?\b|\b(?:drag|pull|bundl|forc|push|shov|snatch|grab|chuck|lift
    |threw|throw)\w{0,3} (?:her|him|me|them|my \w+|\w+) (?:\w+ )?(?:into|in|of the street|inside
    |to|out)\b
    """,
)

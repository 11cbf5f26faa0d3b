"""Find urgent meanings for which several words have to occur near each other, in any order.

They are: a threat to spread pictures, an attack on the home, a child who is sold, a call for help,
and a person who is out of prison and near again. Words that make a meaning harmless are listed with
the meaning. Patterns match squeezed text: in small letters, without apostrophes, each double letter
written once (`spelling.py`). The file is long because there are many words.
"""

import re
from typing import NamedTuple

from domain.forms.patterns import WORD_START, join_lines, lazy_regex
from ingest.reading.danger import any_of
from ingest.reading.spelling import DOUBLED

#: Number of letters around the first part of a meaning within which the other parts have to be.
_REACH = 170
#: Number of letters around the first part of a meaning within which a harmless word makes the
#: meaning harmless.
_BESIDE = 45

_HIM = join_lines(
    r"""
    (?:he|hes|hel|hed|they|theyre|theyve|theyl|someone|somebody|sum1|(?:\w+ )?(?:man|men|lads?
    |blokes?|guys?|fel+as?|boys?|boyfriend|bf|ex|uncle|cousins?|mates?|males?|dealers?|adults?))
    """
)
_CHILD = join_lines(
    r"""
    (?:her|him|(?:my|our|the|a|this|that|another|poor|young|these|those) (?:\w+ )?(?:daughter|son
    |girls?|boys?|lass(?:es|ie)?|lad|kids?|child(?:ren)?|sister|brother|niece|nephew|teenagers?
    |young person|victims?|grand ?daughter|bairn|yp))
    """
)
_PRISON = join_lines(
    r"""
    (?:prison|jails?|gaol|(?:the )?(?:nick|clink|slam+er|can)|inside|custody|remand|hmp|pen
    |young of+enders?(?: \w+)?|yoi|borstal|secure unit|police station|cells)
    """
)

_PICTURE = join_lines(
    r"""
    \b(?:pics?|pictures?|photos?|photographs?|images?|nudes?|vids?|videos?|clips?|footage
    |screen ?(?:shots?|grabs?)|snaps?|recordings?|film(?:ed|ing)|recorded|dick ?pics?|selfies?)\b
    """
)
_HER_PICTURE = join_lines(
    rf"""
    {_PICTURE}(?: (?:he|hes|they|theyve|that he)(?: has| have)?(?: got| took
    | made)?)? (?:of )?(?:her|him
    |it|them|my|our|what)\b|\b(?:her|his|your|ur) (?:\w+ )?{_PICTURE}
    |\bnudes?\b|\b(?:sent|send|made (?:her|him) (?:send|take)) (?:\w+ ){{0,3}}?{_PICTURE}
    |{_PICTURE} (?:it|them) al\b|\bon (?:film|camera|video|tape)\b
    """
)
_BARE = join_lines(
    rf"""
    \bnudes?\b|{_PICTURE}[^.!?]{{0,40}}\b(?:naked|nothing on|no (?:clothes|top|bra)|undressed
    |topless|(?:in|just) (?:her|his) (?:bra|knickers|pants|underwear|undies|towel)|having sex
    |in (?:the )?(?:shower|bath)|doing (?:things|stuf|it)|being (?:raped|abused|touched)|intimate
    |private|rude|sexual)\b|\b(?:naked|intimate|private|rude|sexual|explicit|topless) {_PICTURE}
    """
)
_SPREAD = join_lines(
    r"""
    \b(?:post(?:s|ed|ing)?|send(?:s|ing)?|sent|shar(?:e|es|ed|ing)|leak\w*|show(?:s|n|ed|ing)?
    |upload\w*|stick(?:s|ing)?|put(?:s|ing)?|spread\w*|releas\w+|expos\w+|forward\w*|airdrop\w*
    |publish\w*|tag(?:s|ed|ing)?|print\w*)\b|\b(?:going|go|goes|gone|be|been|wil be) (?:\w+ )?(?:on
    |up|out|round|around|viral|everywhere|online|public|live)\b|\beverywhere\b
    |\bwhole (?:school|year|town|class|estate|family)\b
    |\b(?:everyone|everybody|every1|(?:her|his|my|your|ur) (?:mum|dad|nan|family|mates|friends
    |school|year|class|teachers?)|people)(?: \w+){0,4} (?:wil|l|gets?|gona|going to|can|is going to)
    (?:\ )?(?:\w+ )?(?:se|get|have|know|find)s?\b|\b(?:mates|friends|family|mum|dad|school|everyone)
    (?:\ )(?:wil )?gets? (?:it|them|the)\b|\bone click\b
    """
)
_INTENDS = join_lines(
    rf"""
    \b(?:hel|theyl|hed|theyd)\b|\b{_HIM}(?: \w+){{0,2}}? (?:wil|is going to|going to|goin to
    |gon[ae]?|guna|gna|wants? to
    |says?|said|sed|keeps?|reckons?|told|tels|teling|threat\w*|laugh\w*|swears?|promis\w+|warn\w*
    |mesag\w+|texted|wants?|demand\w*|asking)\b|\b(?:says?|said|saying) (?:he|they|hel|theyl)\b
    """
)
_PRESSES = join_lines(
    r"""
    \b(?:unles|or else|other ?wise|or (?:he|hes|hel|they|theyl|his|il|i|her|your|ur|the|its
    |everyone)|(?:if|til|until|incase) (?:she|shes|he|i|we|u|you|they) (?:\w+ )?(?:dont|doesnt|wont
    |didnt|not|tel\w*|told|talk\w*|ever|leav\w*|block\w*|gras\w*|go|goes|met|met?s|sends?|pays?
    |says?|does)|pay (?:up|him|them|or)|(?:want|wants|asking for|ask(?:s|ed) for|demand\w*|send|owes
    |needs?) (?:\w+ ){0,3}?(?:money|quid|cash|\d+|pounds?|more pic\w*|more nudes?|vouchers?|steam
    |bitcoin)|black ?mail\w*|keeps? (?:saying|teling|threat\w*)|one click|threat\w*
    |just the start)\b
    """
)
_DEMANDS = join_lines(
    r"""
    \b(?:wants?|asking for|asks for|demand\w*|sa(?:ys|id) (?:to )?pay|owes him) (?:\w+ ){0,3}?
    (?:money|cash|quid|pounds?|\d+|vouchers?|steam|bitcoin|more pic\w*|more nudes?)\b
    """
)

_MISSILE = join_lines(
    r"""
    (?:(?:half )?bricks?|rocks?|stones?|boulders?|slabs?|bot+les?|fireworks?|bangers?|rockets?
    |petrol|paint|eg+s?|sh[i1]te?|dog (?:mes|dirt|pop|muck|sh\w+)|muck|bleach|acid|rags?|ham+ers?
    |pav(?:er|ing stone)s?|bol+ards?|(?:concrete|breze) blocks?|(?:golf|bal) bearings?|catapults?
    |flames?|lighter fluid|white spirit|something|sum ?thing|sumat|stuf|lit \w+|burning \w+)
    """
)
_THROUGH = r"(?:through|thro|thru|thr[ou]+|threw|thrugh|throu|trough)"
_GLASS = join_lines(
    r"""
    (?:(?:\w+ ){0,4}?(?:windows?|windos?|windowz|windscren|wind ?shield|glas|pan(?:e|es)
    |let+er ?box(?:es)?|post ?box|dors?|porch|house|home|car|van|conservatory|flat|caravan|shed
    |fence|wal))
    """
)
_AT_HOME = WORD_START + any_of(
    rf"\b{_MISSILE}(?: \w+){{0,5}}? {_THROUGH} {_GLASS}\b",
    rf"""
    \b(?:throw\w*|threw|chuck\w*|lob+\w*|hurl\w*|launch\w*|tip+ed|pour\w*|shov\w*|push\w*|post\w*
    |put|smear\w*|daub\w*|flung|fling\w*|fir(?:ed|ing)|spray\w*|com(?:e|ing)|came|flew|flying
    |rub+ed)
    (?:\ )(?:\w+ ){{0,3}}?{_MISSILE}(?: \w+){{0,3}}? (?:in|into|at|on|onto|over|against|down|under)
    (?:\ ){_GLASS}\b
    """,
    rf"""
    \b{_MISSILE} (?:\w+ ){{0,3}}?(?:throw\w*|thrown|threw|chuck\w*|lob+ed|hurled|tip+ed|pour\w*
    |shoved|pushed|posted|put|smeared|daubed|flung|sprayed|came|coming|come|flew|flying|al)
    (?:\ )(?:\w+ ){{0,3}}?(?:in|into|at|on|onto|over|against|down|under) {_GLASS}\b
    """,
    r"""
    \b(?:windows?|windos?|windscrens?|glas|panes?)(?: (?:is|are|was|were|has|have|had|got|been|al
    |just|both))* (?:gone|put|done|smashed|bricked|caved|kicked|paned|busted|bust|shot|tan+ed
    |boted) (?:in|through|out|at|by|again|last night|tonight)\b
    |\b(?:put|putting|smash\w*|brick\w*|pan+ed|kick\w*|tan+ed|caved|done|bust\w*) (?:\w+ )?(?:our|my
    |the|her|mums|nans|al the|al our) (?:\w+ )?(?:windows?|windos?|windscren)\b
    """,
    r"""
    \b(?:dors?|gates?)(?: (?:is|are|was|were|has|have|had|got|been|just|al))* (?:boted|kicked
    |panel+ed
    |smashed|caved|bashed|bat+ered|ram+ed|forced|kiked|put|broken|brayed) (?:in|down|through|open
    |of)\b|\b(?:bote?d|kicked|caved|bashed|bat+ered|ram+ed|brayed|put) (?:\w+ )?(?:our|my|the|her
    |mums|nans) (?:\w+ )?dor (?:in|down|through|of)\b
    """,
    r"""
    \b(?:car|van|tyres?|tires?|windscren|wheels?|bonet|taxi|paintwork)(?: (?:is|are|was|were|has
    |have
    |had|got|been|just|al|both|four))* (?:slashed|keyed|torched|bricked|smashed|done in|put in
    |let down|burnt out|set (?:fire|on fire|alight)|scratched (?:with|al over|down|again)
    |paint ?strip+ered|dam+aged (?:again|last night|overnight))\b|\bslash\w* (?:\w+ ){0,3}tyres?\b
    |\b(?:torched|keyed|smashed up) (?:our|my|the|her|his) (?:\w+ )?(?:car|van)\b
    """,
    r"""
    \b(?:bins?|fence|shed|garage|porch|hedge|caravan|house|car|flat|dor|let+er ?box|trampoline|mat)
    (?:\ )(?:(?:is|are|was|were|has|have|been|got|al|just|going up|went up|in|set) )*(?:on fire
    |alight|ablaze|burning|in flames|torched|set fire|up in flames)\b
    """,
    r"""
    \b(?:gras+|snitch|scum|slag|slut|whore|rat|nonce|tout|liar|dead|rip|your next|next)
    (?:\ )(?:(?:was|is|been|were|got) )?(?:writ+en|sprayed|painted|scratched|daubed|scrawled
    |graf+it\w*) (?:\w+ )?(?:on|over|acros|al)\b|\b(?:sprayed|painted|scrawled|daubed) (?:\w+ ){0,4}
    (?:on|over|acros) (?:our|my|the) (?:\w+ )?(?:house|dor|wal|car|fence|windows?)\b
    """,
    r"\bbricked (?:us|our|her|my|the|mums|nans|it)\b",
    r"\b(?:note|leter|mesage|said|saying|says|shouted)[^.!?]{0,25}\bnext time\b",
)
_REPAIRED = join_lines(
    r"""
    \b(?:by the (?:council|landlord|housing|wind|storm)|(?:the|in) (?:wind|storm|gales?)
    |new windows?
    |double glazing|fit+ers?|footbal|cricket bal|by (?:accident|mistake)|practice|decorat\w*)\b
    """
)

_GIRL = join_lines(
    r"""
    (?:(?:my|our|his|the|that|this|a|her|their|young|these|some|other) )?(?:\w+ )?(?:daughters?
    |girls?
    |las(?:es|ie)?|kids|child(?:ren)?|sisters?|nieces?|grand ?daughters?)
    """
)
_SERVICES = join_lines(
    r"""
    (?! (?:(?:to|from|betwen|round|around|one|a|an|the|another|other|diferent|by|her|his
    |new) )*(?:social
    |workers?|services?|teams?|departments?|scho+ls?|carers?|placements?|foster\w*|doctors?|gp|camhs
    |oficers?|agenc\w+|nan|mum|dad|aunt\w*)\b)
    """
)
_SOLD_OF = join_lines(
    r"""
    (?: (?:to|on to|onto|on|out|of+|round|around|about|between|among|betwen|for (?:money|cash|sex
    |drugs|wed|coke|drink|fags|vodka|\d+|a (?:bag|fiver|tener|few|debt|bottle)|(?:\w+ )?(?:quid
    |pounds?|grams?))|from (?:one|house|man|flat|car|bloke|lad)|by the (?:hour|night))\b)
    """
)
_SOLD = WORD_START + any_of(
    rf"""
    \b(?:sel|sels|seling|selin|sold|hir(?:e|es|ed|ing)|rent(?:s|ed|ing)?|lend(?:s|ing)?|lent
    |loan(?:s|ed|ing)?|swap(?:s|ed|ing)?|trad(?:e|es|ed|ing)|auction\w*|pimp\w*|farm(?:ed|ing)?)
    (?:\ )(?:her|him|{_GIRL})(?:{_SOLD_OF}|(?=\W*$|[.!?]))
    """,
    rf"""
    \b(?:sel|sels|seling|selin|sold|swap(?:s|ed|ing)?|trad(?:e|es|ed|ing)) (?:her|him|{_GIRL})
    (?:\ )(?:to|for|against|so|because|when) (?:\w+ ){{0,4}}?(?:clear|pay|setle|debt|ow(?:e|es|ed)
    |men|mates|dealers?|strangers?|cash|money|wed|drugs?)\b
    """,
    rf"""
    \b(?:pas|pases|pased|pasing|pasin|shar(?:e|es|ed|ing)|of+er(?:s|ed|ing)?|gave|gives?|giving)
    (?:\ )(?:her|{_GIRL}) (?:round|around|about|betwen|among|out|on|over)?
    (?:\ )?(?:to|betwen|among|for|with|as) (?:his|other|the|their|older|al|some|\d+|two|thre|four
    |a lot of|loads of) (?:\w+ )?(?:men|mates|friends|lads|blokes|cousins?|brothers?|uncles?|boys
    |dealers?|drivers?|customers?|punters?)\b
    """,
    rf"""
    \b(?:she|shes|girls?|las(?:es)?|daughters?|child(?:ren)?|kids?|{_CHILD})(?: (?:has|have|had|is
    |was|were|been|being|bein|be|gets?|got|geting|are|just|al|s))* (?:sold|traded|swap+ed|hired
    |rented|lent|loaned|pas(?:ed|t)|farmed|auctioned|shared|pimped|bought|of+ered|handed
    |touted){_SERVICES}{_SOLD_OF}
    """,
    rf"""
    \b(?:she|shes|girls?|daughter|{_CHILD})(?: (?:has|have|had|is|was|were|been|being|be|gets?|got
    |al
    |just))+ (?:sold|pimped|trafick\w*|auctioned|for sale)(?=\W*$|[.!?])
    """,
    r"""
    \b(?:men|mates|lads|blokes|friends|cousins|drivers|customers|they)(?: (?:are|is|al|were|have
    |had))*
    (?:\ )(?:paying|paid|pay) for (?:her|the girls?)(?=\W*$|[.!?]| (?:each|tonight|and|at|in|to)\b)
    """,
    rf"""
    \b(?:bought|buys|buying|won) (?:her|him|{_GIRL}) (?:of+|from) (?:him|them|her|his|a|the|another
    |some|\w+ for)\b
    """,
    r"""
    \b(?:men|mates|friends|lads|blokes|cousins|customers|punters|drivers) (?:\w+ )?
    (?:gets?|got) to (?:have|use|go with|sleep with|touch) (?:her|him|my daughter|the girls?)\b
    """,
    r"""
    \b(?:let|lets|leting|letin|making|makes
    |made) (?:the |his |other |these |them |some |al |older[ ]
    )*(?:men|mates|friends|lads|blokes|people|customers|punters|drivers|cousins|them)? ?(?:have|use
    |do|at|lose (?:on|with)|go with|sleep with|touch|ride|shag|fuck|abuse) (?:on )?(?:her|him
    |my daughter|the girls?)\b
    """,
    r"""
    \b(?:paid|pay|pays|paying|charg(?:e|es|ed|ing)|cash|money|quid|pounds?|\d+ ?(?:quid|pound
    |p))\b[^.!?]{0,45}
    \b(?:(?:to )?(?:have|having|use|go with|be with|sleep with|time with|sex with|turn (?:with|on)
    |go on) (?:her|him|the girls?|my daughter|them girls)|a go\b|per man|each man|a time
    |an hour with)
    """,
    r"""
    \b(?:men|blokes|they|customers?|punters?|drivers|lads|each one|each man|strangers|queu\w+)
    (?:\ )(?:\w+ ){0,5}?(?:pay|pays|paying|paid|hand|hands|handing|give|gives|giving|slip|slips)
    (?:\ )(?:him|them|the man|her boyfriend|his mate|at the dor|cash|money)\b[^.!?]{0,60}\b(?:her
    |she|girls?|rom|bed\w*|upstairs|turns?|flat)\b
    """,
    r"""
    \b(?:girls?|she|her|daughter|las)\b[^.!?]{0,60}\b(?:queu\w+|line(?:d|s)? up|lining up
    |taking turns
    |each one)\b[^.!?]{0,40}\b(?:pay\w*|paid|men|money|cash)\b
    """,
)
_CONTACT = join_lines(
    r"""
    \b(?:rang|ring|rings|ringing|rung|phon(?:e|ed|es|ing)|cal|caled|caling|cals|text|texts|texted
    |txt|txted|texting|mesag\w+|mesg\w*|msg\w*|face ?timed?|voice ?mails?|voice ?notes?|snap(?:ed
    |chated)|whats ?ap+ed|on the phone|spoke to her|answered|picked up the phone|dialed|bel+ed)\b
    """
)
_TROUBLED = join_lines(
    r"""
    \b(?:cry|crying|cryin|cried|sob+ing|sob+in|sob+ed|tears|in bits|whisper\w*|scream\w*|beg+\w*
    |upset|distres\w*|hyster\w*|panic\w*|scared|frightened|terif\w*|petrified|help|please|pls|plz
    |shaking|wailing|breathing funny|out of breath|slur\w*|drunk|drug+ed|afraid|come and get|pick
    |want\w* to come home|silent|muf+led|strange voice|arguing|shouting)\b
    """
)
_LOST = WORD_START + any_of(
    r"""
    \b(?:cant|couldnt|could not|can not|cannot|doesnt|didnt|does not|did not|dont|do not|wont
    |wouldnt
    |not able to|unable to|hasnt a clue|not) (?:\w+ ){0,2}?(?:say|tel|know|no|knew|recognis\w*
    |reckonis\w*|recogniz\w*|explain|describe|se|sure|work out|speak)\b[^.!?]{0,25}\b(?:where
    |were|wher|anything|anywhere|area|place|stret|road|town|adres|location|house|city|she is)\b
    """,
    r"""
    \b(?:no|not any|without an|hasnt an) idea (?:\w+ )?(?:where|were)\b|\blost\b
    |\b(?:somewhere|middle of nowhere)\b|\bstrange (?:house|flat|place|car|man|phone|number)\b
    |\b(?:cant|couldnt) talk\b
    """,
    r"""
    \b(?:went|gone|goes|going|is) (?:dead|silent|quiet|of|to voice ?mail)\b|\bhung up\b
    |\bhangs? up\b
    |\bcut (?:of|out)\b|\brings? out\b|\b(?:now|then|since|and) nothing\b|\bnot (?:answering|picking
    |replying|heard)\b|\bline (?:went|is|was)\b|\bphone (?:of|dead|died)\b|\bcant get (?:her|him)
    (?:\ )(?:back|again)\b|\bsilent cal\b
    """,
    r"""
    \b(?:men|mens|man|mans|male|lads|blokes?|blokes|someone|voices?)(?: \w+){0,3}? (?:in|at)
    (?:\ )?(?:the )?back ?ground\b|\b(?:strangers?|some(?:one|body)(?: ?s)?(?: elses?)?|unknown
    |different|another|a mans|withheld) (?:phone|number|mobile)\b|\b(?:beg+\w*|teling|asking)
    (?:\ )(?:someone|somebody|him|them|a man) to (?:stop|let|leave)\b|\bplease stop\b|\bget of me\b
    |\b(?:couldnt|cant|could not) tel (?:me|us) (?:the|where|which|what)\b
    """,
)
_SAFE_NOW = join_lines(
    r"""
    \b(?:(?:i|we|dad|mum|nan|worker) (?:\w+ )?(?:picked|colected|fetched|got) (?:her|him)|(?:is|shes
    |hes) (?:now |back )?home|(?:came|got) (?:back )?home|home (?:safe|now)|al fine|fine now
    |safe and)\b
    """
)

#: Each of these patterns begins at the edge of a word or of the text, so a search tries no other
#: positions.
_RELEASED = rf"(?:{WORD_START}|^)" + any_of(
    rf"""
    \b(?:out|released|back|home|free|freed|escaped|discharged)(?: \w+)? (?:of|from|off) (?:the )?
    {_PRISON}\b|\bout (?:on|under) (?:\w+ )?(?:tag|license|licence|bail|parole|probation|day release
    |curfew|investigation)\b|\bon (?:a )?(?:tag|licence|license|parole|bail|day release)\b
    """,
    r"""
    \b(?:get|gets|got|geting|let|lets|come|came|coming|comes|is|hes|now|been|walked|him|free)
    (?:\ )(?:now |just )?out(?: again| early| now)*(?= (?:on|now|and|this|last|today|yesterday|early
    |again|of prison|mon\w*|tue\w*|wed\w*|thu\w*|fri\w*|sat\w*|sun\w*|\d|since|a (?:week|month|few)
    |after|he|hes|she|shes|\w+ (?:days?|weks?) ago)\b)(?! (?:and (?:about|she)|(?:\w+ )*as (?:gay|bi
    |trans|queer))\b)|\b(?:hes|he is) out(?=\W*$|[.!?])
    """,
    r"""
    \b(?:hes|he is|he was|was|been|got|get|is|being|him
    |now) (?:just |now |already |been )?(?:released(?! from (?:the )?(?:hospital|ward))
    |set free|let of|freed|paroled|bailed|aquit+ed|acquit+ed)\b
    |^\W*(?:was |just |got |been )?released\b
    |\breleased (?:last|this|on|early|today|yesterday|without|under|from(?! (?:the )?(?:hospital
    |ward))|and|mon\w+|tues\w+|wed\w+
    |thu\w+|fri\w+|sat\w+|sun\w+)\b|\bwalked free\b|\bgot bail\b
    """,
    r"""
    \b(?:don|done|finished|served|did|doing|ended|completed) (?:his|their) (?:time|sentence|bird
    |stretch|term|months|years)\b|\bsentence (?:is |has |was )?(?:ended|over|up|finished|done|served
    |spent)\b|\bhis (?:tag|licence|license|bail|conditions?|order|ban) (?:\w+ )?(?:of|over|up|ended
    |ends|ran out|run out|lifted|expired|gone|finished|comes? of)\b|\b(?:sent|went|been) (?:down
    |away)\b[^.!?]{0,40}\b(?:out|back|free|released)\b|\b(?:restraining order|order|conditions
    |harm order)(?: \w+)? (?:ended|ran out|expired|is up|lifted)\b
    """,
)
_REACHES = WORD_START + any_of(
    r"""
    \b(?:on|in|into|at|to|through|up) (?:her|my|our|the girls?|hers)
    (?:\ )(?:\w+ )?(?:face ?bok|fb|insta\w*|snap\w*|what ?s? ?ap\w*|tik ?tok|phone|mesenger|dms?
    |inbox
    |stret|road|scho+l|college|dor|house|estate|work|bed\w*|socials?|profile|page|story|xbox)\b
    |\b(?:facebok|fb|insta\w*|snap\w*|whats ?ap\w*|tik ?tok|mesenger)\b[^.!?]{0,15}\b(?:her|to her
    |with her|again)\b|\b(?:by|near|outside|at|round|past|opposite) (?:the |her |our |my )?(?:scho+l
    |college|house|flat|home|gates|ours|mine|nans|bus stop|park|shop|corner|placement)\b
    """,
    r"""
    \b(?:text|txt|ring|rang|phon|cal|mesag|contact|ad|ad+|folow|snap+|dm|writ|wrot|wav|aproach
    |watch|find
    |fond|found|met|se|bother|pester|hasl|inbox|like|beep|visit|colect|pick|tok|chat|talk|speak|spoke|told
    |turn)\w{0,4} (?:\w+ )?(?:her|my daughter|our \w+|my \w+|us|me|to her|with her)\b
    """,
    r"""
    \b(?:friend|folow|mesage) requests?\b|\bmis+ed cals?\b|\bin touch\b|\bsen (?:her|with|near
    |outside
    |by|together|in)\b|\bback (?:on|with|at|round|in touch|to|living|in|here|near|over)\b|\b(?:with
    |to
    |for|near|after|around|round) (?:her|my daughter|our girl|the girls?)\b|\b(?:asking|loking
    |waiting
    |hanging|driv\w+|drov\w*|walk\w*|parked|sat|stod|stand\w*|sit+\w*|turned up|showed up) (?:\w+ )?
    (?:round|around|for|after|about|where|outside|by|past|near|up|at|over|here)\b|\bround (?:ours
    |here
    |mine)\b|\bmoved (?:\w+ )?(?:in|near|round|to our|to her|next)\b|\bwhere (?:she|we) lives?\b
    |\b(?:new|fake) (?:account|profile|number)\b|\b(?:let+ers?|present|card|mesages?|texts?|cals?
    |snaps?
    |coment\w*)(?: \w+)? from (?:him|them)\b|\boff him\b|\bfrom him\b
    """,
)
_STILL_IN = join_lines(
    r"""
    \b(?:not(?: (?:due|geting|coming|being|to be))?|due|when|if|before|until|til|unles|once|after
    |in case
    |wil be|release date)(?: (?:he|hes|is|gets?|comes?|let|he gets|he comes|he is))*$
    """
)


class Sign(NamedTuple):
    """An urgent meaning of a text: `parts` are patterns of words that have to occur near each
    other. The meaning is harmless if words that match `harmless` are near the first part, or words
    that match `before` directly precede it."""

    code: str
    parts: tuple[re.Pattern[str], ...]
    harmless: re.Pattern[str] | None = None
    before: re.Pattern[str] | None = None


def _meaning(
    code: str, *parts: str, harmless: str | None = None, before: str | None = None
) -> Sign:
    patterns = tuple(lazy_regex(part, prepare=single) for part in parts)
    beside = (
        lazy_regex(part_pattern, prepare=single) if part_pattern else None
        for part_pattern in (harmless, before)
    )
    return Sign(code, patterns, *beside)


def single(pattern: str) -> str:
    """Return a pattern with double letters written once, as they are in the squeezed text that the
    pattern searches.
    """
    return DOUBLED.sub(lambda match: match[1] or match[0], join_lines(pattern))


MEANINGS = (
    _meaning("threat", _HER_PICTURE, _SPREAD, _INTENDS),
    _meaning("threat", _PICTURE, _SPREAD, _PRESSES),
    _meaning("threat", _BARE, _SPREAD),
    _meaning("threat", _BARE, _DEMANDS),
    _meaning("threat", _AT_HOME, harmless=_REPAIRED),
    _meaning("sold", _SOLD),
    _meaning("call-for-help", _CONTACT, _TROUBLED, _LOST, harmless=_SAFE_NOW),
    _meaning("released", _RELEASED, _REACHES, before=_STILL_IN),
)


def find_meaning(sign: Sign, text: str) -> re.Match[str] | None:
    """Return the match of the first part of an urgent meaning in squeezed text; None if the text
    does not have this meaning."""
    first, *others = sign.parts
    for match in first.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()].rstrip()
        if sign.before and sign.before.search(before):
            continue
        beside = text[max(0, match.start() - _BESIDE) : match.end() + _BESIDE]
        if sign.harmless and sign.harmless.search(beside):
            continue
        around = text[max(0, match.start() - _REACH) : match.end() + _REACH]
        if all(part.search(around) for part in others):
            return match
    return None

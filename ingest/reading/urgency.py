"""Words that propose urgency. They only propose: a person decides, and recall comes first.

The three codes are the queue's: a child missing now, a child with a suspect now, a threat.
"""

import re

from domain.forms.patterns import joined

_NOW = r"(?:right now|now|rn|tonight|tonite|this (?:morning|afternoon|evening)|still)"
_SOMEBODY = joined(
    r"""
    (?!(?:me|us|her|my|our|mum|mam|dad|nan|gran|family|friends?|school|staff|home|the police
    |it)\b)\w{1,20}
    """
)
_HIS = r"(?:his|their|that (?:man|lad|bloke|fella|guy)|the (?:man|lads?|men|car|van|flat|hotel))"
_NOT_BEFORE = re.compile(
    joined(
        r"""
        (?:\b(?:no longer|not|isnt|isn't|wasnt|wasn't|never)\s(?:\w{1,10}\s)?
        |\b(?:used to|last (?:week|month|year|time)|last yr|(?:year|month|week)s? ago
        |when she was|back in)\b[^.,!?\n]{0,25})$
        """
    ),
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:no|never|not|didnt|didn't|without)\s(?:\w{1,10}\s)?$", re.IGNORECASE)
_OVER = re.compile(
    joined(
        r"""
        ^[^.!?\n]{0,60}\b(?:came (?:back|home)|is (?:back|home)|shes (?:back|home)|she's (?:back
        |home)|home safe|back safe|been found|was found|turned up|found safe|back now|home now
        |last (?:week|month|year)|(?:week|month|year)s? ago)\b
        """
    ),
    re.IGNORECASE,
)
_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "missing-now",
        re.compile(
            joined(
                r"""
            \b(?:missing|gone missing|not (?:come|came|been) (?:home|back)|(?:hasnt|hasn't
            |has not|didnt|didn't|havent|not) (?:come|came|been|got|returned|turned up|shown up
            |arrived)(?: back| home| in)?(?: (?:home|back|in|yet|since|all night|today|tonight
            |at))|still (?:not|out|isnt|isn't|aint|hasnt|no sign)(?: (?:home|back|in|here|there))?
            |not (?:back|home|in
            |returned)(?: (?:yet|since|from))?|no sign of (?:her|him|them)|no sight of
            |cant (?:find|reach|get hold of) (?:her|him|them)|can't (?:find|reach
            |get hold of) (?:her|him|them)|don'?t know where (?:she|he|they)(?:'s|s| is| are)?
            |dont no where|whereabouts (?:unknown|not known)|ran (?:off|away)|run (?:off|away)
            |runaway|done one|disappeared|vanished|gone awol|awol|absconded|climbed out
            |bed(?:room)? (?:is |was )?empty|not in (?:her|his) (?:bed|room)
            |phone (?:is )?(?:off|switched off|dead|going to voicemail|goes to voicemail)
            |not answering|not been seen|hasnt been seen|(?:been out|gone) since|out all night)\b
            """
            ),
            re.IGNORECASE,
        ),
    ),
    (
        "with-suspect-now",
        re.compile(
            joined(
                rf"""
            \b(?:(?:with|w|wiv) {_SOMEBODY}\b[^.!?\n]{{0,30}}\b{_NOW}
            |(?:in|at|round(?: at)?|into) {_HIS}\b[^.!?\n]{{0,30}}\b{_NOW}
            |{_NOW} (?:with|w|wiv) {_SOMEBODY}|{_NOW} (?:in|at|round(?: at)?) {_HIS}
            |(?:just|now|right now) (?:got|getting|gone|went|been picked up|picked (?:her
            |him) up|took (?:her|him)|taken (?:her|him)|driving off|drove off|left with
            |gone off with|got in(?:to)?)\b|(?:he|they|hes|theyre|they're|he's|car|van)(?: is
            | are)? (?:outside|here|at the door|parked outside|waiting|picking (?:her|him) up
            |in the street) (?:now|right now|again now|rn)
            |(?:outside|here)(?: (?:our|the|my) \w{{1,10}})?(?: again)? (?:now|right now|rn)\b
            |(?:as i|as we) (?:type|write|speak)|(?:is|are|hes|shes|theyre) (?:picking
            |taking|driving|collecting|meeting) (?:her|him|them)(?: up)? (?:now|tonight|tonite
            |later|in (?:an|\d+) )|(?:getting|got) in(?:to)? (?:a|the|his
            |their) [\w ]{{0,20}}(?:now|right now)|can see (?:her|him|them) (?:in|with|getting))
            """
            ),
            re.IGNORECASE,
        ),
    ),
    (
        "threat",
        re.compile(
            joined(
                r"""
            \b(?:threat\w{0,6}|kill(?:ing|ed)? (?:her|him|us|me|them|you|u|ur|my|her mum|himself
            |herself)|(?:gonna|going to|will|gunna|'ll) (?:kill|stab|shoot|burn|batter|hurt|rape
            |smash|petrol bomb|do (?:her|him|us|me) in|slit|cut|get (?:her|him|us|me|my))
            |petrol bomb\w{0,3}|acid|knife|knives|machete|gun|weapon|blackmail\w{0,3}
            |petrol through|burn (?:the|our|my|her|ur|your) (?:house|home)|bricks? (?:through
            |thru)|smash(?:ed)? (?:the|our|my) windows?|(?:put|post|send|sent|sending|share
            |sharing|leak)\w{0,3} (?:the |her |those )?(?:pics|pictures|photos|nudes|video
            |vid)\w{0,2}[^.!?\n]{0,40}(?:if|unless|everyone|online)|owes? (?:them|him) (?:money
            |\d)|debt|held (?:her|him) (?:down|against)|wont let (?:her|him|them) (?:go|leave
            |out)|won't let (?:her|him|them) (?:go|leave|out)|locked (?:her|him) in|(?:raped?
            |assaulted|attacked|beaten|battered|punched|strangled|grabbed (?:her
            |him)) ?(?:tonight|now|today|last night|her|him)?|suicid\w{0,3}|kill(?:ing)? herself
            |end(?:ing)? her life|self[- ]?harm\w{0,3}|overdos\w{0,3}|watch (?:ur|your|her|my
            |their) back|know(?:s)? where (?:we|you|u|i|she|he) lives?)\b
            """
            ),
            re.IGNORECASE,
        ),
    ),
)


def urgency_signs(text: str) -> tuple[str, ...]:
    """Which urgencies the words of `text` propose, of "missing-now", "with-suspect-now", "threat".

    A sign counts unless the words before it deny it or put it into the past, or the words
    after it say that the child is back. Threats are proposed even when told of the past.
    """
    found = []
    for code, pattern in _SIGNS:
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 40) : match.start()]
            after = text[match.end() : match.end() + 80]
            denied = _DENIED if code == "threat" else _NOT_BEFORE
            if denied.search(before) or (code != "threat" and _OVER.search(after)):
                continue
            found.append(code)
            break
    return tuple(found)

"""The deadlines of a family: contact, answers, promises, needs, threats and publications."""

from datetime import timedelta

from domain.clocks.rule import ClockRule, Rules

CLOCKS: Rules = {
    "family-silence": ClockRule(
        says="contact a family and ask how they are: silence is not safety",
        begins="the parents were given a worker, or the last contact with the family was recorded",
        source="the day of the agreed contact, or else two weeks [verify]",
        after=timedelta(days=14),
        role="psw",
        chain=("manager",),
        tier="practice",
        verb="Contact",
        extends=("psw", "charity-worker", "manager", "supervisor"),
        done_by="recording the contact: support contact {item}",
    ),
    "family-silence-unsafe": ClockRule(
        says="a family is silent, and a way to reach them is unsafe: do not contact them. "
        "A supervisor decides how it is asked safely",
        begins="the last contact with a family, after a way to reach them was found to be unsafe",
        source="no worker is prompted to contact a family where a suspect may hear it",
        after=timedelta(days=14),
        role="supervisor",
        chain=("dci",),
        tier="practice",
        verb="Contact",
        extends=("supervisor", "dci"),
        done_by="recording a contact by a safe way: support contact {item}",
    ),
    "parent-acknowledged": ClockRule(
        says="tell a parent that their message has arrived",
        begins="a message, a letter or a log of a family came, and no worker spoke with them",
        source="report: concerns were not valued, recognised or responded to; a day is the team's "
        "own [verify]",
        after=timedelta(hours=24),
        role="psw",
        chain=("manager",),
        tier="practice",
        verb="Contact",
        done_by="telling the family, or any contact with them: family inform {item} received",
    ),
    "parent-answered": ClockRule(
        says="tell a parent the outcome of their information",
        begins="a family gave information for the first time since they were last told an outcome",
        source="report: concerns were not valued, recognised or responded to; 28 days are the "
        "team's own [verify]",
        after=timedelta(days=28),
        role="psw",
        chain=("manager",),
        tier="practice",
        verb="Contact",
        extends=("psw", "charity-worker", "manager"),
        done_by="telling the family: family inform {item}",
    ),
    "promise": ClockRule(
        says="keep a promise to a family",
        begins="a promise to a family was recorded, with its day",
        source='report: parents valued "that they do what they said they were going to do"',
        after=None,
        role="psw",
        chain=("manager",),
        tier="practice",
        verb="Contact",
        done_by="recording whether the promise was kept: family promise-outcome {item} kept",
    ),
    "family-need": ClockRule(
        says="meet a family's need",
        begins="a need of a family was recorded, with its day",
        source="report, section 3 and 1.4: housing, harassment, bullying, a safe house; the day "
        "that was set",
        after=None,
        role="psw",
        chain=("manager",),
        tier="practice",
        verb="Contact",
        extends=("psw", "charity-worker", "manager"),
        done_by="recording what was done about the need: family need-answered {item}",
    ),
    "family-waits": ClockRule(
        says="find out how a family without a worker is",
        begins="a family was recorded as waiting, signposted or turned away, with a day to ask "
        "how they are",
        source="report, 1.1: families who get no worker are signposted; the day that was set",
        after=None,
        role="manager",
        chain=("dci",),
        tier="practice",
        verb="Allocate",
        done_by="recording how the wait ended: waiting end {item}",
    ),
    "threat": ClockRule(
        says="a family is threatened: make sure that they are safe",
        begins="a threat against a family was recorded",
        source='report, section 2: "moved three times, because of the threats they received"; a '
        "day is the product's own [verify]",
        after=timedelta(hours=24),
        role="detective",
        chain=("supervisor", "dci"),
        tier="danger",
        verb="Answer",
        done_by="recording what was done about the threat: family threat-answered {item}",
    ),
    "publication": ClockRule(
        says="a publication leads to a child: act on it",
        begins="a publication that leads to a child was recorded",
        source="Sexual Offences (Amendment) Act 1992 s.1, CYPA 1933 s.49, YJCEA 1999 s.45; "
        "the limit of a day is the product's own [verify]",
        after=timedelta(hours=24),
        role="supervisor",
        chain=("dci",),
        tier="law",
        done_by="recording what was done about the publication: media response {item}",
    ),
}

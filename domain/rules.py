"""The laws and codes of practice on which the program's rules are based, each with its version and
the date on which it was last checked; and those rules that no other module declares (`RULES`).

Most rules are in the tables of other modules (`domain.clocks.CLOCKS`,
`domain.data_protection.disclosure.BASES`, `domain.data_protection.subject_request.EXEMPTIONS`).
Each rule gives its source as text, and this module looks up the laws that the text names. A source
is unchecked if its text has the mark [verify], or if it names a law that has no date in the table
`LAWS`.
"""

from datetime import date

from msgspec import Struct

from domain.clocks import CLOCKS
from domain.data_protection import disclosure, subject_request

VERIFY = "[verify"
#: The day on which the texts of the law were last read for this table.
READ = date(2026, 11, 27)


class Law(Struct, frozen=True):
    """A law or code of practice: the names by which the rules' sources refer to it, the version
    that was read, and the day on which it was read. The day is None if the text was not read, or if
    the version that was read is not the version in force.
    """

    named: tuple[str, ...]
    version: str
    checked: date | None = None


LAWS: tuple[Law, ...] = (
    Law(
        ("Data Protection Act 2018", "DPA 2018"),
        "as in force at 31 March 2026, s.164A since 19 June 2026",
        READ,
    ),
    Law(("UK GDPR",), "as amended in 2025"),
    Law(("Data (Use and Access) Act 2025",), "19 June 2025, in force in parts", READ),
    Law(
        ("Police, Crime, Sentencing and Courts Act 2022", "PCSC Act 2022"),
        "ss.44A-44F, its regulations and its code, in force 12 January 2026",
        READ,
    ),
    Law(("Crime and Policing Act 2026",), "Commencement No.1 Regulations, 25 June 2026"),
    Law(("Police Information and Records Management Code of Practice",), "20 July 2023"),
    Law(("Police and Criminal Evidence Act 1984",), "Part 4"),
    Law(("Child Abduction Act 1984",), "s.2"),
    Law(("Children Act 1989",), "s.49"),
    Law(("Domestic Abuse Act 2021",), "s.1"),
    Law(("Children Act 2004",), "s.16LC, as published on 30 May 2026"),
    Law(("CPIA", "Criminal Procedure and Investigations Act 1996"), "with its Code of 2020"),
    Law(("statutory guidance on children who run away or go missing",), "2014"),
    Law(("CHIS Code of Practice",), "December 2022"),
    Law(("3x5x2",), "College of Policing"),
    Law(("SERAF",), "as used by police forces"),
)


class Sourced(Struct, frozen=True):
    """A rule of the program: its name, its text, and its source."""

    name: str
    says: str
    source: str

    @property
    def laws(self) -> tuple[Law, ...]:
        """Return the laws that the rule's source names."""
        return tuple(law for law in LAWS if any(name in self.source for name in law.named))

    @property
    def open(self) -> bool:
        """Return whether the rule, or part of it, has not been checked against an official text."""
        return VERIFY in self.source or any(law.checked is None for law in self.laws)

    @property
    def checked(self) -> date | None:
        """Return the day of the oldest check of the laws that the rule's source names. Return None
        if one of these laws was not checked, or if the source has the mark [verify].
        """
        if VERIFY in self.source:
            return None
        days = [law.checked for law in self.laws]
        checked_days = [day for day in days if day]
        return min(checked_days) if checked_days and len(checked_days) == len(days) else None


_VICTIM = "Police, Crime, Sentencing and Courts Act 2022"
RULES: tuple[Sourced, ...] = (
    Sourced(
        "childs-number",
        "regulations designate who adds a child's single unique number to data about the child; "
        "until they say otherwise, it is the NHS number",
        "Children Act 2004 s.16LC; its regulations were not found [verify]",
    ),
    Sourced(
        "partner-abuse",
        "abuse of a child by a partner is recorded as an opinion; of a child under 16 it is "
        "child abuse, not domestic abuse",
        "Domestic Abuse Act 2021 s.1(2), (3) [verify]",
    ),
    Sourced(
        "childs-number-told",
        "a child's number is given only to the agencies in a table, each for its own duties, "
        "and each time is recorded",
        "Children Act 2004 s.16LC(1)(b), (10) [verify]",
    ),
    Sourced(
        "support-notes",
        "the police get support notes only by a victim information request; a court's order and "
        "the subject's own right of access are not affected",
        f"{_VICTIM} s.44A(1)",
    ),
    Sourced(
        "counselling",
        "support notes are requested only if substantial probative value is likely, and the "
        "request says why the presumption against it does not apply",
        f"{_VICTIM} s.44A(4), s.44D(2)",
    ),
    Sourced(
        "victim-notice",
        "a victim is informed of a request in writing, at once or as soon as practicable; for a "
        "child, a parent or their substitute; or the exception is recorded",
        f"{_VICTIM} s.44B; the exceptions of s.44B(5) [verify]",
    ),
    Sourced(
        "clock-stops",
        "the days from a question to the subject (who they are, or what they mean) until the "
        "answer do not count, both days included",
        "Data Protection Act 2018 s.54(3C); its s.54(3)(b) would let the month begin later",
    ),
    Sourced(
        "extension-told",
        "if an answer takes up to two months longer, the subject hears that before the first "
        "month ends",
        "Data Protection Act 2018 s.54(3A), (3B)",
    ),
    Sourced(
        "fact-and-opinion",
        "an opinion is marked as different from fact, with its holder, its basis and its review "
        "date",
        "Data Protection Act 2018 s.38 [verify s.38(2)-(5)]",
    ),
    Sourced(
        "who-looked",
        "each access to a record is recorded before the record is shown, with its purpose if "
        "the force requires one",
        "Data Protection Act 2018 s.62; the duty to say why was removed by the Data (Use and "
        "Access) Act 2025 s.82 [verify since when]",
    ),
    Sourced(
        "erased-log",
        "the record of an erasure does not contain the erased data",
        "Data Protection Act 2018 s.47, s.62",
    ),
    Sourced(
        "schedules",
        "only a disclosure officer decides whether unused material is relevant or sensitive",
        "Criminal Procedure and Investigations Act 1996 and the Attorney General's Guidelines 2024 "
        "[verify]",
    ),
    Sourced(
        "covert-source",
        "a parent, or a person with parental responsibility, is never tasked with reporting on "
        "their own child",
        "CHIS Code of Practice [verify]",
    ),
)


def all_rules() -> tuple[Sourced, ...]:
    """Return all rules that the program shows to users: those of the table in this module, and
    those that other modules declare.
    """
    clocks = (
        Sourced(f"clock: {name}", clock_rule.says, clock_rule.source)
        for name, clock_rule in CLOCKS.items()
    )
    bases = (_rule_with_source(f"basis: {name}", words) for name, words in disclosure.BASES.items())
    exempt = subject_request.EXEMPTIONS.items()
    withheld = (_rule_with_source(f"exemption: {name}", words) for name, words in exempt)
    return (*RULES, *clocks, *bases, *withheld)


def _rule_with_source(name: str, words: str) -> Sourced:
    """Return a rule from a text that ends with the rule's source in brackets. The rule is marked as
    not yet checked ([verify]).
    """
    rule_text, bracket, source = words.partition(" (")
    return Sourced(
        name, rule_text, f"{source.removesuffix(')')} [verify]" if bracket else "[verify]"
    )

"""Input of each declared use case for every front, a file a subject."""

from tests.usecases.fronts import Subject
from tests.usecases.stories.accounts import ACCOUNTS, ALONE, CONFIRMING
from tests.usecases.stories.cases import CASES
from tests.usecases.stories.charging import CHARGING
from tests.usecases.stories.charts import CHARTS
from tests.usecases.stories.complaints import COMPLAINTS
from tests.usecases.stories.court import COURT
from tests.usecases.stories.disclosing import DISCLOSING, PARTS
from tests.usecases.stories.family import FAMILY
from tests.usecases.stories.grants import AUTHORITIES, GRANTS
from tests.usecases.stories.identifiers import IDENTIFIERS
from tests.usecases.stories.identity import IDENTITY
from tests.usecases.stories.joining import JOINING
from tests.usecases.stories.justice import EVIDENCE, JUSTICE
from tests.usecases.stories.keeping import KEEPING
from tests.usecases.stories.links import LINKS
from tests.usecases.stories.looking import LOOKING
from tests.usecases.stories.marac import MARAC
from tests.usecases.stories.material import MATERIAL
from tests.usecases.stories.meetings import MEETINGS
from tests.usecases.stories.members import MEMBERS
from tests.usecases.stories.missing import MISSING
from tests.usecases.stories.needs import NEEDS
from tests.usecases.stories.notices import NOTICES
from tests.usecases.stories.offers import OFFERS
from tests.usecases.stories.parents import PARENTS
from tests.usecases.stories.people import PEOPLE
from tests.usecases.stories.profiles import PROFILES
from tests.usecases.stories.publications import PUBLICATIONS
from tests.usecases.stories.reporting import REPORTING
from tests.usecases.stories.request_intakes import REQUEST_INTAKES
from tests.usecases.stories.sources import SOURCES
from tests.usecases.stories.standing_pattern import STANDING_PATTERN
from tests.usecases.stories.standing_search import STANDING_SEARCH
from tests.usecases.stories.support import COMPARTMENTS, SUPPORT
from tests.usecases.stories.victim_request import VICTIM_REQUEST
from tests.usecases.stories.words import WORDS
from tests.usecases.stories.workers import WORKERS

SUBJECTS: dict[str, Subject] = {
    "accounts": ACCOUNTS,
    "accounts-confirmed": CONFIRMING,
    "accounts-alone": ALONE,
    "authorities": AUTHORITIES,
    "cases": CASES,
    "charging": CHARGING,
    "charts": CHARTS,
    "complaints": COMPLAINTS,
    "court": COURT,
    "disclosing": DISCLOSING,
    "family": FAMILY,
    "grants": GRANTS,
    "keeping": KEEPING,
    "looking": LOOKING,
    "material": MATERIAL,
    "meetings": MEETINGS,
    "members": MEMBERS,
    "missing": MISSING,
    "marac": MARAC,
    "needs": NEEDS,
    "offers": OFFERS,
    "parents": PARENTS,
    "parts": PARTS,
    "profiles": PROFILES,
    "publications": PUBLICATIONS,
    "sources": SOURCES,
    "support": SUPPORT,
    "compartments": COMPARTMENTS,
    "reporting": REPORTING,
    "request intakes": REQUEST_INTAKES,
    "victim requests": VICTIM_REQUEST,
    "evidence": EVIDENCE,
    "joining": JOINING,
    "standing patterns": STANDING_PATTERN,
    "standing searches": STANDING_SEARCH,
    "justice": JUSTICE,
    "notices": NOTICES,
    "people": PEOPLE,
    "identifiers": IDENTIFIERS,
    "identity": IDENTITY,
    "words": WORDS,
    "workers": WORKERS,
    "links": LINKS,
}

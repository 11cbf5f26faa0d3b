"""The settings of an installation. The environment overrides `continuum.toml`, and unknown keys are
refused.

The file is long because it has a field for each setting.
"""

import json
import tomllib
from collections.abc import Collection, Mapping
from datetime import time, timedelta
from functools import lru_cache
from os import environ
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, get_origin

import msgspec
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from domain.clocks import CLOCKS
from domain.data_protection.retention import DEFAULT, GroupRule, MopiGroup
from domain.families.supervision import MEASURES, WEIGHTS
from domain.families.threshold import DEFINITIONS, IN_FORCE
from domain.kernel.decoding import decoder
from domain.kernel.envelope import Regime
from domain.kernel.values import PoleCategory, Threshold

PREFIX = "CONTINUUM_"
CONFIG = "continuum.toml"
#: The user's name if no name is given.
UNNAMED = "nobody-in-particular"
#: A number of hours: more than zero, at most ten years.
Hours = Annotated[float, Field(gt=0, le=24 * 3653, allow_inf_nan=False)]


class Feed(BaseModel):
    """The address of a program that receives the feed of changes, and a file with the secret that
    signs the calls.
    """

    model_config = ConfigDict(extra="forbid")

    url: str
    secret_file: Path


def _rules_of_groups(table: object) -> dict[MopiGroup, GroupRule]:
    """Return the retention rule of each MoPI group (a class of records in the management of police
    information). The rules in `table`, which comes from the settings file or the environment,
    replace the default rules. Raises ValueError if a rule is invalid.
    """
    rules_by_group = decoder(dict[MopiGroup, GroupRule])(msgspec.json.encode(table))
    return {**DEFAULT.groups, **rules_by_group}


class Settings(BaseModel):
    """The settings of an installation. The text below each setting explains it; docs/settings.md is
    made from these texts. A file with a secret has to be readable by its owner only (mode 0600).
    """

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
        validate_default=True,
        arbitrary_types_allowed=True,
    )

    store: str = "continuum-store"
    """The store: a directory, or the address of a database, postgresql://…"""
    home: Path | None = None
    """The directory of keys, original files and published checkpoints. By default the store's
    directory, or the account's own data directory when the store is on a server."""
    key_passphrase_file: Path | None = None
    """A file with the passphrase that protects the keys (docs/keys.md)."""
    backup_store_key: Path | None = None
    """The public key to which backups of the store are encrypted, made by `continuum keys
    pair`. A live store makes no backup without it."""
    backup_keys_key: Path | None = None
    """The public key to which backups of the keys are encrypted. It has to be another person's
    key."""
    first_site: str | None = None
    """At a second site: the address of the first site's database, postgresql://…, to which the
    second site writes. It reads its own copy (docs/second-site.md)."""
    second_keys: Path | None = None
    """At the site that writes: the directory of the second site's keys, mounted here. Keys are made
    and destroyed in both (docs/second-site.md)."""
    token_file: Path | None = None
    """The file in which `continuum login` stores its token. By default in the account's own
    settings directory."""
    oidc_issuer: str | None = None
    """The force's identity provider (OpenID Connect), at which people sign in."""
    oidc_client: str = "continuum"
    """This installation's name at the identity provider."""
    oidc_secret_file: Path | None = None
    """A file with the secret that the identity provider and this installation share, if there is
    one."""
    oidc_claim: str = "preferred_username"
    """The claim by which the identity provider names the account. People must not be able to change
    it, and no other person may get it later."""
    user: str = UNNAMED
    """Your user name, in a store that does not check who you are: one without accounts, or a
    synthetic one."""
    team: str = "Engage"
    """Your team, if no account has one."""
    controller: str = "police"
    """The data controller of the record, if no account has one."""
    assessor: bool = True
    """Whether you assess log entries, if no account says so."""
    regimes: dict[str, Regime] = {"police": "part-3"}
    """The law under which each controller works; a controller that is not listed works under UK
    GDPR."""
    mopi_groups: Annotated[dict[MopiGroup, GroupRule], BeforeValidator(_rules_of_groups)] = dict(
        DEFAULT.groups
    )
    """The review periods of the groups of records by the Management of Police Information, MoPI
    [verify: APP information management]."""
    mopi_categories: dict[PoleCategory, MopiGroup] = dict(DEFAULT.by_category)
    """The MoPI group (class of records for their review) of each category of person [verify]."""
    mopi_cases: MopiGroup = DEFAULT.cases
    """The MoPI group (class of records for their review) of cases [verify]."""
    mopi_others: MopiGroup = DEFAULT.others
    """The MoPI group (class of records for their review) of all other items [verify]."""
    archive_days: Annotated[int, Field(ge=0)] | None = None
    """For how many days you retain archives of PostgreSQL's write-ahead log: an erasure's
    certificate names the day on which the last of them is deleted."""
    unsigned_minutes: Annotated[float, Field(gt=0, le=60 * 24 * 366, allow_inf_nan=False)] = 15
    """How many minutes a record may wait for its signature before `verify` and `doctor` say that
    the signer stopped."""
    clock_leap_days: Annotated[float, Field(ge=1, le=366, allow_inf_nan=False)] = 14
    """How many days the clock may be ahead of the last record before the time counts as uncertain:
    the clock may be wrong, or nothing was recorded for so long."""
    disks_encrypted: bool = False
    """True once the disks with the views are encrypted as a whole. A database server and a virtual
    machine do not report that: `doctor` warns until this is set."""
    question_wait: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] = 0.25
    """How many seconds a page waits for the newest records before it is shown without them, and
    says how many are missing."""
    urgent_hours: Hours = CLOCKS["urgent-words"].within / timedelta(hours=1)
    """Within how many hours urgent log entries have to be assessed."""
    other_hours: Hours = CLOCKS["words-waiting"].within / timedelta(hours=1)
    """Within how many hours other log entries have to be assessed."""
    on_call: str | None = None
    """The person to call while the rota is empty, as free text."""
    office_from: time = MEASURES.hours.since
    """The start of a working day in London; a contact before it counts as out of hours."""
    office_until: time = MEASURES.hours.until
    """The end of a working day in London; a contact after it counts as out of hours."""
    family_weights: dict[Threshold, Annotated[float, Field(ge=0, le=100)]] = dict(WEIGHTS)
    """The weight of an open family in a worker's load, by its rating [verify]."""
    half_life_days: Annotated[int, Field(ge=1, le=36_525)] | None = None
    """After how many days a piece of information loses half its weight in connections of offenders
    through shared things; if unset, it loses none. A query may give another number [verify: a
    police force sets its own]."""
    smtp_host: str | None = None
    """The mail server for messages that a deadline is due (docs/notifying.md)."""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    """The port of the mail server."""
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection to the mail server is encrypted; "none" only if it is on this machine."""
    smtp_from: str | None = None
    """The sender of the mails."""
    smtp_account: str | None = None
    """The account at the mail server, if it needs one."""
    smtp_password_file: Path | None = None
    """A file with the password of the account at the mail server."""
    webhook_url: str | None = None
    """Another system of the force that notifies people, by a signed call."""
    webhook_secret_file: Path | None = None
    """A file with the secret that signs the calls to `webhook_url`."""
    pager_url: str | None = None
    """The pager that calls the person on call, by a signed call."""
    pager_secret_file: Path | None = None
    """A file with the secret that signs the calls to `pager_url`."""
    feeds: dict[str, Feed] = {}
    """The programs to which Continuum sends changes, by their accounts: for each a `url` and a
    `secret_file` (docs/api.md)."""
    exchange_force: str | None = None
    """The name of this police force in the exchange with other forces (docs/hub.md)."""
    exchange_key_service: str | None = None
    """The key service, https://…, which makes the blind tokens of offers."""
    exchange_key_secret_file: Path | None = None
    """A file with this force's secret at the key service."""
    exchange_keys: dict[int, str] = {}
    """The public keys of the key service by their numbers, in hexadecimal digits, as its operator
    published them: no offer is made with another key."""
    exchange_second_key_service: str | None = None
    """A second key service, run by another organisation: a token then needs both keys. All forces
    of an exchange set it, or none (docs/hub.md)."""
    exchange_second_key_secret_file: Path | None = None
    """A file with this force's secret at the second key service."""
    exchange_second_keys: dict[int, str] = {}
    """The public keys of the second key service, written as in `exchange_keys`."""
    exchange_hub: str | None = None
    """The hub's database, postgresql://…, with this force's role there: `continuum watch` reads
    matches from it. Without a hub, matches arrive in files."""
    authority_file: Path | None = None
    """The certificates of the force's own certificate authority, if it has one, for connections to
    mail servers and other programs."""
    screens_url: str | None = None
    """The first page of the screens, to which a message links."""
    traces_url: str | None = None
    """A collector of traces (OpenTelemetry, OTLP over HTTP), which receives each request without
    names and ids (docs/deploying.md)."""
    threshold_definition: str = IN_FORCE
    """The version of the threshold definition by which families are rated."""
    threshold_definitions: dict[str, str] = dict(DEFINITIONS)
    """The threshold definitions that may be used: the text of each by its version."""
    analyse_links: Annotated[int, Field(ge=1)] = 20_000_000
    """The number of links from which the whole network is computed on Spark instead of in one
    process (docs/scale.md)."""
    analyse_master: str = "local[*]"
    """The Spark master: local[*] is this machine, spark://… a cluster of the force's own."""
    no_value_sample: Annotated[int, Field(ge=1)] = 10
    """A second person checks one in this many decisions "no value"."""
    places_file: Path | None = None
    """A file with places besides the country's towns, one a line or in the first column of a csv:
    the program reads them as places in log entries."""
    why_required_for: tuple[str, ...] = ("network",)
    """The queries that need a stated purpose (DPA 2018 s.62), by their first words: "network" means
    all queries of the network."""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    """The lowest level of messages that are logged; "info" logs each request
    (docs/deploying.md)."""


#: For each of pydantic's types of error, the sentence about a wrong value; the limits of the
#: setting are inserted.
_PLAIN = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "greater_than": "has to be more than {gt}",
    "greater_than_equal": "has to be {ge} or more",
    "less_than": "has to be less than {lt}",
    "less_than_equal": "has to be {le} or less",
    "literal_error": "has to be {expected}",
    "enum": "has to be {expected}",
    "string_too_long": "may have {max_length} characters",
    "too_long": "may hold {max_length}",
    "finite_number": "has to be a number",
}
_KINDS = {
    "int": "has to be a whole number",
    "float": "has to be a number",
    "decimal": "has to be a number",
    "bool": "has to be true or false",
    "uuid": "has to be an id",
    "date": "has to be a date, like 2011-03-19",
    "datetime": "has to be a time, like 2011-03-19T23:40",
    "string": "has to be text",
    "path": "has to be a path",
    "list": "has to be a list",
    "tuple": "has to be a list",
    "dict": "has to be a table of names and values",
}


def plainly(fault: Mapping[str, Any]) -> str:
    """Return a plain sentence about a wrong setting, without the setting's value, because someone
    may have typed an entry's text there. `fault` is one of pydantic's errors.
    """
    kind: str = fault["type"]
    if kind == "value_error":
        return f"cannot be: {fault['ctx']['error']}"
    text = _PLAIN.get(kind) or _KINDS.get(kind.partition("_")[0]) or "cannot be read"
    return text.format(**fault.get("ctx", {}))


def _suggest_name(fault: Mapping[str, Any], names: Collection[str]) -> str:
    """Return a suggestion for the name of an unknown setting; "" if no name is similar."""
    from difflib import get_close_matches

    if fault["type"] != "extra_forbidden" or len(fault["loc"]) > 1:
        return ""
    near = get_close_matches(str(fault["loc"][0]), names, 1)
    return f": is {near[0]} meant?" if near else ""


class BadSettings(Exception):
    """Raised if a setting is unknown or has an invalid value."""


def load_settings(**given: object) -> Settings:
    """Return the settings of this installation. Raises BadSettings, which names each key that is
    unknown or wrong."""
    field_names = set(Settings.model_fields)
    strange = [
        key for key in environ if key.upper().startswith(PREFIX) and _name(key) not in field_names
    ]
    if strange:
        raise BadSettings(
            f"the environment sets {', '.join(sorted(strange))}, which are not settings. "
            f"Settings: {', '.join(sorted(PREFIX + key.upper() for key in field_names))}"
        )
    wanted = {key: value for key, value in given.items() if value is not None}
    try:
        return _load(*_sources(), tuple(wanted.items())).model_copy()
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, fault['loc']))} {plainly(fault)}"
            f"{_suggest_name(fault, field_names)}"
            for fault in error.errors()
        )
        raise BadSettings(f"the settings ({CONFIG}, environment) are not valid: {wrong}") from error
    except ValueError as error:
        raise BadSettings(
            f"the settings ({CONFIG}, environment) cannot be read: {error}"
        ) from error


#: The content of the settings file (None without a file), and the environment variables with
#: settings.
Sources: TypeAlias = tuple[bytes | None, tuple[tuple[str, str], ...]]


def _sources() -> Sources:
    """Return the contents of all sources of the settings, except values that the caller passed.
    With the same contents a process gets its cached settings, and does not parse them again for
    each command."""
    file = Path(CONFIG)
    content = file.read_bytes() if file.is_file() else None
    names = sorted(name for name in environ if name.upper().startswith(PREFIX))
    return content, tuple((name, environ[name]) for name in names)


@lru_cache(maxsize=64)
def _load(
    file: bytes | None,
    environment: tuple[tuple[str, str], ...],
    given: tuple[tuple[str, Any], ...],
) -> Settings:
    """Return the settings: `given` values override the environment, which overrides the file."""
    read = tomllib.loads(file.decode("utf-8")) if file else {}
    typed = {_name(variable): _typed(variable, text) for variable, text in environment}
    return Settings(**(read | typed | dict(given)))


def _name(variable: str) -> str:
    """Return the name of the setting that a variable of the environment sets."""
    return variable.upper().removeprefix(PREFIX).lower()


def _typed(variable: str, text: str) -> object:
    """Return the value of a variable of the environment; a table or a list is parsed from JSON.

    Raises ValueError.
    """
    kind = get_origin(Settings.model_fields[_name(variable)].annotation)
    if kind not in (dict, tuple):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise ValueError(f"{variable} has to be written as JSON") from error

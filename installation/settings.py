"""What an installation may set: environment over `continuum.toml`; unknown keys are refused."""

from collections.abc import Collection, Mapping
from datetime import time, timedelta
from functools import lru_cache
from os import environ
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from domain.clocks import CLOCKS
from domain.data_protection.retention import DEFAULT, GroupRule, MopiGroup
from domain.families.supervision import MEASURES, WEIGHTS
from domain.families.threshold import DEFINITIONS, IN_FORCE
from domain.kernel.envelope import Regime
from domain.kernel.values import PoleCategory, Threshold

PREFIX = "CONTINUUM_"
CONFIG = "continuum.toml"
#: Who does not say who they are.
UNNAMED = "nobody-in-particular"
#: More than nothing, at most ten years: a clock that the queue can reckon with.
Hours = Annotated[float, Field(gt=0, le=24 * 3653, allow_inf_nan=False)]


class Feed(BaseModel):
    """Where a program is called with what changed, and a file with the secret that signs it."""

    model_config = ConfigDict(extra="forbid")

    url: str
    secret_file: Path


class Settings(BaseSettings):
    """What an installation may set. What each means stands beneath it, and in docs/settings.md,
    which is made from here; files with a secret are for their owner alone (mode 0600)."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, toml_file=CONFIG, extra="forbid", use_attribute_docstrings=True
    )

    store: str = "continuum-store"
    """Where the store is: a directory, or the address of a database, postgresql://…"""
    home: Path | None = None
    """Where keys, originals and published checkpoints lie. Without it: in the store's directory, or
    under the account's own data where the store is on a server."""
    key_passphrase_file: Path | None = None
    """A file with the passphrase of the keys that words are sealed with (docs/keys.md)."""
    backup_store_key: Path | None = None
    """The public key to which backups of the store are sealed, made by `continuum keys pair`. On a
    live store nothing is backed up without it."""
    backup_keys_key: Path | None = None
    """The public key to which backups of its keys are sealed: another person's."""
    first_site: str | None = None
    """At a second site: the address of the database that is written to, postgresql://…; this site
    reads its own copy of it (docs/second-site.md)."""
    second_keys: Path | None = None
    """At the site that writes: the directory of the second site's keys, as it is reached from here.
    Keys are made and destroyed in both (docs/second-site.md)."""
    token_file: Path | None = None
    """Where `continuum login` keeps its token. Without it: under the account's own settings."""
    oidc_issuer: str | None = None
    """The force's identity provider (OpenID Connect), at which people sign in."""
    oidc_client: str = "continuum"
    """What the provider calls this installation."""
    oidc_secret_file: Path | None = None
    """A file with the secret between the provider and this installation, if there is one."""
    oidc_claim: str = "preferred_username"
    """What names the account: a claim that people cannot change and no other person gets."""
    user: str = UNNAMED
    """Who you are, where nobody checks it: a store without accounts, or a synthetic one."""
    team: str = "Engage"
    """Your team, where no account says it."""
    controller: str = "police"
    """Whose record it is: the data controller, where no account says it."""
    assessor: bool = True
    """Whether you assess words, where no account says it."""
    regimes: dict[str, Regime] = {"police": "part-3"}
    """Under which law each controller works; who is not listed works under UK GDPR."""
    mopi_groups: dict[MopiGroup, GroupRule] = dict(DEFAULT.groups)
    """The review periods of the MoPI groups [verify: APP information management]."""
    mopi_categories: dict[PoleCategory, MopiGroup] = dict(DEFAULT.by_category)
    """Which category of person belongs to which group [verify]."""
    mopi_cases: MopiGroup = DEFAULT.cases
    """Which group cases belong to [verify]."""
    mopi_others: MopiGroup = DEFAULT.others
    """Which group all others belong to [verify]."""
    archive_days: Annotated[int, Field(ge=0)] | None = None
    """How many days archives of PostgreSQL's write-ahead log are kept: an erasure's certificate
    names the day on which the last of them is deleted."""
    unsigned_minutes: Annotated[float, Field(gt=0, le=60 * 24 * 366, allow_inf_nan=False)] = 15
    """How many minutes a record may wait for its signature before `verify` and `doctor` say that
    the signer stopped."""
    clock_leap_days: Annotated[float, Field(ge=1, le=366, allow_inf_nan=False)] = 14
    """How many days after the last record the clock may be before the time counts as uncertain: it
    may be wrong, or the store may have rested."""
    disks_encrypted: bool = False
    """True once the disks that hold the views are encrypted as a whole. A database server and a
    virtual machine do not say so themselves: `doctor` asks for it until this is set."""
    question_wait: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] = 0.25
    """How many seconds a page waits for what was recorded just now, before it says what it
    lacks."""
    urgent_hours: Hours = CLOCKS["urgent-words"].within / timedelta(hours=1)
    """Within how many hours urgent words are to be assessed."""
    other_hours: Hours = CLOCKS["words-waiting"].within / timedelta(hours=1)
    """Within how many hours other words are to be assessed."""
    on_call: str | None = None
    """Who is rung while the rota is empty, in words."""
    office_from: time = MEASURES.hours.since
    """When a working day begins in London; before it a contact counts as out of hours."""
    office_until: time = MEASURES.hours.until
    """When a working day ends."""
    family_weights: dict[Threshold, Annotated[float, Field(ge=0, le=100)]] = dict(WEIGHTS)
    """What an open family weighs in a worker's load, by its rating [verify]."""
    half_life_days: Annotated[int, Field(ge=1, le=36_525)] | None = None
    """In how many days an account loses half its weight where offenders are tied by what they
    share; unset it loses none. Who asks may say otherwise [verify: a force sets its own]."""
    smtp_host: str | None = None
    """The mail server by which people are told that something is due for them
    (docs/notifying.md)."""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Its port."""
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    """How it is reached: none on this machine alone."""
    smtp_from: str | None = None
    """From whom mail comes."""
    smtp_account: str | None = None
    """The account at the mail server, if it asks for one."""
    smtp_password_file: Path | None = None
    """A file with the password of that account."""
    webhook_url: str | None = None
    """Another system of the force that tells people, by a signed call."""
    webhook_secret_file: Path | None = None
    """A file with the secret that signs these calls."""
    pager_url: str | None = None
    """The pager that rings who is on call, by a signed call."""
    pager_secret_file: Path | None = None
    """A file with the secret that signs these calls."""
    feeds: dict[str, Feed] = {}
    """The programs that are called with what changed, by their accounts: each a `url` and a
    `secret_file` (docs/api.md)."""
    exchange_force: str | None = None
    """What this force is called in the exchange with others (docs/hub.md)."""
    exchange_key_service: str | None = None
    """The key service, https://…, which gives the blind tokens of what is offered."""
    exchange_key_secret_file: Path | None = None
    """A file with this force's secret at the key service."""
    exchange_keys: dict[int, str] = {}
    """The public keys of the key service by their numbers, in hexadecimal digits, as its operator
    told them: under another key nothing is offered."""
    exchange_second_key_service: str | None = None
    """A second key service, which another organisation runs: a token then takes both their keys.
    All forces of an exchange set it, or none (docs/hub.md)."""
    exchange_second_key_secret_file: Path | None = None
    """A file with this force's secret at the second key service."""
    exchange_second_keys: dict[int, str] = {}
    """The public keys of the second key service, as `exchange_keys`."""
    exchange_hub: str | None = None
    """The hub's database, postgresql://…, as this force's role there: `continuum watch` follows
    it. Without it what the hub tells comes in files."""
    authority_file: Path | None = None
    """The certificates of the force's own authority, if it has one, for mail and calls."""
    screens_url: str | None = None
    """The first page of the screens, to which a message links."""
    traces_url: str | None = None
    """A collector of traces (OpenTelemetry, OTLP over HTTP), which is told of each request without
    a name and an id (docs/deploying.md)."""
    threshold_definition: str = IN_FORCE
    """By which definition of the thresholds a family is rated."""
    threshold_definitions: dict[str, str] = dict(DEFINITIONS)
    """The definitions of the thresholds by which a family may be rated: the version of each, with
    its text."""
    analyse_links: Annotated[int, Field(ge=1)] = 20_000_000
    """From so many links on the whole network is computed on Spark instead of in one process
    (docs/scale.md)."""
    analyse_master: str = "local[*]"
    """Where Spark computes: local[*] is this machine, spark://… a cluster of the force's own."""
    no_value_sample: Annotated[int, Field(ge=1)] = 10
    """Of so many items that were judged to be of no value one is audited."""
    places_file: Path | None = None
    """A file with places that the force knows besides the country's towns, one a line or in the
    first column of a csv: words that name one are read as naming a place."""
    why_required_for: tuple[str, ...] = ("network",)
    """The queries for which a reason is asked (s.62), by their first words: "network" is all of
    them."""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    """What is logged at least; with "info" each request is (docs/deploying.md)."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given on the command line beats the environment, which beats the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


#: What a value is not, or is too much of: by how pydantic calls the fault, with what belongs to it.
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
    """What is wrong with a value, in plain words and without the value: it may be somebody's
    words. `fault` is one of pydantic's errors."""
    kind: str = fault["type"]
    if kind == "value_error":
        return f"cannot be: {fault['ctx']['error']}"
    told = _PLAIN.get(kind) or _KINDS.get(kind.partition("_")[0]) or "cannot be read"
    return told.format(**fault.get("ctx", {}))


def _meant(fault: Mapping[str, Any], known: Collection[str]) -> str:
    """Which setting may be meant by one that is none."""
    from difflib import get_close_matches

    if fault["type"] != "extra_forbidden" or len(fault["loc"]) > 1:
        return ""
    near = get_close_matches(str(fault["loc"][0]), known, 1)
    return f": is {near[0]} meant?" if near else ""


class BadSettings(Exception):
    """A setting is unknown or has a value that cannot be."""


def load_settings(**given: object) -> Settings:
    """The settings in force. Raises BadSettings naming each key that is unknown or wrong."""
    known = set(Settings.model_fields)
    strange = [
        key
        for key in environ
        if key.startswith(PREFIX) and key.removeprefix(PREFIX).lower() not in known
    ]
    if strange:
        raise BadSettings(
            f"the environment sets {', '.join(sorted(strange))}, which is no setting; "
            f"known are {', '.join(sorted(PREFIX + key.upper() for key in known))}"
        )
    wanted = {key: value for key, value in given.items() if value is not None}
    try:
        return _load(_told(), tuple(wanted.items())).model_copy()
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, fault['loc']))} {plainly(fault)}{_meant(fault, known)}"
            for fault in error.errors()
        )
        raise BadSettings(f"the settings ({CONFIG}, environment) do not fit: {wrong}") from error
    except ValueError as error:
        raise BadSettings(
            f"the settings ({CONFIG}, environment) cannot be read: {error}"
        ) from error


def _told() -> tuple[object, ...]:
    """Whatever the settings are read from, beside what is given: where none of it changed they are
    what they were, and a process that runs many commands reads them once."""
    file = Path(CONFIG)
    names = sorted(name for name in environ if name.upper().startswith(PREFIX))
    said = file.read_bytes() if file.is_file() else None
    return said, tuple((name, environ[name]) for name in names)


@lru_cache(maxsize=64)
def _load(told: tuple[object, ...], given: tuple[tuple[str, Any], ...]) -> Settings:
    return Settings(**dict(given))

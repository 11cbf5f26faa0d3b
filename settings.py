"""What an installation may set: environment over `continuum.toml`; unknown keys are refused."""

from collections.abc import Mapping
from datetime import time, timedelta
from os import environ
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from domain.due import CLOCKS
from domain.envelope import Regime
from domain.retention import DEFAULT, GroupRule, MopiGroup
from domain.supervision import MEASURES, WEIGHTS
from domain.values import PoleCategory, Threshold

PREFIX = "CONTINUUM_"
CONFIG = "continuum.toml"
#: Who does not say who they are.
UNNAMED = "nobody-in-particular"
#: More than nothing, at most ten years: a clock that the queue can reckon with.
Hours = Annotated[float, Field(gt=0, le=24 * 3653, allow_inf_nan=False)]


class Settings(BaseSettings):
    """What an installation may set, in `continuum.toml` or as CONTINUUM_… in the environment.

    `regimes` says under which law each controller works; who is not listed works under UK GDPR.
    `key_passphrase_file` is a file, for its owner alone, with the passphrase of the keys that
    words are sealed with (docs/keys.md). `token_file` is where `continuum login` keeps its token,
    for its owner alone; without it, under their own directory of settings.
    `oidc_issuer` is the force's identity provider, `oidc_client` what it calls this installation,
    `oidc_secret_file` the secret between them, if there is one, and `oidc_claim` what names the
    account: one that people cannot change and that is never given to anybody else.
    `why_required_for` names the queries (by their first words: "network" is all of them) for which
    a reason is asked (s.62; default: victims and networks).
    `mopi_groups` are the review periods of the MoPI groups, `mopi_categories` which category of
    person belongs to which, `mopi_cases` and `mopi_others` what cases and all others belong to
    [verify: APP information management]. `archive_days` is how long archives of PostgreSQL's
    write-ahead log are kept: an erasure's certificate names the day on which the last is deleted.
    `office_from` and `office_until` are the hours of a working day in London, outside of which a
    contact counts as out of hours; `family_weights` what an open family weighs in a worker's load,
    by its rating [verify].
    `smtp_host` is the mail server by which people are told that something is due for them (with
    `smtp_port`, `smtp_tls`, from whom, and an account whose password lies in a file); `webhook_url`
    another system of the force that tells them, `pager_url` the pager that rings who is on call:
    their calls are signed with the secret in a file. Such files are for their owner alone.
    `authority_file` holds the certificates of the force's own authority, if it has one, and
    `screens_url` is the first page of the screens, to which a message links.
    `unsigned_minutes` is how long a record may wait for its signature before `verify` says that the
    signer stopped.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, toml_file=CONFIG, extra="forbid")

    store: str = "continuum-store"
    home: Path | None = None
    key_passphrase_file: Path | None = None
    token_file: Path | None = None
    oidc_issuer: str | None = None
    oidc_client: str = "continuum"
    oidc_secret_file: Path | None = None
    oidc_claim: str = "preferred_username"
    user: str = UNNAMED
    team: str = "Engage"
    controller: str = "police"
    assessor: bool = True
    regimes: dict[str, Regime] = {"police": "part-3"}
    mopi_groups: dict[MopiGroup, GroupRule] = dict(DEFAULT.groups)
    mopi_categories: dict[PoleCategory, MopiGroup] = dict(DEFAULT.by_category)
    mopi_cases: MopiGroup = DEFAULT.cases
    mopi_others: MopiGroup = DEFAULT.others
    archive_days: Annotated[int, Field(ge=0)] | None = None
    unsigned_minutes: Annotated[float, Field(gt=0, le=60 * 24 * 366, allow_inf_nan=False)] = 15
    question_wait: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] = 0.25
    urgent_hours: Hours = CLOCKS["urgent-words"].within / timedelta(hours=1)
    other_hours: Hours = CLOCKS["words-waiting"].within / timedelta(hours=1)
    on_call: str | None = None
    office_from: time = MEASURES.hours.since
    office_until: time = MEASURES.hours.until
    family_weights: dict[Threshold, Annotated[float, Field(ge=0, le=100)]] = dict(WEIGHTS)
    smtp_host: str | None = None
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    smtp_from: str | None = None
    smtp_account: str | None = None
    smtp_password_file: Path | None = None
    webhook_url: str | None = None
    webhook_secret_file: Path | None = None
    pager_url: str | None = None
    pager_secret_file: Path | None = None
    authority_file: Path | None = None
    screens_url: str | None = None
    threshold_definition: str = "lmh-2013/1"
    no_value_sample: Annotated[int, Field(ge=1)] = 10
    why_required_for: tuple[str, ...] = ("network",)
    log_level: Literal["debug", "info", "warning", "error"] = "warning"

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
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, fault['loc']))} {plainly(fault)}" for fault in error.errors()
        )
        raise BadSettings(f"the settings ({CONFIG}, environment) do not fit: {wrong}") from error
    except ValueError as error:
        raise BadSettings(
            f"the settings ({CONFIG}, environment) cannot be read: {error}"
        ) from error

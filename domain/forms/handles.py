"""Accounts and e-mail addresses in normal form, with the platform as part of an account.

The same name on two platforms means two accounts, and a name without a platform means a third. An
e-mail address includes its domain. The spelling of a name is never corrected.
"""

from types import MappingProxyType

from domain.forms.patterns import lazy_regex
from domain.forms.words import fold

PLATFORMS = MappingProxyType(
    {
        "snap": "snapchat", "snap chat": "snapchat", "sc": "snapchat", "insta": "instagram",
        "ig": "instagram", "instagran": "instagram", "tik tok": "tiktok", "tt": "tiktok",
        "fb": "facebook", "face book": "facebook", "x": "twitter", "tg": "telegram",
        "whats app": "whatsapp", "wa": "whatsapp", "yt": "youtube", "psn": "playstation",
        "ps": "playstation", "xbox live": "xbox", "only fans": "onlyfans", "be real": "bereal",
        "monkey app": "monkey", "e mail": "email", "e-mail": "email", "mail": "email",
    }
)  # fmt: skip
"""Other names of platforms, each with its standard name."""
_NAMED = frozenset(PLATFORMS.values()) | {
    "bbm", "msn", "kik", "discord", "roblox", "fortnite", "messenger", "signal", "wickr", "yubo",
    "omegle", "steam", "twitch", "wizz", "skype", "reddit", "viber", "tumblr", "pinterest",
    "linkedin", "wechat", "line", "threads", "bluesky", "vsco", "badoo", "tinder", "grindr",
}  # fmt: skip
_SHORT = frozenset({"x", "sc", "ig", "fb", "tt", "tg", "wa", "yt", "ps", "line", "mail", "steam"})
_EMAIL = lazy_regex(
    r"(?:mailto:)?([^@\s:,;<>()\[\]\"]+@[^@\s:,;<>()\[\]\"/]+\.[^@\s:,;<>()\[\]\"/.]+)"
)
#: A pattern of an e-mail address that is spoken ("kim at home dot com"), or typed with a slip.
_EMAIL_TOLD = lazy_regex(
    r"(?P<name>[\w.+-]{1,64})(?:@ ?| @ | ?[(\[]at[)\]] ?| at (?=.* dot ))"
    r"(?P<host>[\w-]+(?:(?: ?[.,] ?| dot )(?=[a-z])[\w-]+)+)"
)
_DOT = lazy_regex(r" ?[.,] ?| dot ")
_ADDRESS = lazy_regex(
    r"(?:https?://)?(?:www\.|m\.)?(?P<host>[\w-]+)\.(?:com|co\.uk|net|tv|me|org)/"
    r"(?:@|add/|u/|user/|in/)?(?P<name>[^/?#\s]+).*"
)
_PREFIX = lazy_regex(r"(?P<platform>[^\W\d_][\w .-]{0,20}?) ?:(?!//) ?(?P<name>\S.*)")
_BESIDE = lazy_regex(r"(?P<platform>[a-z][a-z ]{1,12}?)(?: ?[=>-]+ ?| @| )(?P<name>@?\S+)")
_ON = lazy_regex(r"(?P<name>\S.*?)(?:@| on | at | \(|, ?)(?P<platform>[^\W\d_][\w ]{0,20}?)\)?")
_AROUND = " \t@.,;!?'\"“”‘’<>[](){}-"


def handle(text: str) -> str:
    """Return an account name in its form for comparison: "snapchat:kimmy_x" with a platform,
    "kimmy_x" without one, "kim@home.example" for an e-mail address. The result may be empty.
    """
    form = _read(text)
    while (again := _read(form)) != form:
        form = again
    return form


def handle_name(form: str) -> str:
    """Return the name in a handle's normal form, without its platform."""
    platform, colon, name = form.partition(":")
    return name if colon and name else platform


def _read(text: str) -> str:
    bare = " ".join(fold(text).split())
    if address := _ADDRESS.fullmatch(bare):
        return _on(address["host"], address["name"])
    if email := _EMAIL.fullmatch(bare.strip(_AROUND)):
        return email[1]
    if (match := _EMAIL_TOLD.fullmatch(bare)) and not _platform(_DOT.split(match["host"])[0]):
        return f"{match['name']}@{_DOT.sub('.', match['host'])}"
    bare = bare.strip(_AROUND)
    if match := _PREFIX.fullmatch(bare):
        return _on(match["platform"], match["name"])
    if (match := _ON.fullmatch(bare)) and _platform(match["platform"]):
        return _on(match["platform"], match["name"])
    match = _BESIDE.fullmatch(bare)
    if match and match["platform"] not in _SHORT and _platform(match["platform"]):
        return _on(match["platform"], match["name"])
    return _name(bare)


def _platform(word: str) -> str | None:
    platform_name = PLATFORMS.get(word, word)
    return platform_name if platform_name in _NAMED else None


def _on(platform: str, name: str) -> str:
    platform = platform.strip()
    where = PLATFORMS.get(platform, platform)
    if email := _EMAIL.fullmatch(name.strip(_AROUND)):
        return email[1] if where == "email" else f"{where}:{email[1]}"
    bare = _name(name)
    return f"{where}:{bare}" if where and bare else bare or where


def _name(text: str) -> str:
    return " ".join(text.replace(":", " ").strip(_AROUND).split())

"""Renders the templates, which are GOV.UK's components under the program's own header, and makes
texts safe to show.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from uuid import UUID

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup, escape

from domain.forms.local import LONDON, day_of
from domain.forms.local import format_moment as spoken_time
from domain.information.observation import PAPER_ONLY
from domain.kernel.values import ROLES, When
from network.query.safe_text import lines, single_line
from projections.intelligence.people import Entity
from projections.kernel.queries import figure
from usecases.kernel.registry import QUESTIONS
from usecases.kernel.titles import title
from web.site import form_again, labels
from web.site.event_fields import labelled_fields
from web.site.forms import form
from web.site.places import OpenPlace, Position, position, tabs_of

#: The parts of addresses that name a question; the program can show its answer as a table.
AS_TABLES = frozenset(one.named.slug for one in QUESTIONS.values())
#: The package with the templates of GOV.UK's components.
GOVUK = "govuk_frontend_jinja"
_DATED = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?")


@cache
def environment() -> Environment:
    """Return the environment of the templates, which is built once."""
    made = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("web"),
                PrefixLoader({GOVUK: PackageLoader(GOVUK)}),
            ]
        ),
        autoescape=True,
        auto_reload=False,  # a serving process uses the templates that existed when it was started
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        words=words,
        clip=clip,
        plainly=single_line,
        stamp=stamp,
        zoned=zoned,
        day=day,
        happened=happened,
        span=span,
        dated=dated,
        age=age,
        short=short,
        iso=iso,
        said=render_field,
        labelled=labelled_fields,
        spoken=title,
        figure=figure,
    )
    made.globals.update(
        labels=labels, form=form, as_tables=AS_TABLES, roles=ROLES, again=form_again
    )
    made.globals.update(paper_only=PAPER_ONLY, menu=menu, tab_bar=tab_bar)
    return made


def compile_templates() -> None:
    """Compile the templates of all pages. Otherwise the first request of a page would wait for
    this."""
    made = environment()
    for name in made.list_templates(filter_func=lambda name: not name.startswith(GOVUK)):
        made.get_template(name)


def menu(places: Sequence[OpenPlace], path: str) -> Markup:
    """Return the menu as HTML, for a reader with these places."""
    return _menu(tuple(places), position(places, path))


@lru_cache(maxsize=1024)
def _tab_bar(places: tuple[OpenPlace, ...], path: str) -> Markup:
    tabs = tabs_of(places, path)
    return Markup(render("site/tabs.html", tabs=tabs, path=path))  # noqa: S704 (the template escapes its values)


def tab_bar(places: Sequence[OpenPlace], path: str) -> Markup:
    """Return the row of tabs for a page that is a tab; an empty text for other pages."""
    return _tab_bar(tuple(places), path) if tabs_of(places, path) else Markup()


@lru_cache(maxsize=1024)
def _menu(places: tuple[OpenPlace, ...], at: Position) -> Markup:
    """Return the menu as HTML for the page at this position. It is cached, because rendering it
    takes a tenth of the time of a small page."""
    return Markup(render("site/menu.html", places=places, at=at))  # noqa: S704 (the template escapes its values)


def words(text: str | None) -> Markup:
    """Return the words of a source as HTML, unchanged and line by line. Characters in them cannot
    change the text direction of the page."""
    return Markup('<bdi class="words">{}</bdi>').format(lines(text or ""))


def clip(text: str | None, limit: int = 120) -> Markup:
    """Return the beginning of a source's words as text on one line."""
    return Markup(f"<bdi>{escape(single_line(text or '', limit))}</bdi>")  # noqa: S704 (the text is escaped)


@lru_cache(maxsize=4096)
def stamp(moment: datetime | None) -> Markup:
    """Return a time as HTML in London time, with the exact time in an attribute. In the hour that
    occurs twice, the zone is included."""
    if moment is None:
        return Markup("-")
    there = moment.astimezone(LONDON)
    shown = f"{there.day} {there:%b %Y}, {_hour(there)}"
    return _timed(iso(moment), shown)


def _timed(exact: str, shown: str) -> Markup:
    return Markup(f'<time datetime="{escape(exact)}">{escape(shown)}</time>')  # noqa: S704 (escaped)


def _hour(there: datetime) -> str:
    twice = there.utcoffset() != there.replace(fold=1 - there.fold).utcoffset()
    return f"{there:%H:%M %Z}" if twice else f"{there:%H:%M}"


def zoned(moment: datetime) -> Markup:
    """Return a time as text, as `stamp` does, but always with its zone."""
    return _timed(iso(moment), spoken_time(moment))


def day(moment: date | None) -> Markup:
    """Return a day as HTML. Of a time with an unknown hour, only the day is shown."""
    if moment is None:
        return Markup("-")
    there, machine_time = (
        day_of(moment),
        iso(moment) if isinstance(moment, datetime) else str(moment),
    )
    return _timed(machine_time, f"{there.day} {there:%b %Y}")


def happened(moment: datetime) -> Markup:
    """Return the stated time of an event as HTML. If the time is the first or the last moment of a
    day, only the day is shown, because the source stated no hour."""
    whole = moment.astimezone(LONDON).time() in (time(), time.max)
    return day(moment) if whole else stamp(moment)


def span(when: When) -> Markup:
    """Return the time that a source stated as HTML, as exactly as it was stated."""
    if when.start is None or when.end is None or when.end - when.start <= timedelta(minutes=1):
        return stamp(when.start)
    first, end = when.start.astimezone(LONDON), when.end.astimezone(LONDON)
    if first.time() == end.time() == time():
        last = end - timedelta(days=1)
        return day(first) if first == last else Markup("{} to {}").format(day(first), day(last))
    if first.date() == (end - timedelta(microseconds=1)).date():
        return Markup("{}, between {} and {}").format(day(first), _hour(first), _hour(end))
    return Markup("{} to {}").format(stamp(first), stamp(end))


def dated(text: str) -> str:
    """Return a time in ISO 8601 as people write it: "2011-03-19T21:30~" is "about 19 Mar 2011,
    21:30". Other texts are returned unchanged."""
    bare = text.rstrip("~")
    if not _DATED.fullmatch(bare):
        return text
    try:
        at = datetime.fromisoformat(bare)
    except ValueError:
        return text
    clock = f", {at:%H:%M}" if "T" in bare else ""
    return ("about " if text != bare else "") + f"{at.day} {at:%b %Y}{clock}"


def iso(moment: datetime | None) -> str:
    """Return a time as text in UTC (ISO 8601)."""
    return moment.isoformat().replace("+00:00", "Z") if moment else ""


def render_field(value: object, names: Mapping[UUID, Entity] | None = None) -> Markup:
    """Return a field of an event as HTML: ids become links, everything else is text. With `names`,
    a link shows the item's name, or "record" for an item without a name; otherwise the link shows
    the end of the id.
    """
    if isinstance(value, bool):
        return escape("yes" if value else "no")
    if isinstance(value, list | tuple):
        return Markup(", ").join(render_field(inner_value, names) for inner_value in value)
    # this value is a mention in an entry
    if isinstance(value, dict) and {"kind", "normalised"} <= value.keys():
        label = labels.MENTIONS.get(value["kind"]) or str(value["kind"])
        sort = label.removeprefix("an ").removeprefix("a ")
        return Markup("{} ({})").format(words(value["normalised"] or "-"), sort)
    if isinstance(value, dict):
        return Markup(" · ").join(
            Markup("{} {}").format(key.replace("_", " "), render_field(inner_value, names))
            for key, inner_value in value.items()
            if inner_value is not None
        )
    text = str(value)
    try:
        item = UUID(text.partition(":")[0])
    except ValueError:
        return _time_or_words(text)
    if names is not None:
        called = clip(names[item].label, 60) if item in names else "record"
        return Markup('<a class="govuk-link" href="/items/{}">{}</a>').format(item, called)
    return Markup('<a class="govuk-link" href="/items/{}"><code>{}</code></a>').format(
        item, short(item) + text.partition(":")[1] + text.partition(":")[2]
    )


def _time_or_words(text: str) -> Markup:
    """Return a moment with a zone as text in London time; return any other text unchanged."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return words(text)
    return stamp(moment) if moment.tzinfo else words(text)


def age(hours: float) -> str:
    """Return a length of time in words, such as "40 min", "7 h" or "3 days"."""
    span = timedelta(hours=hours)
    if span < timedelta(hours=1):
        return f"{max(0, round(span / timedelta(minutes=1)))} min"
    if span < timedelta(hours=48):
        return f"{int(span / timedelta(hours=1))} h"
    return f"{span.days} days"


def short(item_id: UUID | str | None) -> str:
    """Return the last eight digits of an id, which are enough to recognise it; "-" if there is no
    id."""
    return str(item_id)[-8:] if item_id else "-"


def render(template: str, **values: object) -> str:
    """Return the text of a template that is filled with these values."""
    return environment().get_template(template).render(**values)

"""Search for a name, number, plate or word.

Names (names.py), marks such as plates and phones (marks.py), and texts (index.py) are looked up
separately. An item that matches more words of the query ranks before one that matches fewer.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain import forms
from domain.forms.lookalikes import in_ascii, one_alphabet
from domain.kernel.values import Reader
from projections.kernel.database import Db
from projections.kernel.queries import ByIds, Selected, holding, newest_holding
from projections.search import marks, names
from projections.search.index import MARKS, OTHERS, TEXTS, VIEW, MarkRow, RestrictedRow, TextRow
from projections.search.ranking import LIKELY, SEEN, RankedHit

__all__ = [
    "VIEW",
    "RankedHit",
    "SearchQuery",
    "asked",
    "found",
    "met",
    "read_in",
    "sanitised",
    "search",
    "told_in",
    "with_words",
]

CLIP = 100  #: Number of characters of a text that a hit shows.
MOST = 12  #: At most this many words of a query are used.


class SearchQuery(Struct, frozen=True):
    """A search query: its words (`tokens`); the words of the whole query and of each part of it
    (`covered`); and the marks, such as plates, that these texts may mean (`looks`).
    """

    tokens: tuple[str, ...]
    covered: dict[str, tuple[str, ...]]
    looks: tuple[marks.MarkReading, ...]


def make_query(db: Db, words: str) -> SearchQuery:
    """Return the query of these words. The query of an id has no words, because the id's digits
    would be read as a part of a plate or as a misspelt name.
    """
    words = one_alphabet(words)
    tokens = () if _is_id(words) else tuple(dict.fromkeys(forms.tokens(words)))[:MOST]
    covered = _parts(words, tokens) if tokens else {}
    return SearchQuery(tokens, covered, tuple(marks.looks(db, covered) if covered else ()))


def search(db: Db, reader: Reader, words: str, limit: int = 20) -> list[RankedHit]:
    """Return the best hits of these words, best first. A hit on an observation includes the
    observation's words.
    """
    return with_words(db, reader, best_hits(db, reader, make_query(db, words), limit))


def best_hits(db: Db, reader: Reader, wanted: SearchQuery, limit: int) -> list[RankedHit]:
    """Return the best hits of the query, best first, each with the part of the item that
    matches."""
    ranked = _ranked(_fitting(db, reader, wanted), wanted)
    return scope.checked(db, reader, ranked[:limit], _item)


def all_matches(db: Db, reader: Reader, wanted: SearchQuery) -> set[UUID]:
    """Return the ids of all items that match the query, not only of the best hits. They are used
    for silent search alerts.
    """
    if not wanted.tokens:
        return set()
    ids = {item for token in wanted.tokens for item in names.matching_items(db, reader, token)}
    ids.update(marks.matching_items(db, reader, wanted.looks))
    ids.update(db.scalars(_newest(db, reader, wanted.tokens, [TextRow.table.c.item])).all())
    return ids - _restricted(db)


def _ranked(fitting: dict[UUID, dict[str, RankedHit]], wanted: SearchQuery) -> list[RankedHit]:
    """Return the hits, best first; a hit that matches more words precedes a hit that
    matches fewer.
    """
    return sorted((_best(hits, len(wanted.tokens)) for hits in fitting.values()), key=_place)


def _fitting(db: Db, reader: Reader, wanted: SearchQuery) -> dict[UUID, dict[str, RankedHit]]:
    """Return by item the best hits of the item, one for each word of the query that the item
    matches. A text counts only if it has every word of the query.
    """
    if not wanted.tokens:
        return {}
    hits: dict[UUID, dict[str, RankedHit]] = {}

    def fits(token: str, hit: RankedHit) -> None:
        known_hits = hits.setdefault(hit.id, {})
        if token not in known_hits or known_hits[token].score < hit.score:
            known_hits[token] = hit

    for token in wanted.tokens:
        for hit in names.hits(db, reader, token):
            fits(token, hit)
    for part, hit in marks.hits(db, reader, wanted.looks):
        for token in wanted.covered[part]:
            fits(token, hit)
    for hit in _texts(db, reader, wanted.tokens):
        for token in wanted.tokens:
            fits(token, hit)
    for item in _restricted(db):
        hits.pop(item, None)
    return hits


def _restricted(db: Db) -> set[UUID]:
    return set(db.scalars(sa.select(RestrictedRow.table.c.item)).all())


def _place(hit: RankedHit) -> tuple[bool, float, bool, bool, int]:
    """Return the sort key of a hit. People whose name matches well come first, then all other hits
    by score. With the same score, a place with the searched name comes before a person whose
    description mentions the place.
    """
    described = hit.field == "description"
    noise = hit.kind != "person" or hit.score < LIKELY or described
    return noise, -hit.score, described, hit.kind == "observation", hit.id.int


def _item(hit: RankedHit) -> UUID:
    return hit.id


def _is_id(words: str) -> bool:
    try:
        UUID(words.strip())
    except ValueError:
        return False
    return True


_t = TextRow.table.c
_WORDS, _SANITISED = (
    ByIds(sa.select(_t.item, _t.label).where(_t.field == field).order_by(_t.seq), _t.item)
    for field in ("words", "sanitised")
)


def with_words(db: Db, reader: Reader, hits: Sequence[RankedHit]) -> list[RankedHit]:
    """Return the hits; a hit on an observation includes the observation's words."""
    seen = scope.visible_items(db, reader, {hit.id for hit in hits if hit.kind == "observation"})
    words = dict(map(tuple, _WORDS(db, seen)))
    return [
        replace(hit, label=_clip(words.get(hit.id, hit.label))) if hit.kind in TEXTS else hit
        for hit in hits
    ]


def _best(hits: dict[str, RankedHit], wanted: int) -> RankedHit:
    best, *others = hits.values()
    score, why = best.score, best.why
    # the item matches several words of the query, so their scores are added up
    if others:
        best = max(hits.values(), key=lambda hit: hit.score)
        score = sum(hit.score for hit in hits.values())
        why = "; ".join(dict.fromkeys(hit.why for hit in hits.values()))
    return RankedHit(best.id, best.kind, best.label, best.field, why, round(score / wanted, 3))


def _parts(words: str, tokens: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the tokens of the whole query and of each of its words, by the text of the query or
    word. Letters of other alphabets that look like Latin letters are replaced by Latin letters.
    """
    single = {in_ascii(word): tuple(forms.tokens(word)) for word in words.split()}
    return {in_ascii(words): tokens} | {
        word: word_tokens for word, word_tokens in single.items() if word_tokens not in ((), tokens)
    }


def _texts(db: Db, reader: Reader, tokens: tuple[str, ...]) -> list[RankedHit]:
    """Return the newest texts that have every token, as a word or as the beginning of a word."""
    hits = []
    for row in db.execute(_newest(db, reader, tokens, TextRow.table.columns)).all():
        words = f" {row.words} "
        whole = all(f" {token} " in words for token in tokens)
        why, score = ("words", 0.6) if whole else ("words begin so", 0.5)
        hits.append(RankedHit(row.item, row.kind, row.label, row.field, why, score))
    return hits


def _newest(
    db: Db, reader: Reader, tokens: tuple[str, ...], columns: Iterable[sa.Column[Any]]
) -> Selected:
    table, wanted = TextRow.table, tuple(columns)
    seen = scope.sees(reader, table.c.item, singly=True)
    if scope.sees_little(reader):
        holds = holding(db, TextRow, tokens, of_few=True)
        select = sa.select(table).where(holds, seen)
        few = scope.from_few_items(db.dialect, reader, table.c.item, select).subquery()
        few_columns = (few.c[column.name] for column in wanted)
        return sa.select(*few_columns).order_by(few.c.seq.desc()).limit(SEEN)
    # a reader who may not see any log entries searches only the other texts
    if scope.reaches_nothing(reader, "see-words"):
        # `concat` makes PostgreSQL begin with the words, and not with all rows of these kinds
        kind = table.c.kind.concat("") if db.dialect.name == "postgresql" else table.c.kind
        holds = holding(db, TextRow, tokens, kind.in_(OTHERS))
        return sa.select(*wanted).where(holds, seen).order_by(table.c.seq.desc()).limit(SEEN)
    return newest_holding(db, TextRow, tokens, seen, SEEN, wanted)


def _clip(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= CLIP else line[: CLIP - 1] + "\N{HORIZONTAL ELLIPSIS}"


def sanitised(db: Db, reader: Reader, reports: Collection[UUID]) -> dict[UUID, str]:
    """Return the latest sanitised text of each of these reports that the reader sees."""
    return dict(map(tuple, _SANITISED(db, scope.visible_items(db, reader, reports))))


def containing(db: Db, reader: Reader, tokens: Iterable[str]) -> set[UUID]:
    """Return the observations that have each of these tokens as a word, in their text or a
    correction."""
    wanted = tuple(dict.fromkeys(tokens))
    if not wanted:
        return set()
    table = TextRow.table
    select = sa.select(table.c.item, table.c.words).where(
        table.c.kind == "observation",
        holding(db, TextRow, wanted),
        scope.sees(reader, table.c.item),
    )
    return {row.item for row in db.execute(select) if set(wanted) <= set(row.words.split())}


def read_in(db: Db, reader: Reader, mark: str, normal: str) -> set[UUID]:
    """Return the observations in whose text this plate, phone, account or postcode was
    recognised."""
    c = MarkRow.table.c
    read = c.mark == MARKS.get(mark, mark), c.normal == normal, c.kind == "observation"
    select = sa.select(c.item).where(*read, scope.sees(reader, c.item))
    return set(db.execute(select).scalars())

"""Search by name: the exact word, its beginning, a nickname for it, or a misspelling."""

from collections.abc import Collection
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from rapidfuzz.distance import JaroWinkler

from access.database import each_value
from access.ids import Id
from access.who_may import scope
from access.who_may.decide import PERSONS
from domain import forms
from domain.kernel.values import ENTITY_KINDS, Reader
from projections.kernel.database import Db
from projections.kernel.queries import PREPARED, Selected, after_another, counting
from projections.search.index import BEHIND, MARKS, READ, NameRow, TrigramRow
from projections.search.ranking import SEEN, RankedHit, placed

#: Words with at least this Jaro-Winkler similarity are taken as spellings of one name.
ALIKE = 0.82
# Words with the same Soundex code and at least this Jaro-Winkler similarity are taken as spellings
# of one name.
ALIKE_IN_SOUND = 0.7
#: At most this many words of similar spelling, and this many of the same sound, are compared.
CLOSE = 30
BROAD = 2_000  #: If more names than this match, only the newest of them are searched.

# The columns of names and the parameters of the queries, which have the searched words. Each query
# is compiled once for each reader, because compiling takes longer than most searches.
_C = NameRow.table.c
_FIRST = (_C.seq.desc(), _C.word)
_TEXT = sa.Text()
_WORD, _END = sa.bindparam("word", type_=_TEXT), sa.bindparam("end", type_=_TEXT)
_WAYS = sa.bindparam("ways", type_=_TEXT, expanding=True)
_TRIGRAMS = sa.bindparam("trigrams", type_=_TEXT, expanding=True)
_SOUND = sa.bindparam("sound", type_=_TEXT)
_FEW = sa.bindparam("few", type_=Id(), expanding=True)
_MOST = sa.bindparam("most", type_=sa.Integer())
#: The kinds of recorded items with names. (Names that a program recognised in texts have the kind
#: `READ`.)
RECORDED: tuple[str, ...] = tuple(
    entity_kind for entity_kind in ENTITY_KINDS if entity_kind not in MARKS.values()
)


def _others(word: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Return the SQL condition that a word of a name matches the searched word without being equal
    to it: it is one of the `candidates`, or begins with the searched word.
    """
    return sa.or_(word.in_(_WAYS), sa.and_(word > _WORD, word < _END))


def hits(db: Db, reader: Reader, token: str) -> list[RankedHit]:
    """Return the search hits for one word of a query: names with the word, with a word that begins
    with it, with a nickname of it, or with a word of similar spelling or sound.
    """
    ways = candidates(db, reader, token)
    found_hits = []
    for row in named(db, reader, token, ways):
        if row.word == token:
            how, score = row.field, 1.0
        else:
            how, score = ("begins", 0.8) if row.word.startswith(token) else ways[row.word]
        why, worth = f"{how} {row.word}", placed(row.kind, score)
        found_hits.append(RankedHit(row.item, row.kind, row.label, row.field, why, worth))
    return found_hits


def matching_items(db: Db, reader: Reader, token: str) -> list[UUID]:
    """Return the ids of the items with a name that has the searched word, a word that begins with
    it, a nickname of it, or a word of similar spelling or sound.
    """
    return [row.item for row in named(db, reader, token, candidates(db, reader, token))]


def named(db: Db, reader: Reader, token: str, ways: Collection[str]) -> list[Any]:
    """Return the first `SEEN` matching names: first the names with exactly this word, then the
    names with one of its candidates. In each group, names of recorded items come before names that
    a program recognised in texts, and newer names before older ones.
    """
    parameters: dict[str, Any] = {
        "word": token,
        # where the words that begin with the token end; for a token of one letter, no other word is
        # searched
        "end": token + BEHIND if len(token) > 1 else "",
        "ways": [way for way in ways if way != token],
    }
    if scope.sees_little(reader):
        little = db.execute(_of_few_items(reader, db.dialect), parameters)
        return sorted(little, key=lambda row: _order(row, token))[:SEEN]
    few = _few(db, reader)
    parameters["few"] = few or ()
    rows = _newest(db, reader, few is not None, parameters, SEEN)
    most = SEEN - len(rows)
    if not most:
        return rows
    many: int = db.execute(_MANY, {**parameters, "most": BROAD + 1}).scalar_one()
    if many <= BROAD:
        select = _matching_names(reader, few is not None)
        return [*rows, *db.execute(select, {**parameters, "most": most}).all()]
    # too many names match, so only the newest are searched
    return rows + _newest(db, reader, few is not None, parameters, most, others=True)


#: Counts the names with a word that matches in another way than by being equal (`_others`).
_MANY = counting(sa.select(sa.literal(1)).where(_others(_C.word)), _MOST)


def _newest(
    db: Db,
    reader: Reader,
    among: bool,
    parameters: dict[str, Any],
    most: int,
    *,
    others: bool = False,
) -> list[Any]:
    """Return at most `most` names with the searched word or, with `others`, with a word that
    matches it in another way (`_others`). Names of recorded items come before names that a program
    recognised in texts; in each group, newer names come first.
    """
    rows = db.execute(_first(reader, among, others), {**parameters, "most": most}).all()
    return sorted(rows, key=lambda row: (row.kind == READ, -row.seq, row.word))


@lru_cache(maxsize=PREPARED)
def _first(reader: Reader, among: bool, others: bool) -> Selected:
    """Return the query for the newest matching names that the reader sees.

    Names of recorded items are read from an index, kind by kind; for a reader who sees few people,
    names of people are read by these people's ids. Names that a program recognised in texts follow
    only if there are not enough others.
    """
    recorded = after_another([_of_kind(kind, reader, among, others) for kind in RECORDED])
    newest = recorded.order_by(sa.desc("seq"), "word").limit(_MOST)
    if scope.reaches_nothing(reader, "see-words"):
        return newest
    read = _of_kind(READ, reader, among, others)
    return after_another([newest, read]).limit(_MOST)


def _of_kind(kind: str, reader: Reader, among: bool, others: bool) -> sa.Select[Any]:
    of_few = among and kind == "person"
    word = _C.word.concat("") if others or of_few else _C.word
    where = [_others(word) if others else word == _WORD, _may_see(reader, among)]
    if of_few:
        where += [_C.kind.concat("") == kind, _C.item.in_(_FEW)]
    else:
        where.append(_C.kind == kind)
    return sa.select(NameRow.table).where(*where).order_by(*_FIRST).limit(_MOST)


@lru_cache(maxsize=PREPARED)
def _matching_names(reader: Reader, among: bool) -> sa.Select[Any]:
    """Return the query for names that the reader sees and that have a word which matches the
    searched word (see `_others`).
    """
    recorded = sa.case((_C.kind == READ, 1), else_=0)
    select = sa.select(NameRow.table).where(_others(_C.word), _may_see(reader, among))
    return select.order_by(recorded, *_FIRST).limit(_MOST)


@lru_cache(maxsize=PREPARED)
def _of_few_items(reader: Reader, dialect: sa.Dialect) -> sa.Select[Any]:
    """Return the query for the names that match the searched word, for a reader who sees few items.
    It does not sort the names.
    """
    word = _C.word.concat("")
    fits = sa.or_(word == _WORD, _others(word))
    select = sa.select(NameRow.table).where(fits, scope.sees(reader, _C.item, singly=True))
    return scope.from_few_items(dialect, reader, _C.item, select)


def _may_see(reader: Reader, among: bool) -> sa.ColumnElement[bool]:
    """Return the SQL condition that the reader sees the item with the name. For a reader who sees
    no log entries, or few people (`among`), this excludes most items with a common name at once.
    """
    where = [scope.sees(reader, _C.item, singly=True)]
    if scope.reaches_nothing(reader, "see-words"):
        where.append(_C.kind != READ)
    if among:
        where.append(sa.or_(_C.kind != "person", _C.item.in_(_FEW)))
    return sa.and_(*where)


def _order(row: Any, token: str) -> tuple[bool, bool, int, str]:
    return row.word != token, row.kind == READ, -row.seq, row.word


def candidates(db: Db, reader: Reader, token: str) -> dict[str, tuple[str, float]]:
    """Return the words to search for, each with the reason why it matches and a score: the searched
    word; its nicknames; the names of which it is a nickname; and similarly spelt words of names
    that the reader sees.
    """
    candidates_by_name: dict[str, tuple[str, float]] = {token: ("name", 1.0)}
    for name in forms.given_names(token):
        candidates_by_name.setdefault(name, ("nickname of", 0.75))
    for nick in _short_names().get(token, ()):
        candidates_by_name.setdefault(nick, ("nickname", 0.75))
    if len(token) > 2:
        sounds = forms.sounds(token)
        for word in alike(db, reader, token):
            close = JaroWinkler.similarity(token, word)
            if close >= ALIKE or (close >= ALIKE_IN_SOUND and forms.sounds(word) == sounds):
                candidates_by_name.setdefault(word, ("spelt", 0.7 * close))
    return candidates_by_name


def alike(db: Db, reader: Reader, token: str) -> list[str]:
    """Return the words of names that share most trigrams with this word, or have the same sound.
    Only names that the reader sees count, because names of hidden people would displace them.
    """
    trigrams, few = sorted(forms.trigrams(token)), _few(db, reader)
    sounds = forms.sounds(token)  # a word has one sound code, or none
    parameters = {"word": token, "few": few or (), "most": CLOSE, "sound": "".join(sounds)}
    close = {"trigrams": trigrams, "least": max(2, len(trigrams) // 3)}
    select = _alike(reader, db.dialect, few is not None, sounding=bool(sounds))
    return [*db.execute(select, parameters | close).scalars()]


@lru_cache(maxsize=PREPARED)
def _alike(reader: Reader, dialect: sa.Dialect, among: bool, *, sounding: bool) -> Selected:
    """Return the query for the words of names that share most trigrams with the searched word, or
    have the same sound; only names that the reader sees count.
    """
    c = TrigramRow.table.c
    sharing = (
        sa.select(c.word, sa.func.count().label("shared"))
        .where(c.trigram.in_(_TRIGRAMS))
        .group_by(c.word)
        .having(sa.func.count() >= sa.bindparam("least", type_=sa.Integer()))
        .cte("sharing")
    )
    shared = sa.select(sharing.c.word).order_by(sharing.c.shared.desc(), sharing.c.word)
    selects: list[tuple[sa.Select[Any], sa.ColumnElement[str]]] = [(shared, sharing.c.word)]
    if sounding:
        selects.append(each_value(_C.word, _C.sound == _SOUND, name="sounding"))
    return after_another([_borne(reader, dialect, among, words, word) for words, word in selects])


def _borne(
    reader: Reader,
    dialect: sa.Dialect,
    among: bool,
    words: sa.Select[Any],
    word: sa.ColumnElement[str],
) -> sa.Select[Any]:
    words = words.where(word != _WORD)
    if reader.closed and scope.sees_little(reader):
        seen = scope.sees(reader, _C.item, singly=True)
        few = scope.from_few_items(dialect, reader, _C.item, sa.select(_C.word).where(seen))
        words = words.where(word.in_(few))
    elif reader.closed:
        borne = sa.select(sa.literal(1)).where(_C.word == word, _may_see(reader, among))
        words = words.where(sa.exists(borne))
    return words.limit(_MOST)


def _few(db: Db, reader: Reader) -> set[UUID] | None:
    """Return the people whom the reader may see if they are a small part of all people, otherwise
    None."""
    return None if scope.sees_little(reader) else scope.few_visible(db, reader, PERSONS)


@cache
def _short_names() -> dict[str, tuple[str, ...]]:
    """Return given names, each with its short forms."""
    nicknames: dict[str, list[str]] = {}
    for nick in sorted(forms.nicknames()):
        for name in forms.given_names(nick):
            nicknames.setdefault(name, []).append(nick)
    return {full_name: tuple(nicks) for full_name, nicks in nicknames.items()}

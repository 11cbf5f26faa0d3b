"""Which names may a word mean? As it stands, as a beginning, as a nickname, misspelt."""

from collections.abc import Collection
from functools import cache
from typing import Any

import sqlalchemy as sa
from rapidfuzz.distance import JaroWinkler

from access import scope
from access.database import each_value
from access.decide import PERSONS
from domain import forms
from domain.values import ENTITY_KINDS, Reader
from projections.schema import Db, counted
from projections.search.index import MARKS, READ, NameRow, TrigramRow
from projections.search.ranking import SEEN, Hit, placed

ALIKE = 0.82  #: Jaro-Winkler similarity from which two words may be one misspelt name,
ALIKE_IN_SOUND = 0.7  #: and where they have the same Soundex code
CLOSE = 30  #: so many names that are spelt alike are tried, and so many that sound alike
BROAD = 2_000  #: of more names than these only the newest are looked through

_FIRST = (NameRow.table.c.seq.desc(), NameRow.table.c.word)
#: What bears names: first what is recorded, then what was only read in words.
_KINDS: tuple[tuple[str, ...], ...] = (
    tuple(one for one in ENTITY_KINDS if one not in MARKS.values()),
    (READ,),
)


def hits(db: Db, reader: Reader, token: str) -> list[Hit]:
    """The names that a word may mean: as it stands, as a beginning, as a nickname, misspelt."""
    ways = candidates(db, reader, token)
    found = []
    for row in named(db, reader, token, ways):
        if row.word == token:
            how, score = row.field, 1.0
        else:
            how, score = ("begins", 0.8) if row.word.startswith(token) else ways[row.word]
        why, worth = f"{how} {row.word}", placed(row.kind, score)
        found.append(Hit(row.item, row.kind, row.label, row.field, why, worth))
    return found


def named(db: Db, reader: Reader, token: str, ways: Collection[str]) -> list[Any]:
    """The first `SEEN` names: those of this very word, then those that it may mean; of either what
    is recorded before what was only read in words, the newest first."""
    c, found = NameRow.table.c, list[Any]()
    if scope.sees_little(reader):
        word = c.word.concat("")  # the names of their few items, and of those the ones that fit
        fits = sa.or_(word == token, *_meant(word, token, ways))
        few = sa.select(NameRow.table).where(fits, scope.sees(reader, c.item, singly=True))
        few = scope.from_little(db.dialect, reader, c.item, few)
        return sorted(db.execute(few), key=lambda row: _order(row, token))[:SEEN]
    kinds_of = _KINDS[:1] if scope.reaches_nothing(reader, "see-words") else _KINDS
    seen = _seen(db, reader)
    for kinds in kinds_of:
        found += _newest(db, seen, kinds, c.word == token, SEEN - len(found))
    if len(found) == SEEN:
        return found
    meant = sa.or_(*_meant(c.word, token, ways))
    if counted(db, sa.select(sa.literal(1)).where(meant), BROAD) <= BROAD:
        recorded = sa.case((c.kind == READ, 1), else_=0)
        select = sa.select(NameRow.table).where(meant, seen)
        return found + list(db.execute(select.order_by(recorded, *_FIRST).limit(SEEN - len(found))))
    # the newest are looked through, and not all of these words
    meant = sa.or_(*_meant(c.word.concat(""), token, ways))
    for kinds in kinds_of:
        found += _newest(db, seen, kinds, meant, SEEN - len(found))
    return found


def _seen(db: Db, reader: Reader) -> sa.ColumnElement[bool]:
    """The condition that the reader sees what bears the name. Where they see no words, or may see
    few people, that is asked first: of a common name the most are none of those."""
    c = NameRow.table.c
    where = [scope.sees(reader, c.item, singly=True)]
    if scope.reaches_nothing(reader, "see-words"):
        where.append(c.kind != READ)
    few = scope.among_few(db, reader, c.item, PERSONS)
    if few is not None:
        where.append(sa.or_(c.kind != "person", few))
    return sa.and_(*where)


def _meant(
    word: sa.ColumnElement[str], token: str, ways: Collection[str]
) -> list[sa.ColumnElement[bool]]:
    """That a word is another one that this may mean: one of the `ways`, or one that begins so."""
    longer = sa.and_(word > token, word < token + "\U0010ffff")
    return [word.in_([one for one in ways if one != token]), *([longer] if len(token) > 1 else [])]


def _order(row: Any, token: str) -> tuple[bool, bool, int, str]:
    return row.word != token, row.kind == READ, -row.seq, row.word


def _newest(
    db: Db,
    seen: sa.ColumnElement[bool],
    kinds: Collection[str],
    where: sa.ColumnElement[bool],
    most: int,
) -> list[Any]:
    """The newest names of which this holds and that are seen, each kind by the index in which they
    stand so."""
    c = NameRow.table.c
    of_kind = c.kind == sa.bindparam("kind", type_=sa.Text())
    select = sa.select(NameRow.table).where(where, seen, of_kind).order_by(*_FIRST).limit(most)
    found = [row for kind in kinds for row in db.execute(select, {"kind": kind})]
    return sorted(found, key=lambda row: (-row.seq, row.word))[:most]


def candidates(db: Db, reader: Reader, token: str) -> dict[str, tuple[str, float]]:
    """Other words to look for, with how they are meant and how far that is trusted."""
    found: dict[str, tuple[str, float]] = {token: ("name", 1.0)}
    for given in forms.given_names(token):
        found.setdefault(given, ("nickname of", 0.75))
    for nick in _short_names().get(token, ()):
        found.setdefault(nick, ("nickname", 0.75))
    if len(token) > 2:
        for word in alike(db, reader, token):
            close = JaroWinkler.similarity(token, word)
            needed = ALIKE_IN_SOUND if forms.sounds(token) == forms.sounds(word) else ALIKE
            if close >= needed:
                found.setdefault(word, ("spelt", 0.7 * close))
    return found


def alike(db: Db, reader: Reader, token: str) -> list[str]:
    """Names' words that share the most trigrams with this one, or its sound: words of names that
    the reader sees, or those of others would push theirs out."""
    c = TrigramRow.table.c
    trigrams = sorted(forms.trigrams(token))
    sharing = (
        sa.select(c.word, sa.func.count().label("shared"))
        .where(c.trigram.in_(trigrams))
        .group_by(c.word)
        .having(sa.func.count() >= max(2, len(trigrams) // 3))
        .cte("sharing")
    )
    shared = sa.select(sharing.c.word).order_by(sharing.c.shared.desc(), sharing.c.word)
    found = [*_borne(db, reader, token, shared, sharing.c.word)]
    n = NameRow.table.c
    sounding = {
        word
        for sound in forms.sounds(token)
        for word in _borne(
            db, reader, token, *each_value(n.word, n.sound == sound, name="sounding")
        )
    }
    return found + sorted(sounding)[:CLOSE]


def _borne(
    db: Db, reader: Reader, token: str, words: sa.Select[Any], word: sa.ColumnElement[str]
) -> list[str]:
    """The first of these words, but the one that is searched for, that some name has which the
    reader sees."""
    n = NameRow.table.c
    words = words.where(word != token)
    if reader.closed:
        if scope.sees_little(reader):
            seen = scope.sees(reader, n.item, singly=True)
            few = scope.from_little(db.dialect, reader, n.item, sa.select(n.word).where(seen))
            words = words.where(word.in_(few))
        else:
            borne = sa.select(sa.literal(1)).where(n.word == word, _seen(db, reader))
            words = words.where(sa.exists(borne))
    return list(db.execute(words.limit(CLOSE)).scalars())


@cache
def _short_names() -> dict[str, tuple[str, ...]]:
    """Given names with the short names that may stand for them."""
    found: dict[str, list[str]] = {}
    for nick in sorted(forms.nicknames()):
        for given in forms.given_names(nick):
            found.setdefault(given, []).append(nick)
    return {given: tuple(nicks) for given, nicks in found.items()}

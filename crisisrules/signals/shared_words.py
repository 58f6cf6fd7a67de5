"""The words of a question by which it is put beside others that ask the same.

Kept are a few words that carry the question, as people wrote them: letters only, so that nothing of a
hostile text but plain words can ever be shown. Who asked is not looked at.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection
from typing import Final

MOST_WORDS: Final = 6
"""Words kept of one question."""

_READ: Final = 400
_SHORTEST, _LONGEST = 4, 20
_STEM: Final = 5
_WORD: Final = re.compile(r"[^\W\d_]+")
_ADDRESS: Final = re.compile(r"\S*(?:[/@\\]|www\.)\S*")

_ASKS: Final = """
quand quel quelle quels quelles combien pourquoi comment où
when why how where who which long
cuándo cuando cómo como dónde donde
"""
"""Words that ask: kept however short they are, for they say what is asked."""

_STANDS_ANYWHERE: Final = """
about again also anyone because been before being cannot could does doesn doing done dont even ever
every from give going good have haven having hello here just know like make many more much need only
other over please really same should since some still such tell than thank thanks that them then
there these they thing think this those time today very want were what will with without would your
yours
alors après aujourd aussi autre avant avec avez avoir avons beaucoup bien bonjour bonsoir cela cette
ceux chez comme dans depuis déjà dire donc elle elles encore entre était étais être êtes fait faire
faut font jamais juste leur leurs mais merci même mêmes mieux moins notre nous parce parler peut peux
plait plaît plus pour pourrait pouvez pouvoir puis quoi rien sais sait sans savez savoir sera serait
seulement sinon sont sous suis toujours tous tout toute toutes très trop vais voir vont votre vous
vraiment
ahora algo aquí buenas cada cosa decir desde ellos entonces esta estaba estamos están estar este esto
favor gracias hacer hasta hola mucho nada otra otro para pero poco porque puede pueden quien sabe
saber siempre sobre tiene tienen toda todo todos unos usted ustedes
"""
"""Words that stand in any question, whatever it asks, in English, French and Spanish."""

_ASKING: Final = frozenset(_ASKS.split())
_COMMON: Final = frozenset(_STANDS_ANYWHERE.split())


def question_words(text: str, without: Collection[str] = ()) -> tuple[str, ...]:
    """The words that carry a question, in the order of the alphabet.

    Args:
        text: the comment; only its beginning is read.
        without: words that say nothing here, such as the keywords of the incident: all share them.
    """
    read = unicodedata.normalize("NFC", text[:_READ]).casefold()
    left_out = {key_of(word) for each in without for word in _WORD.findall(each.casefold())}
    found: dict[str, str] = {}
    for word in _WORD.findall(_ADDRESS.sub(" ", read)):
        if word not in _ASKING and (
            word in _COMMON
            or not word.isalpha()
            or not _SHORTEST <= len(word) <= _LONGEST
            or key_of(word) in left_out
        ):
            continue
        found.setdefault(key_of(word), word)
        if len(found) == MOST_WORDS:
            break
    return tuple(sorted(found.values()))


@functools.lru_cache(maxsize=20_000)
def key_of(word: str) -> str:
    """What the forms of a word share, told without knowing its language: no accents, its beginning."""
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(char for char in decomposed if not unicodedata.combining(char))[:_STEM]

"""The words of time, for all languages at once.

The languages share few of them, and those that they share mean the same, so a time is found even
where the language of a short text was guessed wrong. All words are as in ``Prepared.norms``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal, TypeVar

__all__ = [
    "ANY_TRIGGER",
    "DAYS",
    "FILLERS",
    "HOUR_WORDS",
    "MONTHS",
    "NAMED_HOURS",
    "NUMBERS",
    "PARTS",
    "RELATIONS",
    "UNITS",
    "WEEKDAYS",
    "ZONES",
    "Relation",
]

Relation = Literal[
    "", "at", "by", "around", "since", "from", "until", "after", "in", "every", "for", "ago", "on"
]

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


_Row = TypeVar("_Row")


def _table(*rows: tuple[str, _Row]) -> dict[str, _Row]:
    return {word: value for words, value in rows for word in words.split()}


UNITS: Final = _table(
    ("minute minutes min mins mn minuto minutos", _MINUTE),
    ("hour hours hr hrs heure heures hora horas h", _HOUR),
    ("hourly", _HOUR),
    ("day days jour jours dia dias j", _DAY),
    ("week weeks semaine semaines semana semanas", 7 * _DAY),
    ("second seconds seconde secondes segundo segundos", timedelta(seconds=1)),
)

NUMBERS: Final = _table(
    ("a an one un une una uno", 1.0),
    ("couple two deux dos", 2.0),
    ("few three trois tres quelques", 3.0),
    ("four quatre cuatro", 4.0),
    ("five cinq cinco", 5.0),
    ("six seis", 6.0),
    ("seven sept siete", 7.0),
    ("eight huit ocho", 8.0),
    ("nine neuf nueve", 9.0),
    ("ten dix diez", 10.0),
    ("eleven onze", 11.0),
    ("twelve douze doce", 12.0),
    ("thirteen treize trece", 13.0),
    ("fourteen quatorze catorce", 14.0),
    ("fifteen quinze quince", 15.0),
    ("sixteen seize", 16.0),
    ("twenty vingt veinte", 20.0),
    ("thirty trente treinta", 30.0),
    ("forty quarante cuarenta", 40.0),
    ("fifty cinquante cincuenta", 50.0),
    ("half demi demie demies media medio", 0.5),
    ("quarter quart quarts cuarto", 0.25),
)

RELATIONS: Final[dict[str, Relation]] = _table(
    ("at a @ las", "at"),
    ("by before avant ici antes", "by"),
    ("around vers approx approximately sobre", "around"),
    ("since depuis desde", "since"),
    ("from des partir", "from"),
    ("until till jusqu' jusque hasta", "until"),
    ("after apres despues", "after"),
    ("in within dans sous en under dentro encore another comptez allow", "in"),
    ("every each tous toutes chaque cada todas", "every"),
    ("for pendant durant during over durante por pour", "for"),
    ("on le el", "on"),
)
"""Words before a time. Of `d'ici` and `a partir de` the middle word tells."""

FILLERS: Final = frozenset(
    _table(
        ("the le la les l' d' de du las los un une a an que than of", True),
        ("next prochain prochaine prochaines proximas proximos", True),
        ("about environ roughly some only less moins another encore petite petit bonne", True),
    )
)
"""Words that may stand between a time and the word that relates it."""

WEEKDAYS: Final = _table(
    ("monday mondays lundi lundis lunes", 0),
    ("tuesday tuesdays mardi mardis martes tues", 1),
    ("wednesday wednesdays mercredi mercredis miercoles", 2),
    ("thursday thursdays jeudi jeudis jueves thurs", 3),
    ("friday fridays vendredi vendredis viernes", 4),
    ("saturday saturdays samedi samedis sabado", 5),
    ("sunday sundays dimanche dimanches domingo", 6),
)

MONTHS: Final = _table(
    ("january janvier enero jan janv", 1),
    ("february fevrier febrero feb fevr", 2),
    ("march mars marzo", 3),
    ("april avril abril apr avr", 4),
    ("may mai mayo", 5),
    ("june juin junio jun", 6),
    ("july juillet julio jul juil", 7),
    ("august aout agosto aug", 8),
    ("september septembre septiembre sep sept", 9),
    ("october octobre octubre oct", 10),
    ("november novembre noviembre nov", 11),
    ("december decembre diciembre dec", 12),
)
"""Only read next to the number of a day: `may` and `mars` have other uses."""

DAYS: Final = _table(
    ("today aujourd'hui hoy", 0),
    ("tomorrow demain manana", 1),
    ("yesterday hier ayer", -1),
    ("tonight", 0),
)

PARTS: Final = _table(
    ("morning matin matinee", (6, 12)),
    ("mediodia", (11, 13)),
    ("afternoon midi tarde", (12, 18)),
    ("evening soir soiree", (18, 24)),
    ("tonight", (18, 24)),
    ("overnight nuit noche night", (22, 30)),
)
"""First and last hour of a part of the day; beyond 24 is the next morning. `apres-midi` by its
second half: `midi` alone is an hour and is tried first."""

HOUR_WORDS: Final = _table(
    ("two dos", 2),
    ("three tres", 3),
    ("four cuatro", 4),
    ("five cinco", 5),
    ("six seis", 6),
    ("seven siete", 7),
    ("eight ocho", 8),
    ("nine nueve", 9),
    ("ten diez", 10),
    ("eleven", 11),
    ("twelve doce", 12),
)
"""Words that may be an hour with nothing that says so but their neighbours."""

NAMED_HOURS: Final = _table(("noon midday midi mediodia", 12), ("midnight minuit medianoche", 24))

ZONES: Final = _table(
    ("utc gmt", 0),
    ("bst cet", 60),
    ("cest", 120),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("pst", -480),
    ("pdt", -420),
)
"""Minutes east of Greenwich of the zone letters that may follow a clock time."""

ANY_TRIGGER: Final = (
    frozenset(UNITS) - {"h", "j"}
    | frozenset(WEEKDAYS)
    | frozenset(DAYS)
    | frozenset(PARTS)
    | frozenset(NAMED_HOURS)
    | frozenset(HOUR_WORDS)
)
"""Words at which a time may be found, beside the numbers."""

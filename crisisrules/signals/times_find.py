"""Where a text names a time: the forms of clock times, lengths, days and parts of the day.

Nothing is resolved here. Numbers and a few words are looked at; each look is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import Final

from crisisrules.signals.marks import DIGIT, TIME_WORD
from crisisrules.signals.text import Prepared
from crisisrules.signals.times_join import Atom, joined
from crisisrules.signals.times_spoken import relation_of, spoken_hour, spoken_hours, spoken_minutes
from crisisrules.signals.times_words import (
    DAYS,
    HOUR_WORDS,
    MONTHS,
    NAMED_HOURS,
    NUMBERS,
    PARTS,
    UNITS,
    WEEKDAYS,
    ZONES,
)

__all__ = ["time_atoms"]

_TELLS_TIME: Final = TIME_WORD | DIGIT
_MOST: Final = 200
"""Times read of one text; a text with more is no statement."""


_CLOCK: Final = re.compile(
    r"(?P<h>\d{1,2})(?:"
    r"[ \u00a0\u202f]?(?:h|heures?|horas?)(?:[ \u00a0\u202f]?(?P<m1>[0-5]\d))?(?![\w/])"
    r"|(?:[:.](?P<m2>[0-5]\d))?[ \u00a0\u202f]?(?P<half>[ap])(?:m|\.m\.?)(?!\w)"
    r"|[:](?P<m3>[0-5]\d)(?:h(?!\w)|(?![\w:]))"
    r"|[.](?P<m4>[0-5]\d)(?![\w%.]))",
    re.IGNORECASE,
)
_LENGTH: Final = re.compile(
    r"(?P<n>\d{1,3})[ \u00a0\u202f-]?(?:(?P<more>more|additional|further) )?"
    r"(?P<unit>minutos|minutes?|mins?|mn|hours?|hrs?|hr|heures?|horas?|h|days?|jours?|d[ií]as?"
    r"|weeks?|semaines?|seconde?s?)(?![\w/])",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    r"(?:(?P<y>20\d\d)-(?P<ym>\d\d)-(?P<yd>\d\d)"
    r"|(?P<d>\d{1,2})/(?P<m>0\d|1[0-2])(?:/(?P<y2>20\d\d|\d\d))?)(?![\w/])"
)
_DAY_NUMBER: Final = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)?(?!\w)")
_PHONE_BEFORE: Final = re.compile(r"[\d+(][ \u00a0\u202f.]?$")
_AFTER_NUMBER: Final = (
    frozenset({"am", "pm", "a", "p", "-", "more", "additional", "further"})
    | frozenset({"er", "st", "nd", "rd", "th"})
    | frozenset(UNITS)
    | frozenset(MONTHS)
)
_BEFORE_HOUR: Final = frozenset(
    {"at", "by", "before", "around", "about", "until", "till", "from", "past", "to", "las"}
)
_BETWEEN: Final = frozenset(
    ("petite", "petit", "bonne", "of", "d'", "full", "whole", "next", "prochaine", "prochaines")
)
_DEFINITE: Final = frozenset(("the", "l'", "la"))
_SPOKEN_HOUR: Final = frozenset({"at", "by", "around", "from", "until", "after", "since"})


def time_atoms(prepared: Prepared) -> list[Atom]:
    """The times of a text, unresolved, neighbours that tell one time put together."""
    return joined(_atoms(prepared), prepared.norms)


def _atoms(prepared: Prepared) -> list[Atom]:
    norms = prepared.norms
    atoms: list[Atom] = []
    past = 0  # characters that a found time already covers
    for index, mark in enumerate(prepared.each):
        if not mark & _TELLS_TIME or (past and prepared.starts[index] < past):
            continue
        find = _word_time if mark & TIME_WORD else _number_time
        atom = find(prepared, index)
        if atom is None:
            continue
        if atoms and atom.start < atoms[-1].end:
            continue
        if not atom.relation:
            atom.relation = relation_of(norms, atom.first)
        atoms.append(atom)
        past = atom.end
        if len(atoms) == _MOST:
            break
    return atoms


def _last_token(prepared: Prepared, index: int, end: int) -> int:
    starts = prepared.starts
    last = index
    while last + 1 < len(starts) and starts[last + 1] < end:
        last += 1
    return last


def _may_tell(norms: Sequence[str], index: int) -> bool:
    """Whether a number has a sign or a neighbour without which it tells no time."""
    if index + 1 < len(norms) and norms[index + 1] in _AFTER_NUMBER:
        return True
    norm = norms[index]
    if ":" in norm or "." in norm or "/" in norm or not norm.isdecimal():
        return True
    return index > 0 and (norms[index - 1] in MONTHS or norms[index - 1] in _BEFORE_HOUR)


def _number_time(prepared: Prepared, index: int) -> Atom | None:
    if not _may_tell(prepared.norms, index):
        return None
    text, start = prepared.original, prepared.starts[index]
    norms = prepared.norms
    # 01 23 45 67 89, 1,200 and £5 are no times, whatever follows them
    if start and text[start - 1] in "£$€+#./,:" and text[start - 1 : start] != ":":
        return None
    date = _DATE.match(text, start)
    if date is not None:
        return _dated(prepared, index, date)
    clock = _CLOCK.match(text, start)
    if clock is not None:
        atom = _clocked(prepared, index, clock)
        if atom is not None:
            return atom
    length = _LENGTH.match(text, start)
    if length is not None:
        if _PHONE_BEFORE.search(text, max(0, start - 3), start):
            return None
        end = length.end()
        last = _last_token(prepared, index, end)
        unit = UNITS[_plain(length["unit"])]
        atom = Atom(index, last, start, end, length=int(length["n"]) * unit)
        atom.more = length["more"] is not None
        return _after_length(atom, norms)
    day = _DAY_NUMBER.match(text, start)
    if day is not None and 1 <= int(day[1]) <= 31:
        last = _last_token(prepared, index, day.end())
        month = MONTHS.get(norms[last + 1]) if last + 1 < len(norms) else None
        first = index
        if month is not None:
            last += 1
        elif (
            index and norms[index - 1] in MONTHS and norms[index - 1] not in ("may", "mars", "mar")
        ):
            month, first = MONTHS[norms[index - 1]], index - 1
        if month is not None:
            year = 0
            if last + 1 < len(norms) and re.fullmatch(r"20\d\d", norms[last + 1]):
                last += 1
                year = int(norms[last])
            return Atom(
                first,
                last,
                prepared.starts[first],
                prepared.ends[last],
                date=(year, month, int(day[1])),
            )
    return spoken_hour(prepared, index)


def _plain(unit: str) -> str:
    return unit.casefold().replace("í", "i")


def _dated(prepared: Prepared, index: int, date: re.Match[str]) -> Atom | None:
    if date["y"]:
        year, month, day = int(date["y"]), int(date["ym"]), int(date["yd"])
    else:
        year, month, day = int(date["y2"] or 0), int(date["m"]), int(date["d"])
        year += 2000 if 0 < year < 100 else 0
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    end = date.end()
    last = _last_token(prepared, index, end)
    return Atom(index, last, date.start(), end, date=(year, month, day))


def _clocked(prepared: Prepared, index: int, clock: re.Match[str]) -> Atom | None:
    hour = int(clock["h"])
    minute = int(clock["m1"] or clock["m2"] or clock["m3"] or clock["m4"] or 0)
    norms, end = prepared.norms, clock.end()
    relation = relation_of(norms, index)
    half = clock["half"]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "pP" else 0)
    elif hour > 24 or (hour == 24 and minute):
        return None
    elif clock["m4"]:
        # 18.30 is a time where a preposition says so, else a number
        if relation not in _SPOKEN_HOUR:
            return None
    elif clock["m3"] is None and clock["m1"] is None:
        # a bare "2 h" may be a length
        if relation in ("in", "for", "every", "ago"):
            return None
        spelled = clock[0].casefold().endswith(("heure", "heures", "hora", "horas"))
        of = index > 0 and norms[index - 1] in ("de", "of", "que", "ces", "les", "some", "than")
        early = relation in ("by", "since", "") and hour < 7
        after = _last_token(prepared, index, end) + 1
        if after < len(norms) and norms[after] == "de":
            return None
        if (spelled and (early or relation == "")) or (of and not _range_follows(prepared, end)):
            return None
        if relation == "by" and index and norms[index - 1] == "ici" and hour < 7:
            return None
    last = _last_token(prepared, index, end)
    if clock["m1"] is None and clock["m3"] is None and not half:
        more, last = spoken_minutes(norms, last)
        minute += more
        end = prepared.ends[last]
    atom = Atom(index, last, clock.start(), end, clock=hour * 60 + minute, relation=relation)
    atom.twelve_hours = clock["m3"] is not None and 1 <= hour <= 11 and clock["h"][0] != "0"
    if last + 1 < len(norms) and norms[last + 1] in ZONES:
        atom.last = last + 1
        atom.end = prepared.ends[last + 1]
        atom.zone = timezone(timedelta(minutes=ZONES[norms[last + 1]]))
        atom.twelve_hours = False
    return atom


def _starts_time(prepared: Prepared, index: int) -> bool:
    start = prepared.starts[index]
    return any(form.match(prepared.original, start) for form in (_CLOCK, _LENGTH))


def _range_follows(prepared: Prepared, end: int) -> bool:
    return re.match(r"\s*(?:à|a|-|–|to)\s*\d", prepared.original[end : end + 12]) is not None


def _after_length(atom: Atom, norms: Sequence[str]) -> Atom:
    following = norms[atom.last + 1] if atom.last + 1 < len(norms) else ""
    if following in ("ago", "earlier"):
        atom.relation = "ago"
    elif atom.relation == "every":
        pass  # "every day more of them"
    elif atom.more or following in ("more", "supplementaires", "away"):
        atom.relation = "in"
    return atom


def _word_time(prepared: Prepared, index: int) -> Atom | None:
    norms = prepared.norms
    norm = norms[index]
    if norm in HOUR_WORDS:
        return spoken_hour(prepared, index)
    if norm in UNITS:
        return _spelled_length(norms, index, prepared)
    starts, ends = prepared.starts, prepared.ends

    def atom(first: int, last: int) -> Atom:
        return Atom(first, last, starts[first], ends[last])

    before = norms[index - 1] if index else ""
    if norm in WEEKDAYS:
        found = atom(index, index)
        found.weekday = WEEKDAYS[norm]
        # "mardi 2 à 9 h": the number is the day of the month, already told by the weekday
        if index + 1 < len(norms):
            number = _DAY_NUMBER.match(prepared.original, starts[index + 1])
            if number and int(number[1]) <= 31 and not _starts_time(prepared, index + 1):
                last = _last_token(prepared, index + 1, number.end())
                if last + 1 < len(norms) and norms[last + 1] in MONTHS:
                    return found
                found.last = last
                found.end = number.end()
        return found
    if norm in NAMED_HOURS and before not in ("apres", "after", "pyrenees"):
        relation = relation_of(norms, index)
        if norm in ("midi", "mediodia") and relation == "" and before not in ("ce", "et", "demain"):
            return None
        more, last = spoken_minutes(norms, index)
        found = atom(index, last)
        found.clock = NAMED_HOURS[norm] * 60 + more
        found.relation = relation
        return found
    if norm in DAYS:
        if norm == "manana" and before in ("la", "por"):
            return None
        found = atom(index, index)
        found.day = DAYS[norm]
        if norm == "tonight":
            found.part = PARTS[norm]
        return found
    part = PARTS.get(norm)
    if part is None:
        return None
    first = index
    if norm == "midi":
        if before != "apres":
            return None
        first = index - 1
        before = norms[first - 1] if first > 0 else ""
    if before in ("this", "ce", "cet", "cette", "esta", "the", "la", "l'", "le"):
        found = atom(first - 1, index)
        found.part = part
        if before not in ("the", "la", "l'", "le"):
            found.day = 0
        else:
            two = norms[first - 2] if first > 1 else ""
            if two not in ("in", "dans", "pendant", "during", "overnight"):
                return None
        return found
    if norm == "overnight" or (before in DAYS and DAYS[before] is not None):
        found = atom(first, index)
        found.part = part
        if norm == "overnight":
            found.day = 0
        return found
    if before in WEEKDAYS:
        found = atom(first, index)
        found.part = part
        return found
    return None


def _spelled_length(norms: Sequence[str], index: int, prepared: Prepared) -> Atom | None:
    """`half an hour`, `une petite demi-heure`, `toutes les heures`, `within the hour`."""
    count, first, share, definite = 0.0, index, 1.0, False
    for back in range(index - 1, max(index - 6, -1), -1):
        norm = norms[back]
        number = NUMBERS.get(norm)
        if number is None:
            if norm in _BETWEEN:
                continue
            definite = norm in _DEFINITE
            break
        first = back
        if number < 1:
            share = number
        elif not count or number > 1:
            count = number
    relation = relation_of(norms, first)
    if index + 1 < len(norms) and norms[index + 1] in ("past", "to"):
        clock = spoken_hour(prepared, index + 2)
        if clock is not None:
            return clock
    if norms[index] == "hourly":
        count, relation = 1.0, "every"
    if not count and share == 1.0:
        if relation != "every" and not (definite and relation == "in"):
            return None
        count = 1.0
    if norms[index] in ("heure", "heures") and share == 1.0:
        clock = spoken_hours(prepared, index)
        if clock is not None:
            return clock
    length = share * (count or 1.0) * UNITS[norms[index]]
    atom = Atom(first, index, prepared.starts[first], prepared.ends[index], length=length)
    atom.relation = relation
    return _after_length(atom, norms)

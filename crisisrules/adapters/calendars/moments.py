"""Reading a date or an hour as people write it, in English and in French, without deciding anything yet.

A cell becomes a :class:`Moment`: the numbers it holds and what is open (the order of day and month, the
year, the zone). :mod:`crisisrules.adapters.calendars.schedules` decides, once for the whole file. One
pattern a family of notations, each anchored and without nested repeats, so hostile cells cost nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

import attrs

from crisisrules.adapters.calendars import words

_LONGEST = 100

HELD = "HOLD"
"""Stands before the date of a held row in tables that have no column for a state."""


@attrs.frozen(kw_only=True)
class Moment:
    """What one cell, or a date cell and its hour cell together, says about an instant.

    Attributes:
        first, second: day and month as written; which is which is open when ``slashed``.
        slashed: two numbers without a name of a month and without a year in front.
        hour: None when no hour is given.
        rough: the word or mark that made the hour a guess (``matin``, ``vers``).
        zone_word: a zone abbreviation behind the hour, which is not an offset (``CST``).
        prompt: a wish relative to today (``next Friday``), which no file can settle.
        open: the cell says that there is no date yet (``à définir``), or is empty.
    """

    year: int | None = None
    first: int = 0
    second: int = 0
    slashed: bool = False
    dotted: bool = False
    weekday: int | None = None
    hour: int | None = None
    minute: int = 0
    second_of_minute: int = 0
    offset: timezone | None = None
    rough: str | None = None
    zone_word: str | None = None
    prompt: bool = False
    open: bool = False


OPEN = Moment(open=True)

_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january janvier jan janv",
            "february fevrier feb fev fevr",
            "march mars mar",
            "april avril apr avr",
            "may mai",
            "june juin jun",
            "july juillet jul juil",
            "august aout aug",
            "september septembre sep sept",
            "october octobre oct",
            "november novembre nov",
            "december decembre dec",
        ),
        start=1,
    )
    for name in names.split()
}
# people cut months where they like (`sept`, `octob`); what fits two months is none
for _name, _number in list(_MONTHS.items()):
    for _length in range(4, len(_name)):
        _fits = {number for name, number in _MONTHS.items() if name.startswith(_name[:_length])}
        if len(_fits) == 1:
            _MONTHS.setdefault(_name[:_length], _number)

_WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "monday lundi mon lun",
            "tuesday mardi tue tues mar",
            "wednesday mercredi wed mer",
            "thursday jeudi thu thur thurs jeu",
            "friday vendredi fri ven",
            "saturday samedi sat sam",
            "sunday dimanche sun dim",
        )
    )
    for name in names.split()
}
_OPEN_WORDS = frozenset(
    [
        "a definir",
        "a caler",
        "a planifier",
        "a programmer",
        "a confirmer",
        "tbd",
        "tbc",
        "tba",
        "to be planned",
        "to be defined",
        "n/a",
        "na",
        "-",
        "–",
        "—",
        "?",
        "??",
        "???",
        "draft",
        "brouillon",
        "none",
        "null",
        "non defini",
        "non planifie",
        "unscheduled",
        "file d'attente",
        "queue",
        "auto",
        "nc",
        "#n/a",
    ]
)
_PROMPT = re.compile(
    r"(?:next|this|tomorrow|today|tonight|in \d|every|each|demain|aujourd'hui|ce soir|apres-demain|"
    r"dans \d|tous les|chaque)\b|(?:" + "|".join(_WEEKDAYS) + r")\.?(?: prochain\b| at \d| a \d|$)"
)
_ROUGH_HOURS: dict[str, tuple[int, int]] = {
    word: at
    for at, names in {
        (
            9,
            0,
        ): "matin, le matin, matinee, morning, am, dans la matinee, debut de journee, "
        "en debut de journee",
        (11, 0): "fin de matinee, en fin de matinee, late morning",
        (14, 0): "apres-midi, l'apres-midi, aprem, apres midi, afternoon, pm, debut d'apres-midi",
        (17, 0): "fin d'apres-midi, en fin d'apres-midi, late afternoon",
        (18, 0): "fin de journee, en fin de journee, end of day, eod",
        (19, 0): "soir, le soir, soiree, en soiree, evening, dans la soiree",
        (21, 0): "nuit, la nuit, night",
        (12, 30): "dejeuner, pause dejeuner, lunch",
    }.items()
    for word in (name.strip() for name in names.split(","))
}
_EXACT_HOURS = {
    "midi": (12, 0),
    "a midi": (12, 0),
    "noon": (12, 0),
    "minuit": (0, 0),
    "midnight": (0, 0),
}

_NUMERIC = re.compile(
    r"(?:([a-z]{2,9})\.?,? )?(?:le )?(\d{1,4})([-/.])(\d{1,2})(?:\3(\d{4}|\d{2})(?!\d))?(?![\d:])"
)
_DAY_MONTH = re.compile(
    r"(?:([a-z]{2,9})\.?,? )?(?:le |the )?(\d{1,2})(?:er|e|st|nd|rd|th)?\.?[ -]?(?:of |de )?([a-z]{3,9})\.?,?"
    r"(?:[ -](\d{4}(?!\d)|\d{2}(?! ?h|[\d:])))?(?![a-z])"
)
_MONTH_DAY = re.compile(
    r"(?:([a-z]{2,9})\.?,? )?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:,? (\d{4})(?!\d))?"
)
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)(?:t(\d\d)(\d\d)(\d\d)?)?(z)?$")
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d{1,12}))?$")
_BETWEEN = re.compile(r"(?:t(?=\d)|[ ,;:–—-]*(?:\b(?:a|at|vers|around)\b)?[ ]*)")
_HOUR = re.compile(
    r"(vers |env\.? |~|avant |apres |around |before |after )?(\d{1,2})"
    r"(?: ?(?:h(?:eures?|rs?)?|:|\.) ?(\d{2})?)?(?: ?(?:mn|min))?(?::(\d{2})(?:[.,]\d{1,9})?)?"
    r" ?(am|pm|a\.m\.|p\.m\.)?"
    r" ?(z|utc|gmt|(?:utc|gmt)?[+-]\d{2}:?(?:\d{2})?)?"
    r"(?: ?[-–/àa] ?\d{1,2} ?(?:h|:) ?(?:\d{2})?)?(?: ([a-z]{2,5}))?$"
)


def unheld(cell: str) -> str:
    """A date cell without the mark of a held row."""
    return cell[len(HELD) :].strip() if cell.startswith(HELD) else cell


@lru_cache(maxsize=8192)
def read_date(cell: str) -> Moment | None:
    """The moment of a date cell, which may hold the hour too; None when it is not a date."""
    if len(cell) > _LONGEST:
        return None
    text = words.fold(cell).removeprefix("'")
    if not text or text in _OPEN_WORDS:
        return OPEN
    for pattern in (_numeric, _compact, _serial, _day_month, _month_day):
        moment = pattern(text)
        if moment is not None:
            return moment
    if _PROMPT.match(text):
        return Moment(prompt=True)
    return None


@lru_cache(maxsize=2048)
def read_hour(cell: str) -> Moment | None:
    """The moment of an hour cell (no date in it); None when it is not an hour."""
    text = words.fold(cell[:_LONGEST])
    if not text or text in _OPEN_WORDS:
        return OPEN
    if text in _EXACT_HOURS:
        hour, minute = _EXACT_HOURS[text]
        return Moment(hour=hour, minute=minute)
    if text in _ROUGH_HOURS:
        hour, minute = _ROUGH_HOURS[text]
        return Moment(hour=hour, minute=minute, rough=cell.strip())
    if text.startswith(("0.", "0,")) and text[2:].isdigit() and len(text) > 4:
        return _of_day(float("0." + text[2:16]))
    match = _HOUR.match(text)
    if match is None:
        return None
    about, hour_text, minute_text, second_text, half, offset, zone_word = match.groups()
    hour, minute = int(hour_text), int(minute_text or 0)
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    if hour > 24 or minute > 59 or int(second_text or 0) > 59 or (hour == 24 and minute):
        return None
    return Moment(
        hour=hour,
        minute=minute,
        second_of_minute=int(second_text or 0),
        offset=_offset(offset),
        rough=about.strip() if about else None,
        zone_word=zone_word,
    )


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    digits = text.lstrip("utcgmz").replace(":", "")
    if not digits:
        return UTC
    ahead = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5] or 0))
    if ahead >= timedelta(hours=24):
        return None
    return timezone(-ahead if digits[0] == "-" else ahead)


def _with_rest(text: str, end: int, moment: Moment) -> Moment | None:
    """``moment`` with the hour that follows it in the same cell, or None when something else does."""
    rest = text[end:]
    if not rest:
        return moment
    between = _BETWEEN.match(rest)
    rest = rest[between.end() :] if between else rest
    if not rest:
        return moment
    hour = read_hour(rest)
    return None if hour is None else joined(moment, hour)


def joined(date: Moment, hour: Moment) -> Moment:
    """The date of one cell and the hour of another; an hour cell that is open leaves the date's own."""
    if hour.hour is None:
        return date
    return attrs.evolve(
        date,
        hour=hour.hour,
        minute=hour.minute,
        second_of_minute=hour.second_of_minute,
        offset=hour.offset,
        rough=hour.rough,
        zone_word=hour.zone_word,
    )


def _numeric(text: str) -> Moment | None:
    match = _NUMERIC.match(text)
    if match is None:
        return None
    weekday, first, separator, second, third = match.groups()
    if weekday is not None and weekday not in _WEEKDAYS:
        return None
    named = _WEEKDAYS.get(weekday or "")
    if len(first) == 4:
        if third is None:
            return None
        moment = Moment(year=int(first), first=int(third), second=int(second), weekday=named)
    elif len(first) == 3 or (third is None and separator == "-"):
        return None
    else:
        moment = Moment(
            year=_year(third),
            first=int(first),
            second=int(second),
            slashed=True,
            dotted=separator == ".",
            weekday=named,
        )
    return _with_rest(text, match.end(), moment)


def _day_month(text: str) -> Moment | None:
    match = _DAY_MONTH.match(text)
    if match is None:
        return None
    weekday, day, month, year = match.groups()
    number = _MONTHS.get(month)
    if number is None or (weekday is not None and weekday not in _WEEKDAYS):
        return None
    moment = Moment(
        year=_year(year), first=int(day), second=number, weekday=_WEEKDAYS.get(weekday or "")
    )
    return _with_rest(text, match.end(), moment)


def _month_day(text: str) -> Moment | None:
    match = _MONTH_DAY.match(text)
    if match is None:
        return None
    weekday, month, day, year = match.groups()
    number = _MONTHS.get(month)
    if number is None or (weekday is not None and weekday not in _WEEKDAYS):
        return None
    moment = Moment(
        year=_year(year), first=int(day), second=number, weekday=_WEEKDAYS.get(weekday or "")
    )
    return _with_rest(text, match.end(), moment)


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def _compact(text: str) -> Moment | None:
    match = _COMPACT.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zulu = match.groups()
    if hour is not None and (int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59):
        return None
    return Moment(
        year=int(year),
        first=int(day),
        second=int(month),
        hour=None if hour is None else int(hour),
        minute=int(minute or 0),
        second_of_minute=int(second or 0),
        offset=UTC if zulu else None,
    )


def _serial(text: str) -> Moment | None:
    """A spreadsheet's day number (days since 1899-12-30) or UNIX seconds."""
    if len(text) == 10 and text.isdigit():
        at = datetime.fromtimestamp(int(text), UTC)
        return Moment(
            year=at.year, first=at.day, second=at.month, hour=at.hour, minute=at.minute,
            second_of_minute=at.second, offset=UTC,
        )  # fmt: skip
    match = _SERIAL.match(text)
    # 2000-01-01 to 2099-12-31: other five-digit numbers are not days of a calendar
    if match is None or not 36526 <= int(match[1]) <= 73050:
        return None
    day = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=int(match[1]))
    moment = Moment(year=day.year, first=day.day, second=day.month)
    if match[2] is None:
        return moment
    return joined(moment, _of_day(float("0." + match[2])))


def _of_day(fraction: float) -> Moment:
    seconds = min(round(fraction * 86400), 86399)
    return Moment(hour=seconds // 3600, minute=seconds % 3600 // 60, second_of_minute=seconds % 60)


def month_word(number: int) -> str:
    """A word that is read as the month of that number."""
    return next(name for name, month in _MONTHS.items() if month == number)


def month_and_year(text: str) -> tuple[int | None, int | None]:
    """The month and the year a title, a sheet or a file name speaks of (``Mars 2026``), each or None."""
    month = year = None
    for word in re.split(r"[^a-z0-9]+", words.fold(text[:200])):
        if word in _MONTHS and month is None:
            month = _MONTHS[word]
        elif re.fullmatch(r"20\d\d", word):
            year = int(word) if year is None else year
    return month, year

"""What a text says, read by lexicons and form: kind, topic, urgency, statement features, novelty."""

from __future__ import annotations

from crisisrules.signals.builtin import LexiconSignals, load_lexicon_signals
from crisisrules.signals.plugins import load_signals
from crisisrules.signals.reading import CommentReading, Reading, Role, Signals, reading_to_json
from crisisrules.signals.text import Span
from crisisrules.signals.topic import Topic

__all__ = [
    "CommentReading",
    "LexiconSignals",
    "Reading",
    "Role",
    "Signals",
    "Span",
    "Topic",
    "load_lexicon_signals",
    "load_signals",
    "reading_to_json",
]

"""Streams of events: the project's own JSON lines, and what platforms and incident tools send."""

"""A crisis-communication playbook as declarative rules: which post, why, by when, and what settles it."""

from __future__ import annotations

__version__ = "0.1.0"

"""The tables of a journal, and how an older file is brought up to them."""

from __future__ import annotations

import secrets
import sqlite3
from typing import Final

SCHEMA: Final = 2

_FIRST: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE events (seq INTEGER PRIMARY KEY AUTOINCREMENT, line BLOB NOT NULL, late INTEGER);
CREATE TABLE seen (mark INTEGER PRIMARY KEY);
CREATE TABLE checkpoints (seq INTEGER NOT NULL, playbook TEXT NOT NULL, state BLOB NOT NULL);
CREATE TABLE outbox (
  key TEXT NOT NULL,
  route TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  change BLOB NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting',
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  PRIMARY KEY (route, key)
) WITHOUT ROWID;
CREATE INDEX outbox_waiting ON outbox (route, state, next_at);
CREATE TABLE marks (
  recommendation TEXT NOT NULL, kind TEXT NOT NULL, by TEXT, reason TEXT, until INTEGER, at INTEGER NOT NULL
);
"""

STEPS: Final = (
    _FIRST,
    "CREATE TABLE cursors (source TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;",
)
"""What leads from each version of the schema to the next one, from an empty file to :data:`SCHEMA`."""


def fault_of(db: sqlite3.Connection, *, read_only: bool) -> tuple[str, str] | None:
    """Why a file cannot be used as a journal: the name and message of the problem.

    An empty file can, unless it is only to be read; so can one of an older version.
    """
    if not read_only and _is_empty(db):
        return None
    version = _version(db)
    if version is None:
        return "no-journal", "the file is no journal of crisisrules"
    if not 1 <= version <= SCHEMA:
        message = f"the journal has version `{version}`; this version reads up to `{SCHEMA}`"
        return "other-version", message
    return None


def bring_up(db: sqlite3.Connection) -> None:
    """Make the tables that are missing; inside a transaction, as two processes may do it at once."""
    version = 0 if _is_empty(db) else _version(db) or 0
    for step in STEPS[version:]:
        for statement in step.split(";"):
            db.execute(statement)
    if version == 0:
        db.execute("INSERT INTO meta VALUES ('key', ?)", (secrets.token_hex(32),))
    if version < SCHEMA:
        db.execute("INSERT OR REPLACE INTO meta VALUES ('schema', ?)", (str(SCHEMA),))


def _is_empty(db: sqlite3.Connection) -> bool:
    return not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def _version(db: sqlite3.Connection) -> int | None:
    try:
        row = db.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise
        return None
    text = "" if row is None else str(row[0])
    return int(text) if text.isdecimal() and len(text) < 10 else None

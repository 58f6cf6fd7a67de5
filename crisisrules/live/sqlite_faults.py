"""What the errors of SQLite mean for whoever keeps a journal."""

from __future__ import annotations

import sqlite3


def said(error: sqlite3.Error) -> tuple[str, str]:
    """The name and message of the problem that an error of SQLite stands for."""
    text = str(error)
    if "locked" in text or "busy" in text:
        return (
            "journal-locked",
            "another process holds the journal; stop it or give `--state` another file",
        )
    if "readonly" in text or "read-only" in text:
        return (
            "journal-read-only",
            "the journal cannot be written; check the file's and folder's permissions",
        )
    if "full" in text:
        return "disk-full", "the disk is full; nothing of the last batch was accepted"
    if "i/o" in text.lower():
        return (
            "disk-failing",
            (
                "the disk cannot be read or written: a fault, a quota, or a limit on the size of files;"
                " nothing of the last batch was accepted"
            ),
        )
    if "malformed" in text or "not a database" in text:
        return (
            "journal-damaged",
            "the file is damaged or no journal; restore it, or export what can be read",
        )
    if "unable to open" in text:
        return "journal-unopened", "the file cannot be opened; check the folder and its permissions"
    return "journal-failed", f"the journal failed: {text.lower()}"

"""Writing a file so that nobody ever sees half of it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from crisisrules.model.errors import InputError, Place, Problem


def write_atomically(path: str | Path, content: bytes) -> None:
    """Put ``content`` in place of the file ``path``: all of it or, when anything fails, none.

    The file keeps its permissions; a link is followed.

    Raises:
        InputError: the folder does not exist or may not be written to.
    """
    target = Path(os.path.realpath(path))
    temporary: Path | None = None
    try:
        with NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as stream:
            temporary = Path(stream.name)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        temporary.chmod(mode)
        temporary.replace(target)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        reason = (error.strerror or "it cannot be written").lower()
        message = f"the file cannot be written: {reason}"
        raise InputError(Problem(Place(str(path)), "unwritable", message)) from None


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask

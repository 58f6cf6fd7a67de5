"""``python -m crisisrules``."""

from __future__ import annotations

import sys

from crisisrules.cli import main

if __name__ == "__main__":
    sys.exit(main())

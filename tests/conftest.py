"""Settings that all tests share."""

from __future__ import annotations

import pytest
from hypothesis import settings

# an example that takes long on a busy machine is no fault
settings.register_profile("crisisrules", deadline=None)
settings.load_profile("crisisrules")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes golden files anew, to be reviewed as a change."""
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written instead of compared."""
    return bool(request.config.getoption("--update-golden"))

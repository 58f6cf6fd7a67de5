"""How long to wait before something that failed is tried again: ever longer, and never all at once."""

from __future__ import annotations

from tenacity import RetryCallState, wait_exponential, wait_random


def seconds_until(attempt: int, *, first: float, longest: float) -> float:
    """Seconds before the next try: doubled each time from ``first`` up to ``longest``, and up to 5 more."""
    state = RetryCallState(retry_object=None, fn=None, args=(), kwargs={})  # type: ignore[arg-type]  # only the count is read
    state.attempt_number = attempt
    return float((wait_exponential(multiplier=first, max=longest) + wait_random(0, 5))(state))

"""Figures for whoever watches the watcher, as Prometheus and OpenMetrics read them."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest

from crisisrules.live.loop import Loop
from crisisrules.model.vocabulary import RULE_SEVERITIES


class Metrics:
    """The figures of one listener: no text, author, post or address is ever a label."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._open = Gauge(
            "crisisrules_open_recommendations",
            "Recommendations open now.",
            ["severity"],
            registry=self._registry,
        )
        self._overdue = Gauge(
            "crisisrules_overdue_seconds",
            "How long the oldest unmet deadline has passed.",
            registry=self._registry,
        )
        self._lag = Gauge(
            "crisisrules_lag_seconds",
            "How far the newest event lies behind the clock.",
            registry=self._registry,
        )
        self._accepted = Gauge(
            "crisisrules_accepted_events",
            "Events accepted since the start.",
            registry=self._registry,
        )
        self._repeated = Gauge(
            "crisisrules_repeated_events", "Deliveries seen before.", registry=self._registry
        )
        self._rejected = Counter(
            "crisisrules_rejected_payloads",
            "Deliveries that were not accepted.",
            ["reason"],
            registry=self._registry,
        )
        self._ignored = Counter(
            "crisisrules_ignored_facts",
            "Parts of payloads that are no facts for us.",
            ["source"],
            registry=self._registry,
        )
        self._failed = Counter(
            "crisisrules_delivery_failures",
            "Notices that could not be delivered.",
            registry=self._registry,
        )
        for reason in ("bad-signature", "too-large", "bad-payload", "bad-events", "unauthorized"):
            self._rejected.labels(reason)

    def rejected(self, reason: str) -> None:
        """A delivery was not accepted."""
        self._rejected.labels(reason).inc()

    def ignored(self, source: str, number: int) -> None:
        """Parts of a payload were no facts for us."""
        if number:
            self._ignored.labels(source).inc(number)

    def failed(self, number: int = 1) -> None:
        """Notices could not be delivered."""
        self._failed.inc(number)

    def page(self, loop: Loop) -> tuple[bytes, str]:
        """The page and its content type, as things stand."""
        now = loop.clock()
        told = loop.keeper.session.recommendations()
        for severity in RULE_SEVERITIES:
            self._open.labels(severity).set(sum(1 for one in told if one.severity == severity))
        late = [(now - one.due_at).total_seconds() for one in told if one.due_at is not None]
        self._overdue.set(max([0.0, *late]))
        newest = loop.last_events[-1].at if loop.last_events else None
        self._lag.set(0.0 if newest is None else max(0.0, (now - newest).total_seconds()))
        self._accepted.set(loop.accepted)
        self._repeated.set(loop.repeated)
        page: bytes = generate_latest(self._registry)  # type: ignore[no-untyped-call]  # the library types it no further
        return page, CONTENT_TYPE_LATEST

"""Figures for whoever watches the watcher, as Prometheus and OpenMetrics read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs
from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from crisisrules.adapters.platforms.adapter import COMMENT_EDIT
from crisisrules.live.loop import Loop
from crisisrules.live.polling import Faring
from crisisrules.model.vocabulary import RULE_SEVERITIES

REASONS = (
    "bad-signature",
    "too-large",
    "bad-payload",
    "bad-events",
    "unauthorized",
    "unknown-source",
    "bad-handshake",
    "bad-request",
    "journal",
    "internal",
)
"""Why a delivery is not accepted; each is shown from the start, so that a rise from nothing is seen."""


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
        self._edits = Counter(
            "crisisrules_ignored_comment_edits",
            "Edits of comments; a comment counts by what it first said.",
            ["source"],
            registry=self._registry,
        )
        self._failed = Counter(
            "crisisrules_delivery_failures",
            "Notices that could not be delivered.",
            registry=self._registry,
        )
        self._counted = _Counted()
        self._registry.register(self._counted)
        for reason in REASONS:
            self._rejected.labels(reason)

    def rejected(self, reason: str) -> None:
        """A delivery was not accepted."""
        self._rejected.labels(reason).inc()

    def ignored(self, source: str, reasons: Mapping[str, int]) -> None:
        """Parts of a payload were no facts for us, how many for which reason."""
        if reasons:
            self._ignored.labels(source).inc(sum(reasons.values()))
        if COMMENT_EDIT in reasons:
            self._edits.labels(source).inc(reasons[COMMENT_EDIT])

    def failed(self, number: int = 1) -> None:
        """Notices could not be delivered."""
        self._failed.inc(number)

    def show(self, polls: Sequence[Faring]) -> None:
        """Show how polled sources fare."""
        self._counted.polls = tuple(polls)

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
        self._counted.loop = loop
        page: bytes = generate_latest(self._registry)  # type: ignore[no-untyped-call]  # the library types it no further
        return page, CONTENT_TYPE_LATEST


@attrs.define(eq=False)
class _Counted(Collector):
    """What others have counted."""

    loop: Loop | None = None
    polls: tuple[Faring, ...] = ()

    def collect(self) -> Iterable[Metric]:
        """The families, for one page."""
        accepted, repeated, late, failed = (
            (0, 0, 0, 0)
            if self.loop is None
            else (self.loop.accepted, self.loop.repeated, self.loop.late, self.loop.failed)
        )
        yield CounterMetricFamily("crisisrules_accepted_events", "Events accepted.", accepted)
        yield CounterMetricFamily(
            "crisisrules_repeated_events", "Events that came before.", repeated
        )
        yield CounterMetricFamily(
            "crisisrules_late_events", "Events that came after time had passed over them.", late
        )
        yield CounterMetricFamily(
            "crisisrules_journal_failures", "Batches that could not be written.", failed
        )
        failing = GaugeMetricFamily(
            "crisisrules_poll_failing",
            "Whether a polled source does not answer as it should.",
            labels=["source"],
        )
        silence = GaugeMetricFamily(
            "crisisrules_poll_silence_seconds",
            "How long ago a polled source answered last.",
            labels=["source"],
        )
        failures = CounterMetricFamily(
            "crisisrules_poll_failures",
            "Polls that were not answered as they should be.",
            labels=["source"],
        )
        gaps = CounterMetricFamily(
            "crisisrules_poll_gaps",
            "Times that something was missed and cannot be known any more.",
            labels=["source"],
        )
        for poll in self.polls:
            failing.add_metric([poll.source], float(poll.failing_since is not None))
            silence.add_metric([poll.source], poll.silence().total_seconds())
            failures.add_metric([poll.source], poll.failures)
            gaps.add_metric([poll.source], poll.gaps)
        yield from (failing, silence, failures, gaps)

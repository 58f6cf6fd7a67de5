"""Prometheus Alertmanager: its webhook (version 4), and the alerts of its API.

A group of alerts is one incident, named by the labels that make the group: forty alerts of one outage
are one crisis. The webhook is not signed and is sent again as long as the group fires.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import attrs

from crisisrules.adapters.platforms.adapter import (
    Accounts,
    Gathering,
    Reading,
    delivery_id,
    stamp,
)
from crisisrules.adapters.platforms.incidents import brand_of, opened, severity_of
from crisisrules.adapters.platforms.payload import (
    count_at,
    instant_at,
    list_at,
    text_at,
    value_at,
    word_at,
)
from crisisrules.model.events import IncidentResolved
from crisisrules.model.vocabulary import SEVERITIES

_PARTS_OF_A_SERVICE: Final = ("service", "component", "job")


@attrs.frozen
class AlertmanagerWebhook:
    """Groups of alerts; ``accounts`` names receivers."""

    accounts: Accounts

    def read(self, payload: object, received_at: datetime) -> Reading:
        """An incident that opened or is over; see :class:`StreamAdapter`."""
        found = Gathering()
        if isinstance(payload, list):
            for alert in payload:
                _group(found, None, {"alerts": [alert]}, received_at)
        else:
            brand = brand_of(self.accounts, text_at(payload, "receiver"))
            _group(found, brand, payload, received_at)
        return found.reading()


def _group(found: Gathering, brand: str | None, group: object, received_at: datetime) -> None:
    alerts = list_at(group, "alerts")
    if count_at(group, "truncatedAlerts"):
        found.ignore("alerts cut off by the sender")
    firing = [alert for alert in alerts if _fires(group, alert)]
    severity = _worst(found, group, firing or alerts)
    name = _name(group, alerts)
    if not alerts or name is None:
        found.ignore("not alerts")
        return
    if severity is None:
        found.ignore("alerts without impact")
        return
    starts = [at for alert in firing or alerts if (at := instant_at(alert, "startsAt"))]
    started_at = min(starts, default=received_at)
    found.add(
        opened(
            at=started_at,
            brand=brand,
            delivery=delivery_id("alertmanager", name, stamp(started_at), severity),
            incident=name,
            severity=severity,
            title=_title(group, alerts) or name,
            components=_components(alerts),
        )
    )
    if not firing:
        ends = [at for alert in alerts if (at := instant_at(alert, "endsAt"))]
        over_at = max(ends, default=received_at)
        found.add(
            IncidentResolved(
                at=max(over_at, started_at),
                brand=brand,
                id=delivery_id("alertmanager", name, stamp(over_at), "resolved"),
                incident=name,
            )
        )


def _fires(group: object, alert: object) -> bool:
    # the API has an object where the webhook has a word; a sender of its own may have neither
    state = value_at(alert, "status")
    word = word_at(alert, "status", "state") if isinstance(state, Mapping) else None
    return (word or word_at(alert, "status") or word_at(group, "status")) != "resolved"


def _worst(found: Gathering, group: object, alerts: list[object]) -> str | None:
    worst: str | None = None
    for alert in alerts:
        word = word_at(alert, "labels", "severity") or word_at(group, "commonLabels", "severity")
        severity = severity_of(word)
        if severity is None:
            found.ignore(f"alert of severity {word}")
        elif worst is None or SEVERITIES.index(severity) > SEVERITIES.index(worst):
            worst = severity
    return worst


def _name(group: object, alerts: list[object]) -> str | None:
    labels = value_at(group, "groupLabels")
    if isinstance(labels, Mapping):
        values = [text for key in sorted(map(str, labels)) if (text := text_at(labels, key))]
        if values:
            return "/".join(values)
    name = text_at(group, "groupKey")
    if name is None and alerts:
        name = text_at(alerts[0], "fingerprint") or text_at(alerts[0], "labels", "alertname")
    return name


def _title(group: object, alerts: list[object]) -> str | None:
    for holder in (value_at(group, "commonAnnotations"), *map(_annotations, alerts)):
        title = text_at(holder, "summary")
        if title is not None:
            return title
    return text_at(alerts[0], "labels", "alertname")


def _annotations(alert: object) -> object:
    return value_at(alert, "annotations")


def _components(alerts: list[object]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for alert in alerts:
        for label in _PARTS_OF_A_SERVICE:
            name = text_at(alert, "labels", label)
            if name is not None:
                names[name] = None
                break
    return tuple(names)

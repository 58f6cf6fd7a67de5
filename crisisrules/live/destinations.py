"""Where messages go: through Apprise to people, as CloudEvents over HTTP to machines."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

import apprise

from crisisrules.live.routes import Route
from crisisrules.model.errors import Place, Problem, UsageError

_TIMEOUT: Final = 10.0
_KINDS: Final = {
    "info": apprise.NotifyType.INFO,
    "warning": apprise.NotifyType.WARNING,
    "critical": apprise.NotifyType.FAILURE,
}


class Destinations:
    """The addresses of routes, each checked once.

    Raises:
        UsageError: an address is of no kind that is known; the message shows none of its secrets.
    """

    def __init__(self, routes: Sequence[Route]) -> None:
        self._targets: dict[str, apprise.Apprise] = {}
        for route in routes:
            if route.is_machine:
                continue
            target = apprise.Apprise()
            if not target.add(route.to):
                scheme = route.to.partition(":")[0]
                message = (
                    f"the address of `{route.name}` (`{scheme}:…`) is of no kind that is known;"
                    " the forms are those of Apprise, such as `slack://…` or `mailtos://…`"
                )
                raise UsageError(Problem(Place("--notify"), "unknown-address", message))
            self._targets[route.name] = target

    def deliver(
        self, route: Route, title: str, body: str, notices: Sequence[Mapping[str, object]]
    ) -> bool:
        """Deliver one message; True when its destination took it."""
        target = self._targets.get(route.name)
        if target is None:
            return all(_cloud_event(route.to, notice) for notice in notices)
        gravest = max((str(n.get("severity")) for n in notices), key=list(_KINDS).index)
        # that no service matched is a failure as well, and false
        taken = target.notify(
            title=title,
            body=body,
            notify_type=_KINDS[gravest],
            body_format=apprise.NotifyFormat.TEXT,
        )
        return bool(taken)


def _cloud_event(address: str, notice: Mapping[str, object]) -> bool:
    event = {
        "specversion": "1.0",
        "id": notice.get("key"),
        # a reference of a URI, whatever the brand is called
        "source": f"/crisisrules/{quote(str(notice.get('brand')), safe='')}",
        "type": f"crisisrules.recommendation.{notice.get('change')}",
        "time": notice.get("at"),
        "subject": notice.get("id"),
        "datacontenttype": "application/json",
        "data": {name: value for name, value in notice.items() if name != "key"},
    }
    request = urllib.request.Request(  # noqa: S310 - only http and https reach this, see CLOUD_EVENTS
        address,
        data=json.dumps(event).encode(),
        headers={"Content-Type": "application/cloudevents+json; charset=utf-8"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310 - as above
        return 200 <= int(answer.status) < 300

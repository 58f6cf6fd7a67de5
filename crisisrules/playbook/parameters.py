"""Numbers of a playbook that a brand may set, each declared once, and where a value comes from.

The layers, later ones win: base < incident kind (scenario) < severity < phase < platform < page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from crisisrules.model.errors import Place
from crisisrules.playbook.conditions import Scalar

LAYERS: Final = ("base", "kind", "severity", "phase", "platform", "page")


@attrs.frozen(kw_only=True)
class Parameter:
    """One declared parameter.

    Attributes:
        type: ``duration`` (microseconds), ``count``, ``share`` (0 to 1) or ``factor``.
        least, most: the range allowed, both included; None is no limit.
        meaning: what it governs, by language.
        published: what published sources say, in one line; None when no number was found.
    """

    name: str
    type: str
    default: Scalar
    meaning: Mapping[str, str]
    least: Scalar | None = None
    most: Scalar | None = None
    published: str | None = None
    source: str | None = None
    place: Place = attrs.field(default=Place("<playbook>"), eq=False)


@attrs.frozen(kw_only=True)
class Setting:
    """One value for one parameter in one layer: ``layer`` and ``key`` say when it holds.

    A factor instead of a value multiplies what the layers below give (``2 * $update_cadence``).
    """

    name: str
    layer: str
    key: str | None
    value: Scalar | None = None
    factor: float | None = None
    place: Place = attrs.field(default=Place("<playbook>"), eq=False)


@attrs.frozen(kw_only=True)
class Context:
    """What a value may depend on; None when it is not known or does not apply."""

    kind: str | None = None
    severity: str | None = None
    phase: str | None = None
    platform: str | None = None
    page: str | None = None


@attrs.frozen(kw_only=True)
class Resolved:
    """A value with the layer and place that set it."""

    value: Scalar
    layer: str
    key: str | None
    place: Place


def resolve(parameter: Parameter, settings: tuple[Setting, ...], context: Context) -> Resolved:
    """The value that holds in a context, and where it was set.

    Within one layer the later setting wins, so that a brand's own file overrides the base playbook.
    """
    return trail(parameter, settings, context)[-1]


def trail(
    parameter: Parameter, settings: tuple[Setting, ...], context: Context
) -> tuple[Resolved, ...]:
    """How a value came to be: the default, then each layer that changed it; the last one holds."""
    best = Resolved(value=parameter.default, layer="base", key=None, place=parameter.place)
    steps = [best]
    mine = [setting for setting in settings if setting.name == parameter.name]
    for layer in LAYERS:
        chosen = None
        for setting in mine:
            if setting.layer == layer and (
                layer == "base" or getattr(context, layer) == setting.key
            ):
                chosen = setting
        if chosen is None:
            continue
        value = chosen.value
        if value is None:
            scaled = float(best.value) * (chosen.factor or 1.0)
            value = int(scaled) if isinstance(best.value, int) else scaled
        best = Resolved(value=value, layer=layer, key=chosen.key, place=chosen.place)
        steps.append(best)
    return tuple(steps)

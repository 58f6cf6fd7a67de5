"""Parameters of a playbook file: declarations, and settings by layer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from crisisrules.model.durations import format_duration
from crisisrules.model.errors import Place, unknown_word
from crisisrules.model.vocabulary import INCIDENT_KINDS, PHASES, PLATFORMS, SEVERITIES
from crisisrules.playbook.conditions import Scalar
from crisisrules.playbook.parameters import LAYERS, Context, Parameter, Setting, resolve
from crisisrules.playbook.reading import (
    Faults,
    Fields,
    describe,
    read_choice,
    read_duration,
    read_number,
    read_text,
    read_texts,
)
from crisisrules.playbook.yamlfaults import excerpt
from crisisrules.playbook.yamltext import Entry, MapNode, Node, ScalarNode

TYPES: Final = ("duration", "count", "share", "factor")
LAYER_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": INCIDENT_KINDS,
    "severity": SEVERITIES,
    "phase": PHASES,
    "platform": PLATFORMS,
    "page": (),
}
"""What a layer is keyed by; a page has any name."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


def read_parameters(
    node: Node | None, known: Mapping[str, Parameter], faults: Faults
) -> tuple[dict[str, Parameter], list[Setting]]:
    """The parameters that a file declares, and the values that it sets for these and known ones."""
    declared: dict[str, Parameter] = {}
    settings: list[Setting] = []
    if node is None:
        return declared, settings
    if not isinstance(node, MapNode):
        faults.expected(node, "parameters, `name: value`,")
        return declared, settings
    for entry in node.entries:
        if isinstance(entry.value, MapNode) and any(
            inner.key in ("type", "default") for inner in entry.value.entries
        ):
            parameter, layers = _declaration(entry, faults)
            if entry.key in known:
                message = f"`{entry.key}` is declared already; write `{entry.key}: value` to set it"
                faults.add(entry.key_place, "duplicate-parameter", message)
            declared[entry.key] = parameter
            settings.extend(layers)
        elif entry.key in known:
            settings.extend(_settings(known[entry.key], entry, faults))
        else:
            message = unknown_word("a parameter", entry.key, known, limit=0)
            faults.add(entry.key_place, "unknown-parameter", message)
    return declared, settings


def check_scaled(
    parameters: Mapping[str, Parameter],
    settings: Sequence[Setting],
    written: Iterable[Setting],
    faults: Faults,
) -> None:
    """Report each factor of a file that takes a value out of its range as things stand.

    Args:
        settings: all that hold so far, those of the file included.
        written: those of the file. A factor of the base is not blamed for what a brand sets later.
    """
    for setting in written:
        parameter = parameters.get(setting.name)
        if setting.factor is None or parameter is None or setting.layer == "base":
            continue
        context = Context(**{setting.layer: setting.key})
        value = resolve(parameter, tuple(settings), context).value
        _check_range(parameter, value, setting.place, faults)


def _declaration(entry: Entry, faults: Faults) -> tuple[Parameter, list[Setting]]:
    if not _NAME.fullmatch(entry.key):
        message = "the name of a parameter has small letters, digits and underscores"
        faults.add(entry.key_place, "bad-id", message)
    fields = Fields.of(entry.value, faults, "a parameter")
    kind = read_choice(fields.need("type"), TYPES, "a type of parameter", faults, "unknown-value")
    default, least, most = fields.need("default"), fields.take("least"), fields.take("most")
    published, source = fields.take("published"), fields.take("source")
    parameter = Parameter(
        name=entry.key,
        type=kind,
        default=_value(kind, default, entry.key, faults) if default else 0,
        meaning=read_texts(fields.need("meaning"), faults),
        least=_value(kind, least, entry.key, faults) if least else None,
        most=_value(kind, most, entry.key, faults) if most else None,
        published=read_text(published, faults) if published else None,
        source=read_text(source, faults) if source else None,
        place=entry.key_place,
    )
    if default:
        _check_range(parameter, parameter.default, default.place, faults)
    layers = [
        setting
        for layer in LAYER_KEYS
        if (under := fields.take(layer)) is not None
        for setting in _layer(parameter, layer, under, faults)
    ]
    fields.close("a parameter")
    return parameter, layers


def _settings(parameter: Parameter, entry: Entry, faults: Faults) -> Iterator[Setting]:
    if not isinstance(entry.value, MapNode):
        yield _setting(parameter, "base", None, entry.value, faults)
        return
    for inner in entry.value.entries:
        if inner.key == "base":
            yield _setting(parameter, "base", None, inner.value, faults)
        elif inner.key in LAYER_KEYS:
            yield from _layer(parameter, inner.key, inner.value, faults)
        else:
            message = unknown_word("a layer", inner.key, LAYERS)
            faults.add(inner.key_place, "unknown-key", message)


def _layer(parameter: Parameter, layer: str, node: Node, faults: Faults) -> Iterator[Setting]:
    if not isinstance(node, MapNode):
        faults.expected(node, f"values by {layer}, `{{name: value}}`,")
        return
    keys = LAYER_KEYS[layer]
    for entry in node.entries:
        if keys and entry.key not in keys:
            what = {"kind": "a kind of incident"}.get(layer, f"a {layer}")
            message = unknown_word(what, entry.key, keys)
            faults.add(entry.key_place, "unknown-value", message)
            continue
        yield _setting(parameter, layer, entry.key, entry.value, faults)


def _setting(
    parameter: Parameter, layer: str, key: str | None, node: Node, faults: Faults
) -> Setting:
    value: Scalar | None = None
    factor = None
    if isinstance(node, MapNode):
        fields = Fields.of(node, faults, "`{times: 2}`")
        times = fields.need("times")
        fields.close("a factor")
        factor = read_number(times, faults, what="a number after `times`") if times else 1.0
        if times and factor <= 0:
            faults.add(times.place, "out-of-range", "a factor is above 0")
        if layer == "base":
            message = "`times` scales what the layers below give, and there is none below base"
            faults.add(node.place, "layer", message)
    else:
        found = len(faults.problems)
        value = _value(parameter.type, node, parameter.name, faults)
        # what could not be read is no value that could be out of range
        if len(faults.problems) == found:
            _check_range(parameter, value, node.place, faults)
    return Setting(
        name=parameter.name,
        layer=layer,
        key=key,
        value=value,
        factor=float(factor) if factor is not None else None,
        place=node.place,
    )


def _value(kind: str, node: Node, name: str, faults: Faults) -> Scalar:
    if kind == "duration":
        return read_duration(node, faults, f"`{name}`")
    value = node.value if isinstance(node, ScalarNode) else None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or (kind == "count" and not isinstance(value, int)):
        what = {"count": "a whole number", "share": "a share such as `0.2`"}.get(kind, "a number")
        message = f"`{name}` is {what}, not {describe(node)}"
        faults.add(node.place, "wrong-type", message)
        return 0
    assert isinstance(value, int | float)  # noqa: S101 - tested above, for the type checker
    if value < 0 or (kind == "share" and value > 1):
        span = "between 0 and 1" if kind == "share" else "never below 0"
        faults.add(node.place, "out-of-range", f"`{name}` is a {kind}, {span}, not `{value}`")
    return value if kind == "count" else float(value)


def _check_range(parameter: Parameter, value: Scalar, place: Place, faults: Faults) -> None:
    number = float(value)
    low, high = parameter.least, parameter.most
    if (low is None or number >= float(low)) and (high is None or number <= float(high)):
        return
    seen, least, most = (
        None if one is None else shown_value(parameter.type, one) for one in (value, low, high)
    )
    allowed = f"from `{least}` to `{most}`"
    if low is None or high is None:
        allowed = f"at most `{most}`" if low is None else f"at least `{least}`"
    message = f"`{excerpt(parameter.name)}` is {allowed}, not `{seen}`"
    faults.add(place, "out-of-range", message)


def shown_value(kind: str, value: Scalar) -> str:
    """The value of a parameter as one would write it."""
    return format_duration(int(value)) if kind == "duration" else f"{value:g}"

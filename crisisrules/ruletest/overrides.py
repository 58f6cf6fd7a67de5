"""What a rule test changes of the playbook: parameters of the base layer, and governance."""

from __future__ import annotations

from crisisrules.model.durations import format_duration, parse_duration
from crisisrules.model.errors import unknown_word
from crisisrules.playbook.conditions import Scalar
from crisisrules.playbook.parameters import Parameter, Setting
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.yamltext import Node, ScalarNode
from crisisrules.ruletest.nodes import Problems, as_mapping, report


def read_settings(node: Node | None, playbook: Playbook, problems: Problems) -> tuple[Setting, ...]:
    """The parameters that a test sets, as settings of the base layer."""
    mapping = as_mapping(node, "`parameters`", (), problems)
    settings = []
    for entry in mapping.entries if mapping else ():
        parameter = playbook.parameters.get(entry.key)
        if parameter is None:
            message = unknown_word("a parameter", entry.key, playbook.parameters)
            report(problems, entry.key_place, "unknown-parameter", message)
            continue
        value = _value(entry.value, parameter, problems)
        if value is not None:
            place = entry.value.place
            settings.append(
                Setting(name=entry.key, layer="base", key=None, value=value, place=place)
            )
    return tuple(settings)


def shown(value: Scalar, type_: str) -> str:
    """A parameter's value as it is written in a playbook."""
    if type_ == "duration":
        return format_duration(int(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _value(node: Node, parameter: Parameter, problems: Problems) -> Scalar | None:
    value: Scalar | None = None
    fault = f"`{parameter.name}` is a {parameter.type}"
    if isinstance(node, ScalarNode) and not isinstance(node.value, bool):
        if parameter.type == "duration" and node.value is not None:
            try:
                value = parse_duration(node.raw)
            except ValueError as error:
                fault = f"{fault}; {error}"
        elif parameter.type == "count" and isinstance(node.value, int):
            value = node.value
        elif parameter.type in ("share", "factor") and isinstance(node.value, int | float):
            value = float(node.value)
    if value is None:
        report(problems, node.place, "wrong-type", fault)
        return None
    least, most = parameter.least, parameter.most
    if (least is not None and value < least) or (most is not None and value > most):  # type: ignore[operator]  # both numbers
        low = "" if least is None else f" at least {shown(least, parameter.type)}"
        high = "" if most is None else f" at most {shown(most, parameter.type)}"
        message = f"`{parameter.name}` is{low}{' and' if low and high else ''}{high}"
        report(problems, node.place, "out-of-range", message)
        return None
    return value

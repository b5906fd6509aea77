"""YAML text as plain values, each with the line it begins on; nothing in it runs or repeats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode
from ruamel.yaml.tokens import (
    AliasToken,
    AnchorToken,
    BlockEndToken,
    BlockMappingStartToken,
    BlockSequenceStartToken,
    FlowMappingEndToken,
    FlowMappingStartToken,
    FlowSequenceEndToken,
    FlowSequenceStartToken,
    TagToken,
)

from allocator.scenario.fault import Fault, Path

NOT_TAKEN = {
    AnchorToken: "an anchor (&…) is not taken: write the value out",
    AliasToken: "an alias (*…) is not taken: write the value out",
    TagToken: "a tag (!…) is not taken: leave it out",
}
BEGINS = (
    BlockMappingStartToken,
    BlockSequenceStartToken,
    FlowMappingStartToken,
    FlowSequenceStartToken,
)
ENDS = (BlockEndToken, FlowMappingEndToken, FlowSequenceEndToken)
MOST_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Read:
    """What the text holds. `data` is None where there is a fault; `lines` count from 1."""

    data: Any
    lines: dict[Path, int]
    faults: tuple[Fault, ...] = ()


def read_yaml(text: str) -> Read:
    """YAML 1.2, so that `on` and `no` are words. Every repeated key is a fault."""
    try:
        faults = list(_refused_tokens(text))
        if faults:
            return Read(None, {}, tuple(faults))
        node = _yaml().compose(text)
        if node is None:
            return Read(None, {}, (Fault((), "the file is empty", 1),))
        lines: dict[Path, int] = {}
        faults = list(_walk(node, (), lines))
        if faults:
            return Read(None, lines, tuple(faults))
        return Read(_yaml().load(text), lines)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "it cannot be read"
        line = 1 if mark is None else int(mark.line) + 1
        return Read(None, {}, (Fault((), f"this is not YAML: {what}", line),))
    except (YAMLError, ValueError) as error:
        return Read(None, {}, (Fault((), f"this is not YAML: {error}", None),))


class _Plain(SafeConstructor):
    """A day that is not in the calendar is its text, and told of as any other fault."""

    def day(self, node: Any) -> Any:
        """A date, or the text of what is none."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return self.construct_yaml_str(node)


_Plain.add_constructor("tag:yaml.org,2002:timestamp", _Plain.day)


def _yaml() -> Any:
    found = YAML(typ="safe", pure=True)
    found.Constructor = _Plain
    return found


def _refused_tokens(text: str) -> Iterator[Fault]:
    depth = 0
    for token in _yaml().scan(text):
        depth += isinstance(token, BEGINS) - isinstance(token, ENDS)
        if depth > MOST_DEPTH:
            # Not read on: it would take longer the deeper it goes.
            yield Fault((), "it is nested too deeply", int(token.start_mark.line) + 1)
            return
        refused = NOT_TAKEN.get(type(token))
        if refused is not None:
            yield Fault((), refused, int(token.start_mark.line) + 1)


def _walk(node: Node, path: Path, lines: dict[Path, int]) -> Iterator[Fault]:
    """Note the line of everything below; a fault for every key that is there twice."""
    if isinstance(node, MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), int(key.start_mark.line) + 1
            below = (*path, name)
            if name in seen:
                yield Fault(below, f"is there already, in line {seen[name]}: keep one", line)
            seen[name] = line
            lines[below] = line
            yield from _walk(value, below, lines)
    elif isinstance(node, SequenceNode):
        for number, value in enumerate(node.value):
            lines[(*path, number)] = int(value.start_mark.line) + 1
            yield from _walk(value, (*path, number), lines)

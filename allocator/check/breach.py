"""Breach: one thing in a plan that may not be so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """What is breached, about which records, and a sentence for a coordinator.

    `code` is the rule's heading in docs/model.md, `aim:<level>` or `certificate:<level>`;
    `subject` holds ids and nothing else; `text` never holds a name.
    """

    code: str
    subject: tuple[str, ...]
    text: str

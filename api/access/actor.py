"""Who is asking: a named person or a client system, and in which roles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What someone may do; a person may have several. docs/data-protection.md: what each sees."""

    COORDINATOR = "coordinator"
    MANAGER = "manager"
    PLANNER = "planner"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SERVICE = "service"
    """Another system. It imports and reads; it never decides."""


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is the token's subject and stands in the timeline; `name` is for people to read."""

    id: str
    name: str
    roles: frozenset[Role]

    @property
    def is_person(self) -> bool:
        """Whether this is a human being, who alone can decide."""
        return Role.SERVICE not in self.roles

"""What stands in the head of the page: each room adds what a post opens there."""

from collections.abc import Callable
from typing import Any

Item = tuple[int, Any, str]  # order, lazy label, name of the address
_sources: list[Callable[[Any], list[Item]]] = []


def register(source: Callable[[Any], list[Item]]) -> None:
    """Add a room's function: given the person (None: a visitor), the items it opens."""
    if source not in _sources:
        _sources.append(source)


def items(user: Any) -> list[Item]:
    """Every item this person gets, in order."""
    return sorted((item for source in _sources for item in source(user)), key=lambda item: item[0])

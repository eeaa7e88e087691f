"""Long lists one page at a time: the keys of the page first, from whichever end is nearer, then the rows of these keys."""

from typing import Any

from django.db.models import QuerySet


class OnePage:
    """A list that a paginator cuts a page out of. `keys`: those of the files in their order, at hand or to be asked for;
    `rows`: what a line shows, in the same order.
    """

    def __init__(self, keys: QuerySet[Any, Any] | list[int], rows: QuerySet[Any], count: int) -> None:
        self._keys, self._rows, self._count = keys, rows, count

    def count(self) -> int:
        """Files of the whole list."""
        return self._count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, part: slice) -> list[Any]:
        """The rows of one page, in one question: the database sorts keys alone, and as few of them as it can."""
        start, stop = part.start, min(part.stop, self._count)
        if start >= stop:
            return []
        keys = self._keys
        if isinstance(keys, QuerySet) and start > self._count // 2:
            keys, start, stop = keys.reverse(), self._count - stop, self._count - start
        return list(self._rows.filter(pk__in=keys[start:stop]))

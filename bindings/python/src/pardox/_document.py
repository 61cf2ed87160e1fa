"""Plans as JSON text, however deep they are.

`json.dumps` recurses, and so refuses plans that the library takes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .errors import PardoxError

if TYPE_CHECKING:
    from collections.abc import Callable


def dumps(value: object, leaf: Callable[[object], object]) -> str:
    """Give the JSON text of dicts, lists, and what `leaf` makes of anything else."""
    out: list[str] = []
    pending: list[Any] = [value]
    while pending:
        item = pending.pop()
        if type(item) is _Sign:
            out.append(item)
        elif isinstance(item, dict):
            pending.extend(reversed(_parts(_object_items(item), "{", "}")))
        elif isinstance(item, list | tuple):
            pending.extend(reversed(_parts(([one] for one in item), "[", "]")))
        elif item is None or isinstance(item, str | int | float):
            out.append(json.dumps(item, ensure_ascii=False))
        else:
            pending.append(leaf(item))
    return "".join(out)


def encoded(document: str) -> bytes:
    """Give the bytes of JSON text; half of a surrogate pair has none."""
    try:
        return document.encode()
    except UnicodeEncodeError as error:
        message = "the question holds text with half of a surrogate pair"
        raise PardoxError("invalid_utf8", message) from error


class _Sign(str):
    """Text that is JSON already."""

    __slots__ = ()


def _object_items(item: dict[str, Any]) -> Any:
    return ([_Sign(json.dumps(key, ensure_ascii=False) + ":"), one] for key, one in item.items())


def _parts(groups: Any, opening: str, closing: str) -> list[Any]:
    parts: list[Any] = [_Sign(opening)]
    for index, group in enumerate(groups):
        if index:
            parts.append(_Sign(","))
        parts.extend(group)
    parts.append(_Sign(closing))
    return parts

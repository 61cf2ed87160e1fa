"""Moments of every unit and zone as Python's own, and back."""

from __future__ import annotations

import datetime
import zoneinfo

from .errors import PardoxError

_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_EPOCH = datetime.datetime(1970, 1, 1)


def is_moment(dtype: str) -> bool:
    """Say whether a type is one of timestamps."""
    return dtype == "timestamp" or dtype.startswith("timestamp(")


def unit_and_zone(dtype: str) -> tuple[str, str | None]:
    """Read unit and zone from the name of a type of timestamps."""
    if dtype == "timestamp":
        return "us", None
    unit, _, zone = dtype[len("timestamp(") : -1].partition(",")
    return unit, zone or None


class Moments:
    """How the ticks of a column become datetimes."""

    def __init__(self, dtype: str, column: str) -> None:
        """Take the type; a zone that this machine does not know is refused."""
        self._dtype, self._column = dtype, column
        self._unit, name = unit_and_zone(dtype)
        self._zone = None if name is None else _zone(name, column)

    def of(self, ticks: int) -> datetime.datetime:
        """Give a datetime; nanoseconds that it cannot hold are refused, not cut."""
        micros, lost = divmod(ticks * 1_000_000, _PER_SECOND[self._unit])
        if lost:
            message = (
                f"column {self._column} holds {lost} nanoseconds below a microsecond, which a "
                "datetime cannot hold; take view() or to_numpy(), or cast it to timestamp(us)"
            )
            raise PardoxError("bad_value", message, column=self._column)
        try:
            moment = _EPOCH + datetime.timedelta(microseconds=micros)
            if self._zone is None:
                return moment
            return moment.replace(tzinfo=datetime.UTC).astimezone(self._zone)
        except (ValueError, OverflowError) as error:
            message = f"column {self._column} holds a {self._dtype} that Python cannot say: {ticks}"
            raise PardoxError("bad_value", message, column=self._column) from error


def _zone(name: str, column: str) -> datetime.tzinfo:
    if name == "UTC":
        return datetime.UTC
    if name[0] in "+-":
        hours, minutes = int(name[1:3]), int(name[4:6])
        offset = datetime.timedelta(hours=hours, minutes=minutes)
        return datetime.timezone(-offset if name[0] == "-" else offset)
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        message = (
            f"column {column} has the zone {name}, which this machine's zoneinfo does not know; "
            "install tzdata, or take view()"
        )
        raise PardoxError("unsupported", message, column=column) from error


def zone_name(value: datetime.datetime, where: str) -> str:
    """Name the zone of a datetime as the engine does: by its key, or as an offset."""
    zone = value.tzinfo
    key = getattr(zone, "key", None)
    if isinstance(key, str):
        return key
    offset = value.utcoffset()
    if offset is None:
        raise PardoxError("bad_value", f"{where}{value!r} has a zone that says no offset")
    if not offset:
        return "UTC"
    minutes, lost = divmod(offset, datetime.timedelta(minutes=1))
    if lost:
        raise PardoxError("unsupported", f"{where}the offset {offset} has seconds; use a ZoneInfo")
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"

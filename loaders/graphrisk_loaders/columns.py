"""Columns of a mapping: which conversion each takes, and what belongs to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from graphrisk_loaders.coordinates import CRS, Crs
from graphrisk_loaders.language import CONVERSIONS, KEYS, OWN_KEYS
from graphrisk_loaders.mapping import USUAL_TIME, ColumnSpec
from graphrisk_loaders.said import Said
from graphrisk_loaders.yaml_text import shown
from graphrisk_schema.model import PropertyType

#: Any afternoon: a form that cannot tell it from a morning cannot be read back.
_SAMPLE = datetime(2024, 11, 23, 13, 45, 56)  # noqa: DTZ001 - local time of nowhere


def column_of(said: Said, name: str, wanted: tuple[PropertyType, ...]) -> ColumnSpec:
    """A column and its conversion, which gives the wanted type."""
    if isinstance(said.values.get(name), str):
        said = Said(said.file, said.place, {name: {"column": said.values[name]}})
    column = said.part(name, KEYS["column"])
    if "constant" in column:
        if len(column.values) > 1 or wanted != (PropertyType.TEXT,):
            raise column.fail("constant", "stands alone, for a text")
        return ColumnSpec("", constant=column.text("constant"))
    conversion = column.one_of("as", tuple(CONVERSIONS), "text")
    if not set(wanted) & set(CONVERSIONS[conversion]):
        fitting = [one for one, types in CONVERSIONS.items() if set(wanted) & set(types)]
        raise column.fail("as", f"{conversion} gives no {wanted[0]}: {' or '.join(fitting)} does")
    for key, owner in OWN_KEYS.items():
        if key in column and conversion != owner:
            raise column.fail(key, f"belongs to {owner}")
    return ColumnSpec(
        column.text("column"),
        conversion,
        format=_format(column),
        start=_start(column),
        values=_values(column) if conversion == "map" else {},
        crs=crs_of(column) if conversion == "boundary" else "wgs84",
    )


def crs_of(said: Said) -> Crs:
    """How positions are written: never left open, as nothing in a position shows it."""
    return cast("Crs", said.one_of("crs", CRS))


def _format(said: Said) -> str:
    """A form of times that can be read back: it tells the year, and the half of the day."""
    form = said.text("format", USUAL_TIME)
    fault = said.fail("format", f"{form!r} is no form of times that can be read")
    try:
        written = pc.strftime(pa.scalar(_SAMPLE, pa.timestamp("s")), format=form)
        read = pc.strptime(written, format=form, unit="s", error_is_null=True)
    except pa.ArrowInvalid as error:
        raise fault from error
    back: Any = read.as_py()  # a datetime; the published stubs say a number
    if back is None or back.year != _SAMPLE.year or back.hour not in (0, _SAMPLE.hour):
        raise fault
    return form


def _start(said: Said) -> str:
    start = said.values.get("start", "1970-01-01")
    try:
        return date.fromisoformat(str(start)).isoformat()
    except ValueError as error:
        raise said.fail("start", f"{shown(start)} is no date like 2017-01-01") from error


def _values(said: Said) -> dict[str, str]:
    values = said.values.get("values")
    if not isinstance(values, dict) or not values:
        raise said.fail("values", "must say which value of the source means what")
    for one in (part for pair in values.items() for part in pair):
        if not isinstance(one, str):  # YAML takes no for false, and 01 for 1
            quoted = "put it in quotes as the source writes it"
            raise said.fail("values", f"{shown(one)} is no text: {quoted}")
        said.sound("values", one)
    return values

"""From a block of a file to facts: converted columns, identities, contents, and faults."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from graphrisk.core.citizen_number import halves, is_sound, modern
from graphrisk.core.clock import BEGIN, OPEN
from graphrisk.core.keys import Encryptor, KeyRing
from graphrisk.ingest.divisions import Divisions
from graphrisk.ingest.hashing import fingerprints
from graphrisk.ingest.rejects import Reject
from graphrisk_loaders.conversions import convert
from graphrisk_loaders.converted import Converted
from graphrisk_loaders.coordinates import to_wgs84
from graphrisk_loaders.mapping import ROW, Calls, ColumnSpec, End, Mapping, Position, Target
from graphrisk_loaders.readers.block import Block
from graphrisk_loaders.times import told
from graphrisk_schema.reader import load_schema

#: Untyped: the published stubs know fewer combinations of arguments than Arrow does.
pc: Any = pyarrow.compute
Int64Array = npt.NDArray[np.int64]
Column: TypeAlias = "pa.Array[Any]"
_APART = "\x1f"
_NOTHING = "\x00"
#: Kinds of tokens of identity numbers: right as far as can be told, surely mistyped, parts.
SOUND, UNSOUND, _HALF = "id", "id-unsound", "id-half"
LONGEST_KEY = 200
#: Decimals of a converted position, a millimetre: it must not differ between machines.
_DECIMALS = 8
_MOST_LON, _MOST_LAT = 180, 90
_IDENTITY_NUMBER = r"^(\d{15}|\d{17}[\dX])$"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a block says. Arrays and tables have one row per row of the block.

    ``known`` marks rows whose identity could be read (a full delivery names them, even when the
    rest is at fault), ``good`` those that can be loaded. ``columns`` holds converted columns by
    spec, ``keys`` the texts that name nodes by end.
    """

    lines: Int64Array
    akeys: Int64Array  # of the row; targets derive theirs
    digests: Int64Array
    known: npt.NDArray[np.bool_]
    good: npt.NDArray[np.bool_]
    rejects: list[Reject]
    columns: dict[int, dict[str, Column]]  # per target: properties and validity
    keys: dict[End, Column]
    calls: dict[str, Column]


class FactMaker:
    """Makes facts of the blocks of one delivery."""

    def __init__(self, mapping: Mapping, ring: KeyRing, divisions: Divisions) -> None:
        self._mapping = mapping
        self._ring = ring
        self._divisions = divisions
        self._encryptor = Encryptor(ring)

    def make(self, block: Block) -> Facts:
        """Convert all columns of a block; the first fault of a row, in column order, counts."""
        work = _Work(self._mapping, block, self._divisions)
        identity = self._identity(work)
        columns = {
            place: self._target(work, target) for place, target in enumerate(self._mapping.targets)
        }
        calls = self._calls(work, self._mapping.calls) if self._mapping.calls else {}
        optional = {e for t in self._mapping.targets if t.optional for e in t.ends}
        required = {e for t in self._mapping.targets if not t.optional for e in t.ends}
        required |= set(self._mapping.calls.ends if self._mapping.calls else ())
        keys = {
            end: work.key(end, end in required) for end in sorted(optional | required, key=repr)
        }
        return Facts(
            lines=block.lines,
            akeys=fingerprints(pc.fill_null(identity, _NOTHING)),
            digests=fingerprints(self._content(keys, columns, calls)),
            known=np.asarray(pc.is_valid(identity)),
            good=work.good,
            rejects=work.rejects(),
            columns=columns,
            keys=keys,
            calls=calls,
        )

    def _content(
        self,
        keys: dict[End, Column],
        columns: dict[int, dict[str, Column]],
        calls: dict[str, Column],
    ) -> Column:
        """What each row says, as a text: what the columns stand for, then their values.

        Neither the order nor the repetitions of a mapping matter. An encrypted value is another
        one every time: its token stands for it.
        """
        said = [(one.label, one.ends, columns[n]) for n, one in enumerate(self._mapping.targets)]
        if self._mapping.calls is not None:
            said.append((self._mapping.calls.kind, self._mapping.calls.ends, calls))
        stated: list[tuple[str, End | str, Column]] = []
        for label, ends, values in said:
            for side, end in enumerate(ends):
                stated.append((f"{label} {side} {end.kind}", end, keys[end]))
            for name, column in values.items():
                if not name.endswith("_cipher"):
                    stated.append((f"{label} {name}", f"{label} {name}", column))
        stated.sort(key=lambda one: one[0])
        distinct = {source: column for _, source, column in stated}
        places = {source: place for place, source in enumerate(distinct)}
        meaning = "\n".join(f"{what} {places[source]}" for what, source, _ in stated)
        return _joined(hashlib.sha256(meaning.encode()).hexdigest()[:16], [*distinct.values()])

    def _identity(self, work: _Work) -> Column:
        parts: list[Any] = [pa.repeat(self._mapping.name, work.rows)]
        for name in self._mapping.identity:
            if name == ROW:
                parts.append(pa.array(work.lines).cast(pa.string()))
            else:
                parts.append(work.required(name))
        found: Column = pc.binary_join_element_wise(*parts, _APART)
        return found

    def _target(self, work: _Work, target: Target) -> dict[str, Column]:
        columns: dict[str, Column] = {}
        for name, spec in target.properties.items():
            if spec.conversion == "identity":
                columns |= self._secret(work, name, spec)
            else:
                columns[name] = work.converted(spec)
        if target.position is not None:
            columns |= self._position(work, target.position)
        self._check_time(work, target, columns)
        for name, bound, otherwise in (
            ("valid_from", target.valid_from, BEGIN),
            ("valid_to", target.valid_to, OPEN),
        ):
            if bound is not None:
                columns[name] = pc.fill_null(work.converted(bound), otherwise)
        if target.valid_from is not None and target.valid_to is not None:
            ended = pc.less_equal(columns["valid_to"], columns["valid_from"])
            work.blame(ended, target.valid_to.column, "ends before it begins")
        return columns

    def _position(self, work: _Work, where: Position) -> dict[str, Column]:
        """Lon and lat in WGS-84, both or none."""
        lon, lat = work.converted(where.lon), work.converted(where.lat)
        for spec, degrees, most in ((where.lon, lon, _MOST_LON), (where.lat, lat, _MOST_LAT)):
            beyond = pc.greater(pc.abs(degrees), most)
            work.blame(beyond, spec.column, f"not between -{most} and {most} degrees")
        for spec, one, other in ((where.lon, lon, lat), (where.lat, lat, lon)):
            alone = pc.and_(pc.is_null(one), pc.is_valid(other))
            work.blame(alone, spec.column, "missing: a position has both")
        numbers = [degrees.to_numpy(zero_copy_only=False) for degrees in (lon, lat)]  # null is NaN
        found = to_wgs84(numbers[0], numbers[1], where.crs)
        return {
            name: pa.array(np.round(degrees, _DECIMALS), pa.float64(), from_pandas=True)
            for name, degrees in zip(("lon", "lat"), found, strict=True)
        }

    def _check_time(self, work: _Work, target: Target, columns: dict[str, Column]) -> None:
        """An event has a time."""
        at = load_schema().edges[target.kind].time if target.is_edge else None
        if at is not None:
            work.blame(pc.is_null(columns[at]), target.properties[at].column, "missing")

    def _calls(self, work: _Work, calls: Calls) -> dict[str, Column]:
        found = {"at": work.converted(calls.at), "seconds": work.converted(calls.seconds)}
        work.blame(pc.is_null(found["at"]), calls.at.column, "missing")
        found["seconds"] = pc.fill_null(found["seconds"], 0)
        return found

    def _secret(self, work: _Work, name: str, spec: ColumnSpec) -> dict[str, Column]:
        """An identity number as token and encrypted value; the number itself goes no further."""
        text = pc.utf8_upper(work.text(spec.column))
        fits = pc.match_substring_regex(text, _IDENTITY_NUMBER)
        work.blame(pc.invert(fits), spec.column, "not an identity number (15 or 18 signs)")
        numbers = pc.if_else(fits, text, None).to_pylist()
        return {
            f"{name}_token": _each(numbers, self._token),
            f"{name}_halves": _each(numbers, self._halves),
            f"{name}_cipher": _each(numbers, self._encryptor.encrypt),
        }

    def _token(self, number: str) -> str:
        """Old and new form have one token; a number that cannot be right has its own kind."""
        whole = modern(number)
        return self._ring.token(SOUND if is_sound(whole) else UNSOUND, whole)

    def _halves(self, number: str) -> str:
        return " ".join(self._ring.token(_HALF, half) for half in halves(modern(number)))


class _Work:
    """The columns of one block, and who is to blame for which row."""

    def __init__(self, mapping: Mapping, block: Block, divisions: Divisions) -> None:
        self._mapping = mapping
        self._divisions = divisions
        self.rows = block.rows.num_rows
        self.lines = block.lines
        self.good = np.ones(self.rows, np.bool_)
        self._raw = {name: block.rows[name].combine_chunks() for name in block.rows.column_names}
        self._converted: dict[tuple[object, ...], Converted] = {}
        self._rejects = [Reject(bad.line, bad.column, bad.value, bad.reason) for bad in block.bad]

    def text(self, column: str) -> Column:
        """A column as trimmed texts."""
        return self.converted(ColumnSpec(column))

    def required(self, column: str) -> Column:
        """A column of texts; rows where it is blank are at fault."""
        text = self.text(column)
        self.blame(pc.is_null(text), column, "missing")
        return text

    def converted(self, spec: ColumnSpec) -> Column:
        """A column by its spec; rows that cannot be converted are at fault."""
        if spec.constant is not None:
            return pa.repeat(spec.constant, self.rows)
        how = spec.conversion, spec.format, spec.start, spec.crs
        known = spec.column, *how, tuple(spec.values.items())
        found = self._converted.get(known)
        if found is None:
            raw = self._raw[spec.column]
            if spec.conversion == "area_code":
                found = self._divisions.now(raw)
            else:
                found = convert(raw, spec, self._mapping.time_zone)
            self._converted[known] = found
            self.blame(pa.array(found.faulty), spec.column, f"not {found.expected}")
        return found.values

    def key(self, end: End, required: bool) -> Column:
        """Texts that name nodes."""
        sound = self.required if required else self.text
        sound(end.column)  # whatever its conversion makes of it
        text = self.converted(ColumnSpec(end.column, end.conversion))
        long = pc.greater(pc.utf8_length(text), LONGEST_KEY)
        self.blame(long, end.column, f"a key of more than {LONGEST_KEY} signs")
        if not end.prefix:
            return text
        found: Column = pc.binary_join_element_wise(pa.scalar(end.prefix), text, "")
        return found

    def blame(self, faulty: Column, column: str, reason: str) -> None:
        """Set rows aside that are still good; the value is shown masked."""
        mask = np.asarray(pc.fill_null(faulty, False)) & self.good
        if not mask.any():
            return
        values = told(self._raw[column].filter(pa.array(mask))).to_pylist()
        for line, value in zip(self.lines[mask].tolist(), values, strict=True):
            self._rejects.append(Reject(line, column, value or "", reason))
        self.good &= ~mask

    def rejects(self) -> list[Reject]:
        """All faults in line order."""
        return sorted(self._rejects, key=lambda one: one.line)


def _joined(mark: str, columns: list[Column]) -> Column:
    """The mark and the values of each row as one text."""
    texts = [column.cast(pa.string()) for column in columns]
    found: Column = pc.binary_join_element_wise(
        mark, *texts, _APART, null_handling="replace", null_replacement=_NOTHING
    )
    return found


def _each(values: list[str | None], change: Callable[[str], str]) -> Column:
    return pa.array([None if value is None else change(value) for value in values], pa.string())

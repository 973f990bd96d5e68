"""The parts of an XLSX package: its sheets, shared texts and formats (ECMA-376 part 1).

Read with the standard library: a reader that lays a sheet out as a rectangle takes half a terabyte
for two cells at opposite corners, and shows a formula's error as a blank.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from posixpath import join, normpath
from typing import IO
from xml.parsers import expat

from graphrisk_loaders.readers.block import FileError

#: Shared texts are kept in memory; more of them belong into CSV or Parquet.
MOST_TEXT_BYTES = 256 << 20
CHUNK_BYTES = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0"
_RELATION = "/relationships"
_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: Of a number format: what is shown as it stands, and colours, conditions, locales.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
#: Formats that a workbook uses without saying them (section 18.8.30, with those of East Asia).
_DATE_FORMATS = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}
_ELAPSED_FORMAT = 46
Attributes = dict[str, str]


class Shown(Enum):
    """What a number of a cell means, by its format."""

    NUMBER = "number"
    DATE = "date"
    ELAPSED = "elapsed"


class Texts:
    """Shared texts in one piece: their bytes and eight more each, where a list takes about 60."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._ends = array("Q", [0])

    def add(self, text: str) -> None:
        """The next text; ``FileError`` when there are too many."""
        self._data += text.encode()
        self._ends.append(len(self._data))
        if len(self._data) + 8 * len(self._ends) > MOST_TEXT_BYTES:
            size = MOST_TEXT_BYTES >> 20
            raise FileError(f"more than {size} MiB of texts: deliver it as CSV or Parquet", 1)

    def __getitem__(self, place: int) -> str:
        if place < 0:
            raise IndexError(place)
        return self._data[self._ends[place] : self._ends[place + 1]].decode()


@dataclass(frozen=True, slots=True)
class Workbook:
    """An opened workbook; ``sheets`` are the visible worksheets, name → part."""

    package: zipfile.ZipFile
    sheets: dict[str, str]
    texts: Texts
    styles: list[Shown]
    from_1904: bool

    def sheet(self, name: str) -> str:
        """The part of a sheet; without a name the only one that holds cells."""
        names = ", ".join(map(repr, self.sheets)) or "none"
        if name:
            if name not in self.sheets:
                raise FileError(f"there is no visible sheet {name!r}; there are {names}", 1)
            return self.sheets[name]
        filled = [part for part in self.sheets.values() if self._has_cells(part)]
        if len(filled) != 1:
            held = "no sheet holds" if not filled else "several sheets hold"
            raise FileError(f"{held} cells ({names}): the mapping names one as sheet", 1)
        return filled[0]

    def _has_cells(self, part: str) -> bool:
        before = b""
        with self.package.open(part) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                if _CELL.search(before + chunk):
                    return True
                before = chunk[-20:]
        return False


@contextmanager
def open_workbook(file: Path) -> Iterator[Workbook]:
    """The workbook in a file.

    Raises:
        FileError: no workbook, an encrypted or a broken one, also while it is being read.
    """
    with file.open("rb") as stream, _translated():
        if stream.read(len(_OLE)) == _OLE:
            raise FileError("an encrypted workbook or an old .xls: deliver it as a plain .xlsx", 1)
        with zipfile.ZipFile(stream) as package:
            yield _opened(package)


@contextmanager
def _translated() -> Iterator[None]:
    """Faults of archive and markup as ``FileError``; those of the disk, with a number, pass."""
    try:
        yield
    except RuntimeError as error:  # zipfile has no type of its own for a password
        raise FileError(f"the workbook cannot be unpacked: {error}", 1) from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise FileError(f"no readable XLSX workbook: {error}", 1) from error
    except (expat.ExpatError, ValueError, LookupError) as error:  # markup, or what it says
        raise FileError(f"the workbook is broken: {error}", 1) from error


def _opened(package: zipfile.ZipFile) -> Workbook:
    names = set(package.namelist())
    roots = [part for kind, part in _related(package, "").values() if kind == "officeDocument"]
    if not roots or roots[0] not in names:
        raise FileError("a ZIP archive that is no XLSX workbook", 1)
    related = _related(package, roots[0])
    sheets: dict[str, str] = {}
    date_1904 = False

    def start(tag: str, said: Attributes) -> None:
        nonlocal date_1904
        if tag == "workbookPr":
            date_1904 = said.get("date1904") in ("1", "true")
        elif tag == "sheet" and said.get("state", "visible") == "visible":
            link = next((v for k, v in said.items() if k.endswith(_RELATION + " id")), "")
            kind, part = related.get(link, ("", ""))
            if kind == "worksheet" and part in names:
                sheets[said["name"]] = part

    parse(package, roots[0], start)
    parts = {kind: part for kind, part in related.values() if part in names}
    return Workbook(
        package,
        sheets,
        _texts(package, parts["sharedStrings"]) if "sharedStrings" in parts else Texts(),
        _styles(package, parts["styles"]) if "styles" in parts else [],
        date_1904,
    )


def _related(package: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Kind and part by the name under which ``part`` refers to it."""
    folder, _, name = part.rpartition("/")
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, said: Attributes) -> None:
        if tag == "Relationship" and said.get("TargetMode") != "External":
            target = normpath(join("/", folder, said["Target"])).lstrip("/")
            found[said["Id"]] = said["Type"].rpartition("/")[2], target

    relations = join(folder, "_rels", f"{name}.rels")
    if relations in package.namelist():
        parse(package, relations, start)
    return found


def _texts(package: zipfile.ZipFile, part: str) -> Texts:
    texts = Texts()
    collector = TextCollector()

    def start(tag: str, _said: Attributes) -> None:
        if tag == "si":
            collector.clear()
        collector.start(tag)

    def end(tag: str) -> None:
        collector.end(tag)
        if tag == "si":
            texts.add(collector.text())

    parse(package, part, start, end, collector.data)
    return texts


class TextCollector:
    """The text of an element: its ``t`` parts, without the readings of East Asian characters."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._is_text = self._is_reading = False

    def clear(self) -> None:
        """Begin another text."""
        self._parts.clear()

    def start(self, tag: str) -> None:
        """An element begins."""
        if tag == "rPh":
            self._is_reading = True
        elif tag == "t":
            self._is_text = not self._is_reading

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "rPh":
            self._is_reading = False
        elif tag == "t":
            self._is_text = False

    def data(self, text: str) -> None:
        """Characters."""
        if self._is_text:
            self._parts.append(text)

    def text(self) -> str:
        """What was collected."""
        return unescaped("".join(self._parts))


def unescaped(text: str) -> str:
    """The text with signs that XML cannot hold, written as ``_x000D_``, put back."""
    if "_x" not in text:
        return text
    found = _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text)
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _styles(package: zipfile.ZipFile, part: str) -> list[Shown]:
    """What numbers mean, by style of cell."""
    custom: dict[int, str] = {}
    styles: list[Shown] = []
    is_cell = False

    def start(tag: str, said: Attributes) -> None:
        nonlocal is_cell
        if tag == "numFmt":
            custom[int(said["numFmtId"])] = said["formatCode"]
        elif tag in ("cellXfs", "cellStyleXfs"):
            is_cell = tag == "cellXfs"
        elif tag == "xf" and is_cell:
            number = int(said.get("numFmtId", "0"))
            styles.append(_shown(number, custom.get(number)))

    parse(package, part, start)
    return styles


def _shown(number: int, code: str | None) -> Shown:
    if code is None:
        if number == _ELAPSED_FORMAT:
            return Shown.ELAPSED
        return Shown.DATE if number in _DATE_FORMATS else Shown.NUMBER
    bare = _LITERAL.sub("", code).partition(";")[0]
    if _ELAPSED.search(bare):
        return Shown.ELAPSED
    return Shown.DATE if re.search("[ymdhs]", bare, re.IGNORECASE) else Shown.NUMBER


def parse(
    package: zipfile.ZipFile,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    data: Callable[[str], None] | None = None,
) -> None:
    """Tell the elements of a part, without their namespaces."""
    with package.open(part) as stream:
        for _ in parsed(stream, start, end, data):
            pass


def parsed(
    stream: IO[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    data: Callable[[str], None] | None = None,
) -> Iterator[int]:
    """The same bit by bit: the bytes read so far, after each bit's elements were told."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, said: start(tag.rpartition(" ")[2], said)
    if end is not None:
        told = end
        parser.EndElementHandler = lambda tag: told(tag.rpartition(" ")[2])
    if data is not None:
        parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    read = 0
    while chunk := stream.read(CHUNK_BYTES):
        parser.Parse(chunk, False)
        read += len(chunk)
        yield read
    parser.Parse(b"", True)


def _refuse_doctype(*_: object) -> None:
    """Workbooks have none; entities declared in one could grow without bound."""
    raise FileError("the workbook declares a document type", 1)

"""Files in memory whose power can be cut: what was not synced is gone, kept, torn or garbage."""

from __future__ import annotations

import random
from dataclasses import dataclass, field


class PowerCut(BaseException):
    """Not an error of the program: everything stops here."""


@dataclass
class _File:
    durable: bytes = b""
    content: bytes = b""


@dataclass
class Disk:
    """A disk; ``FileApi`` as long as its power is on.

    Bytes become durable with ``sync`` of the file, names with ``sync_folder``. ``cut_after`` is
    how many operations are done before the power goes, the last of them perhaps in part.
    """

    random: random.Random
    cut_after: int | None = None
    files: dict[str, _File | None] = field(default_factory=dict)  # None = a folder
    #: A name's states since the last sync of its folder: the durable one first. () = no such name.
    past: dict[str, list[tuple[_File | None, ...]]] = field(default_factory=dict)
    done: int = 0

    def read(self, path: str) -> bytes | None:
        found = self.files.get(path)
        return None if found is None else found.content

    def names(self, folder: str) -> list[str]:
        start = f"{folder}/" if folder else ""
        inside = [path[len(start) :] for path in self.files if path.startswith(start)]
        return sorted(name for name in inside if name and "/" not in name)

    def make_folder(self, path: str) -> None:
        self._step()
        if path not in self.files:
            self._name(path, (None,))

    def write(self, path: str, content: bytes) -> None:
        part = self._step()
        found = self._made(path)
        found.content = content[: int(len(content) * part)]
        self._check_power()

    def append(self, path: str, content: bytes) -> None:
        part = self._step()
        found = self._made(path)
        found.content += content[: int(len(content) * part)]
        self._check_power()

    def truncate(self, path: str, size: int) -> None:
        self._step()
        found = self.files[path]
        assert found is not None
        found.content = found.content[:size]

    def sync(self, path: str) -> None:
        self._step()
        found = self.files[path]
        assert found is not None
        found.durable = found.content

    def sync_folder(self, path: str) -> None:
        self._step()
        start = f"{path}/" if path else ""
        for name in list(self.past):
            if name.startswith(start) and "/" not in name[len(start) :]:
                del self.past[name]

    def rename(self, path: str, new_path: str) -> None:
        self._step()
        found = self.files[path]
        self._name(path, ())
        self._name(new_path, (found,))

    def remove(self, path: str) -> None:
        self._step()
        if path in self.files:
            self._name(path, ())

    def lock(self) -> None:
        pass

    def close(self) -> None:
        pass

    def restarted(self) -> Disk:
        """The disk after the power came back."""
        names = dict(self.files)
        for path, states in self.past.items():
            kept = self.random.choice([*states, self._state(path)])
            names.pop(path, None)
            if kept:
                names[path] = kept[0]
        for path in sorted(names):
            folder = path.rpartition("/")[0]
            if folder and folder not in names:
                del names[path]
        for found in {id(one): one for one in names.values() if one is not None}.values():
            found.content = found.durable = self._survived(found)
        return Disk(self.random, files=names)

    def _survived(self, found: _File) -> bytes:
        old, new = found.durable, found.content
        if old == new:
            return old
        if not new.startswith(old):
            return self.random.choice([old, new, new[: self.random.randrange(len(new) + 1)]])
        rest = new[len(old) : self.random.randint(len(old), len(new))]
        if rest and self.random.random() < 0.3:  # a block in between never reached the disk
            place = self.random.randrange(len(rest))
            end = min(len(rest), place + self.random.randint(1, 64))
            rest = rest[:place] + bytes(end - place) + rest[end:]
        return old + rest

    def _made(self, path: str) -> _File:
        found = self.files.get(path)
        if found is None:
            assert "/" not in path or path.rpartition("/")[0] in self.files, path
            found = _File()
            self._name(path, (found,))
        return found

    def _name(self, path: str, state: tuple[_File | None, ...]) -> None:
        self.past.setdefault(path, []).append(self._state(path))
        if state:
            self.files[path] = state[0]
        else:
            self.files.pop(path, None)

    def _state(self, path: str) -> tuple[_File | None, ...]:
        return (self.files[path],) if path in self.files else ()

    def _step(self) -> float:
        """Share of this operation that is done: all, until the power goes."""
        self._check_power()
        self.done += 1
        return self.random.random() if self.done == self.cut_after else 1.0

    def _check_power(self) -> None:
        if self.cut_after is not None and self.done >= self.cut_after:
            raise PowerCut

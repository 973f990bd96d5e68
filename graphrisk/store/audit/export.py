"""A part of the audit as one file, which others check without us.

Each entry comes as its bytes and a ``tlog-proof`` that leads to the signed checkpoint; each row
comes as the record that its entry commits to, salt included.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from graphrisk.core.clock import Clock
from graphrisk.core.errors import system_faults
from graphrisk.core.tlog import keyring
from graphrisk.core.tlog.reader import LogReader
from graphrisk.store.audit import records
from graphrisk.store.audit.place import AuditPlace
from graphrisk.store.audit.records import AuditFilter
from graphrisk.store.operations.database import Database

#: How many lines are exported, so far and in all as far as is known.
Progress = Callable[[int, int], None]
#: What the file says of itself.
READ_ME: Final = """\
Audit of a graphrisk deployment. 审计日志导出件。

checkpoint             the log's signed word on its size and root (C2SP tlog-checkpoint)
vkeys                  the log's public keys, signed by the newest
entries/N              entry N as it is in the log, its leaf hash is SHA-256(0x00 + bytes)
proofs/N.tlog-proof    shows that entry N is under the checkpoint (C2SP tlog-proof)
records/N.json         what was recorded, and its salt; absent where it was erased

To check record N without programs of ours:
1. take "salt" (base64) out of records/N.json and write the rest as JSON without spaces, keys in
   order, UTF-8; HMAC-SHA-256 under the salt is "commitment" of entries/N, in hexadecimal;
2. check proofs/N.tlog-proof with any tool that reads C2SP tlog-proof, the key from vkeys and the
   leaf hash of entries/N. Compare the key with one that you had before.

核验方法：取出记录中的 salt，其余字段按键名排序、无空格写成 JSON，以 salt 为密钥计算 HMAC-SHA-256，
应与条目中的 commitment 一致；再用任意支持 C2SP tlog-proof 的工具，凭 vkeys 中的公钥核验证明文件。
"""


def export(
    place: AuditPlace,
    database: Database,
    clock: Clock,
    wanted: AuditFilter,
    out: Path,
    progress: Progress = lambda *_: None,
) -> int:
    """Write what fits ``wanted`` to ``out``, a ZIP file for its owner alone; how many entries.

    Raises:
        NotFound: A file of the log is missing, or it has no checkpoint yet.
        BadInput: The log is damaged, or the place cannot be written. Nothing is left there then.
        ConfigError: The log's key is missing or unusable.

    Cost: a proof an entry, O(log n) hashes.
    """
    files = place.files()
    reader = LogReader(files.read, place.ring(clock).verifiers)
    part = out.with_name(f".{out.name}.part")
    with system_faults(out):
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as raw, zipfile.ZipFile(raw, "w", _PACKED) as pack:
                pack.writestr("README.txt", READ_ME)
                pack.writestr("checkpoint", reader.note)
                pack.writestr("vkeys", files.read(keyring.PATH) or b"")
                done = _write_lines(reader, database, wanted, pack, progress)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    progress(done, done)
    return done


_PACKED: Final = zipfile.ZIP_DEFLATED


def _write_lines(
    reader: LogReader,
    database: Database,
    wanted: AuditFilter,
    pack: zipfile.ZipFile,
    progress: Progress,
) -> int:
    done = 0
    with database.reading() as session:
        for line in records.every(session, reader.checkpoint.origin, wanted):
            pack.writestr(f"entries/{line.number}", reader.entry(line.number))
            pack.writestr(f"proofs/{line.number}.tlog-proof", str(reader.proof(line.number)))
            if line.record is not None:
                pack.writestr(f"records/{line.number}.json", bytes(line.record))
            done += 1
            progress(done, 0)
    return done

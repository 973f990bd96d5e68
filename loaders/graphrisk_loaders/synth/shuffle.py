"""The control of every figure: the same city with its edges torn apart."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from graphrisk_loaders.synth.model import stream

#: Per file its encoding and the columns whose values change places, each by itself.
_TORN = {
    "phones.csv": ("utf-8", ("owner_id", "imei")),
    "accounts.csv": ("gb18030", ("holder_id", "device_id")),
    "transfers.csv": ("utf-8", ("from_account", "to_account")),
    "persons.csv": ("gb18030", ("grid_code",)),
    "households.csv": ("gb18030", ("address_code",)),
}


def shuffle_edges(source: Path, out: Path, seed: int) -> None:
    """Copy a delivery with the ends of its edges exchanged at random within each edge kind.

    Every person, number and account keeps as many edges as before, and every event its time and
    amount; who is tied to whom is left to chance. What a detector still finds was no ring.
    """
    rng, at_home = np.random.default_rng(seed), stream(seed, "households")
    out.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.iterdir()):
        if file.is_dir():
            shutil.copytree(file, out / file.name, dirs_exist_ok=True)
        elif file.name == "calls.parquet":
            pq.write_table(_torn(pq.read_table(file), ("caller", "callee"), rng), out / file.name)
        elif file.name in _TORN:
            encoding, columns = _TORN[file.name]
            chance = at_home if file.name == "households.csv" else rng
            _tear_csv(file, out / file.name, encoding, columns, chance)
        else:
            shutil.copy(file, out / file.name)


def _tear_csv(
    file: Path, target: Path, encoding: str, columns: tuple[str, ...], rng: np.random.Generator
) -> None:
    text = file.read_bytes().decode(encoding)
    names = next(csv.reader([text.partition("\n")[0]]))
    as_text = pyarrow.csv.ConvertOptions(column_types={name: pa.string() for name in names})
    table = pyarrow.csv.read_csv(io.BytesIO(text.encode()), convert_options=as_text)
    sink = pa.BufferOutputStream()
    options = pyarrow.csv.WriteOptions(quoting_style="needed")
    pyarrow.csv.write_csv(_torn(table, columns, rng), sink, options)
    target.write_bytes(sink.getvalue().to_pybytes().decode().encode(encoding))


def _torn(table: pa.Table, columns: tuple[str, ...], rng: np.random.Generator) -> pa.Table:
    for name in columns:
        place = table.column_names.index(name)
        mixed = table[name].take(rng.permutation(table.num_rows))
        table = table.set_column(place, name, mixed)
    return table

"""Erase nodes for good, with everything that hangs on them."""

from __future__ import annotations

import numpy as np

from graphrisk.store.contract import Int64Array
from graphrisk.store.sqlite import shapes, terms
from graphrisk.store.sqlite.rows import array
from graphrisk.store.sqlite.transaction import Transaction
from graphrisk_schema.reader import load_schema

_NAMED = "IN (SELECT value FROM carray(?))"


def erase(tx: Transaction, nids: Int64Array) -> int:
    """Erase edges, assertions, scores and nodes; their bytes in the file are overwritten.

    The nids are kept as erased, so that a copy of the columns can follow.
    """
    if not len(nids):
        return 0
    named = np.unique(nids)
    tx.connection.pragma("secure_delete", True)
    erased = sum(_erase_kind(tx, kind, named) for kind in load_schema().nodes)
    if erased:
        for kind in load_schema().edges:
            for end in ("src", "dst"):
                tx.run(f'DELETE FROM "{kind}" WHERE {end} {_NAMED}', (array(named),))
        tx.run(f"DELETE FROM score WHERE nid {_NAMED}", (array(named),))
        tx.changed = True
    tx.connection.pragma("secure_delete", False)
    return erased


def _erase_kind(tx: Transaction, kind: str, nids: Int64Array) -> int:
    found = tx.numbers(f'SELECT nid FROM "{kind}" WHERE nid {_NAMED}', (array(nids),))[:, 0]
    if len(found):
        terms.forget(tx, kind, found)
        tx.run(f"DELETE FROM {shapes.assertions(kind).table} WHERE nid {_NAMED}", (array(found),))
        tx.run(f'DELETE FROM "{kind}" WHERE nid {_NAMED}', (array(found),))
        tx.run(f"INSERT INTO erased SELECT value, {tx.seq} FROM carray(?)", (array(found),))
    return len(found)

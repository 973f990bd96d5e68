"""Hashes and proofs against the vectors of others, and against the definition of the RFC."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.core.errors import BadInput
from graphrisk.core.tlog import merkle

_VECTORS = json.loads((Path(__file__).parent / "vectors/merkle.json").read_text(encoding="utf-8"))
#: The eight entries of the first test vectors of Certificate Transparency, and their roots.
_ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def _definition(entries: list[bytes]) -> bytes:
    """MTH of RFC 9162, word by word."""
    if not entries:
        return merkle.EMPTY_ROOT
    if len(entries) == 1:
        return merkle.leaf_hash(entries[0])
    k = 1
    while 2 * k < len(entries):
        k *= 2
    return merkle.node_hash(_definition(entries[:k]), _definition(entries[k:]))


def _subtree_of(entries: list[bytes]) -> merkle.Subtree:
    return lambda level, index: _definition(entries[index << level : (index + 1) << level])


def _hashes(texts: list[str] | None) -> list[bytes]:
    return [base64.b64decode(text) for text in texts or []]


@pytest.mark.parametrize("vector", _VECTORS["inclusion"], ids=lambda one: one["file"])
def test_inclusion_as_others_see_it(vector: dict[str, object]) -> None:
    _expect(
        vector,
        lambda: merkle.check_inclusion(
            vector["leafIdx"],  # type: ignore[arg-type]
            vector["treeSize"],  # type: ignore[arg-type]
            _hashes([vector["leafHash"]])[0],  # type: ignore[list-item]
            _hashes(vector["proof"]),  # type: ignore[arg-type]
            _hashes([vector["root"]])[0],  # type: ignore[list-item]
        ),
    )


@pytest.mark.parametrize("vector", _VECTORS["consistency"], ids=lambda one: one["file"])
def test_consistency_as_others_see_it(vector: dict[str, object]) -> None:
    _expect(
        vector,
        lambda: merkle.check_consistency(
            vector["size1"],  # type: ignore[arg-type]
            vector["size2"],  # type: ignore[arg-type]
            _hashes(vector["proof"]),  # type: ignore[arg-type]
            _hashes([vector["root1"]])[0],  # type: ignore[list-item]
            _hashes([vector["root2"]])[0],  # type: ignore[list-item]
        ),
    )


def test_there_are_as_many_vectors_as_their_makers_have() -> None:
    assert (len(_VECTORS["inclusion"]), len(_VECTORS["consistency"])) == (98, 98)


@pytest.mark.parametrize(("size", "root"), _ROOTS.items())
def test_roots_of_certificate_transparency(size: int, root: str) -> None:
    entries = _ENTRIES[:size]
    assert merkle.tree_root(size, _subtree_of(entries)).hex() == root == _definition(entries).hex()


@given(st.data())
def test_what_is_proved_holds_and_nothing_else(data: st.DataObject) -> None:
    entries = data.draw(st.lists(st.binary(max_size=3), min_size=1, max_size=40))
    size, subtree = len(entries), _subtree_of(entries)
    root = _definition(entries)
    index = data.draw(st.integers(0, size - 1))
    earlier = data.draw(st.integers(1, size))
    leaf = merkle.leaf_hash(entries[index])
    path = merkle.inclusion_path(index, size, subtree)
    merkle.check_inclusion(index, size, leaf, path, root)
    steps = merkle.consistency_path(earlier, size, subtree)
    merkle.check_consistency(earlier, size, steps, _definition(entries[:earlier]), root)
    with pytest.raises(BadInput):
        merkle.check_inclusion(index, size, merkle.leaf_hash(b"none of them"), path, root)
    with pytest.raises(BadInput):
        merkle.check_consistency(earlier, size, steps, merkle.leaf_hash(b"another"), root)
    with pytest.raises(BadInput):
        merkle.check_inclusion(index, size, leaf, [*path, root], root)


def _expect(vector: dict[str, object], check: object) -> None:
    assert callable(check)
    if vector["wantErr"]:
        with pytest.raises(BadInput):
            check()
    else:
        check()

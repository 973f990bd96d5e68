"""Files of a case: streamed in, kept once and encrypted, in the timeline, read with rights."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from graphrisk.centre.files.rules import LOOKED_AT, media_type_of
from graphrisk.settings import Settings
from tests.api.serving import Document, Door, opened_door
from tests.api.town import build
from tests.principals import headers
from tests.recorded import recorded

OPEN = "mutation ($input: OpenCaseInput!) { openCase(input: $input) { id number } }"
CASE = """query ($id: ID!) { case(id: $id) { files { sha256 name mediaType size addedBy }
  timeline { edges { node { action label { en } author } } } } }"""
PDF = b"%PDF-1.7 statement of a witness"


@dataclass
class Site:
    """A served town with a case in Huli."""

    door: Door
    case: str
    number: str

    def who(
        self, name: str, role: str = "investigator", area: str = "350206", case: str | None = None
    ) -> Mapping[str, str]:
        settings = self.door.town.settings
        return headers(settings, name=name, roles=[role], areas=[area], case=case)

    def put(
        self, who: Mapping[str, str], content: bytes, sha256: str = "", name: str = "笔录.pdf"
    ) -> httpx.Response:
        path = f"/v1/cases/{self.case}/files/{sha256 or hashlib.sha256(content).hexdigest()}"
        return self.door.http.put(path, params={"name": name}, content=content, headers=who)

    def get(self, who: Mapping[str, str], content: bytes) -> httpx.Response:
        path = f"/v1/cases/{self.case}/files/{hashlib.sha256(content).hexdigest()}"
        return self.door.http.get(path, headers=who)

    def told(self, who: Mapping[str, str]) -> Document:
        case: Document = self.door.data(CASE, {"id": self.case}, who)["case"]
        return case


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}", file_most_mib=1)
    with opened_door(build(settings, tmp_path)) as door:
        site = Site(door, "", "")
        new = {"id": str(uuid.uuid4()), "title": "x", "area": "350206", "matter": "M-1"}
        opened = door.data(OPEN, {"input": new}, site.who("li"))["openCase"]
        site.case, site.number = opened["id"], opened["number"]
        yield site


def test_a_file_is_kept_listed_told_and_read_in_its_case(site: Site) -> None:
    added = site.put(site.who("li"), PDF)
    assert added.status_code == 200, added.text
    assert added.json()["media_type"] == "application/pdf"
    assert site.put(site.who("li"), PDF).json() == added.json(), "once more changes nothing"
    told = site.told(site.who("li", case=site.number))
    assert told["files"] == [{
        "sha256": hashlib.sha256(PDF).hexdigest(), "name": "笔录.pdf",
        "mediaType": "application/pdf", "size": len(PDF), "addedBy": "li",
    }]  # fmt: skip
    steps = [edge["node"] for edge in told["timeline"]["edges"]]
    assert [(one["action"], one["author"]) for one in steps] == [("open", "li"), ("file", "li")]
    assert site.told(site.who("li"))["files"][0]["name"] == "笔录**df", "masked without a case"
    read = site.get(site.who("chen", "supervisor", case=site.number), PDF)
    assert (read.status_code, read.content) == (200, PDF)
    assert read.headers["content-type"] == "application/pdf"
    assert read.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E7")
    assert read.headers["x-content-type-options"] == "nosniff"
    acts = {one["action"] for one in recorded(site.door.town.settings.audit_folder)}
    assert {"file.add", "file.read"} <= acts


def test_who_has_no_right_neither_adds_nor_reads(site: Site) -> None:
    site.put(site.who("li"), PDF)
    abroad = site.who("x", area="350203", case=site.number)
    assert (site.put(abroad, PDF).status_code, site.get(abroad, PDF).status_code) == (404, 404)
    assert site.put(site.who("x", "analyst"), PDF).status_code == 403
    for case in (None, "A-7"):
        assert site.get(site.who("li", case=case), PDF).status_code == 403, "not in its case"
    assert site.get(site.who("li", case=site.number), b"another").status_code == 404
    assert site.put({"authorization": "Bearer x"}, PDF).status_code == 401


def test_what_cannot_be_kept_is_refused_and_leaves_nothing(site: Site) -> None:
    li = site.who("li")
    assert site.put(li, PDF, sha256="0" * 64).status_code == 400
    assert site.put(li, PDF, sha256="A" * 64).status_code == 400
    assert site.put(li, b"").status_code == 400
    for name in ("", "a/b", "x\ny", "y" * 201):
        assert site.put(li, PDF, name=name).status_code == 400, name
    large = site.put(li, os.urandom((1 << 20) + 1))
    assert (large.status_code, large.json()["code"]) == (429, "LIMIT_EXCEEDED")
    assert site.told(li)["files"] == []
    assert [one for one in site.door.town.settings.files_folder.rglob("*") if one.is_file()] == []


def test_what_a_file_holds_is_encrypted_kept_once_and_a_change_noticed(site: Site) -> None:
    content = b"plain words " * 20_000
    li = site.who("li", case=site.number)
    assert site.put(li, content).json()["media_type"] == "text/plain"
    (kept,) = (one for one in site.door.town.settings.files_folder.rglob("*") if one.is_file())
    assert kept.name == hashlib.sha256(content).hexdigest()
    assert b"plain words" not in kept.read_bytes()
    assert kept.stat().st_mode & 0o077 == 0
    assert site.get(li, content).content == content
    changed = bytearray(kept.read_bytes())
    changed[100] ^= 1
    kept.write_bytes(bytes(changed))
    answer = site.get(li, content)
    assert (answer.status_code, answer.json()["code"]) == (500, "STORE")


@pytest.mark.parametrize(
    ("beginning", "told"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"), (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"\0\0\0\x18ftypheic", "image/heic"), (b"MZ\x90\0", "application/octet-stream"),
        (("笔" * 400).encode(), "text/plain"), (b"<html>", "text/plain"),
    ],
)  # fmt: skip
def test_the_media_type_is_what_the_first_bytes_say(beginning: bytes, told: str) -> None:
    assert media_type_of(beginning[:LOOKED_AT]) == told

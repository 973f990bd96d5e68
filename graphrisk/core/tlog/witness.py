"""Asks a witness to cosign a checkpoint (C2SP tlog-witness), so that a rewritten log is caught."""

from __future__ import annotations

import base64
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence

from graphrisk.core.errors import BadInput, Conflict, Forbidden, NotFound, StoreUnavailable
from graphrisk.core.tlog.note import Verifier, open_note, split_note

_LONGEST_ANSWER = 65_536
#: From how many entries → the proof that the checkpoint continues them.
Consistency = Callable[[int], Sequence[bytes]]


def ask_witness(
    address: str,
    checkpoint: str,
    witness: Verifier,
    known_size: int,
    consistency: Consistency,
    seconds: float = 10,
) -> str:
    """The signature line of ``witness`` under ``checkpoint``, checked.

    Args:
        address: Of the witness, without ``/add-checkpoint``.
        checkpoint: The signed note.
        witness: The key whose answer counts.
        known_size: What the witness is believed to have seen last; 0 = nothing. It may know better
            and is then asked once more.
        consistency: Makes the proof from a size; not asked for 0.
        seconds: How long an answer may take.

    Raises:
        NotFound: The witness does not know this log (404).
        Forbidden: It trusts none of the checkpoint's signatures (403).
        Conflict: It saw another history than ours (422), or a log longer than this (409).
        StoreUnavailable: It cannot be reached or is at fault.
        BadInput: Its answer is no cosignature of that key over this checkpoint.
    """
    status, answer = _post(address, checkpoint, known_size, consistency, seconds)
    if status == 409 and answer.strip().isdecimal():
        size = int(answer)
        if size > int(checkpoint.split("\n")[1]):
            raise Conflict(f"the witness has seen {size} entries of this log, more than it has now")
        status, answer = _post(address, checkpoint, size, consistency, seconds)
    _refuse(status)
    text, _ = split_note(checkpoint)
    try:
        open_note(f"{text}\n{answer}", [witness])
    except BadInput as error:
        raise BadInput(f"the answer of {witness.name} is no cosignature: {error}") from error
    return next(line for line in answer.splitlines() if f" {witness.name} " in line) + "\n"


def _post(
    address: str, checkpoint: str, size: int, consistency: Consistency, seconds: float
) -> tuple[int, str]:
    path = consistency(size) if size else []
    proof = "".join(f"{base64.b64encode(step).decode()}\n" for step in path)
    body = f"old {size}\n{proof}\n{checkpoint}".encode()
    request = urllib.request.Request(f"{address.rstrip('/')}/add-checkpoint", body)
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return 200, answer.read(_LONGEST_ANSWER).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(_LONGEST_ANSWER).decode("utf-8", "replace")
    except OSError as error:
        raise StoreUnavailable(f"the witness at {address} cannot be reached: {error}") from error


def _refuse(status: int) -> None:
    if status == 404:
        raise NotFound("the witness does not know this log")
    if status == 403:
        raise Forbidden("the witness trusts no signature of this checkpoint")
    if status in (409, 422):
        raise Conflict("the witness saw another history of this log")
    if status != 200:
        raise StoreUnavailable(f"the witness answered with status {status}")

"""Services that tag numbers: mostly right about callers and couriers, sometimes mistaken."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.model import DAY, IntArray
from graphrisk_loaders.synth.registers.office import Office

_PROVIDERS = (("BJ01", "号码百科", "B"), ("SH02", "来电助手", "C"), ("GZ03", "标记联盟", "D"))
_KNOWN_CALLERS, _KNOWN_COURIERS, _OTHERS = 0.4, 0.8, 0.01  # shares of numbers that are tagged
_REVOKED = 0.3  # share of the tags of ordinary numbers
_FRAUD, _COURIER, _NUISANCE = "疑似诈骗", "快递送餐", "骚扰电话"


def tags(office: Office) -> None:
    """Write the register of providers and their tags."""
    columns = {
        name: [provider[place] for provider in _PROVIDERS]
        for place, name in enumerate(("服务商代码", "名称", "可信度"))
    }
    office.csv("tag_providers.csv", office.chance("tag_providers"), columns)
    _tags(office)


def _tags(office: Office) -> None:
    rng, city = office.chance("third_party_tags"), office.city
    groups = {
        _FRAUD: _some(rng, _phones_of_rings(office), _KNOWN_CALLERS),
        _COURIER: _some(rng, _phones_of_couriers(office), _KNOWN_COURIERS),
        _NUISANCE: _some(rng, np.arange(len(city.phones)), _OTHERS),
    }
    phones = np.concatenate(list(groups.values()))
    labels = [label for label, group in groups.items() for _ in group]
    tagged = office.moments(rng, len(phones))
    revoked = np.array([label == _NUISANCE for label in labels]) & (
        rng.random(len(phones)) < _REVOKED
    )
    provider = rng.integers(0, len(_PROVIDERS), len(phones))
    number = keys.distinct(rng, len(phones), 9).tolist()
    rows = [
        {
            "provider": _PROVIDERS[provider[place]][0],
            "tag": f"TG{number[place]:09d}",
            "number": office.files.numbers[phones[place]],
            "mark": labels[place],
            "confidence": round(float(rng.uniform(0.5, 1.0)), 2),
            "tagged_at": int(tagged[place]),
            "revoked_at": int(tagged[place]) + 5 * DAY if revoked[place] else None,
        }
        for place in rng.permutation(len(phones)).tolist()
    ]
    office.json_lines("third_party_tags.jsonl", rows)


def _some(rng: np.random.Generator, numbers: IntArray, share: float) -> IntArray:
    return numbers[rng.random(len(numbers)) < share]


def _phones_of_rings(office: Office) -> IntArray:
    found = [
        number
        for ring in office.city.rings
        for kind, number, role, _ in ring.members
        if (kind, role) == ("Phone", "caller")
    ]
    return np.array(found, np.int64)


def _phones_of_couriers(office: Office) -> IntArray:
    found = [
        number
        for decoy in office.city.decoys
        for kind, number in decoy.members
        if (decoy.kind, kind) == ("courier", "Phone")
    ]
    return np.array(found, np.int64)

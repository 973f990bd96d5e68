"""What the review sites pass on: who gave which shop how many stars, when, in how many words."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.registers.firms import firms_of
from graphrisk_loaders.synth.registers.office import Office, picked


def reviews(office: Office) -> None:
    """Write the file, in the order in which they were written."""
    rng, told = office.chance("reviews.jsonl"), office.city.reviews
    firms = firms_of(office)
    shops = np.setdiff1d(np.arange(len(firms.code)), firms.planted)
    order = np.argsort(told.column("at"), kind="stable")
    serials = keys.distinct(rng, len(order), 10).tolist()
    columns = {name: told.column(name)[order].tolist() for name in ("at", "stars", "chars")}
    who = picked(office.files.person_ids, told.column("person")[order])
    shop = picked(firms.code, shops[told.column("shop")[order]])
    rows = [
        {
            "review": f"PJ{serials[place]:010d}",
            "reviewer": who[place],
            "shop": shop[place],
            "stars": columns["stars"][place],
            "characters": columns["chars"][place],
            "written_at": columns["at"][place],
        }
        for place in range(len(order))
    ]
    office.json_lines("reviews.jsonl", rows)

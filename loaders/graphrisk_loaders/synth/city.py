"""Write a synthetic city."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from graphrisk_loaders.synth.cells import covert_cell, supply_cell
from graphrisk_loaders.synth.covert import lay_templates
from graphrisk_loaders.synth.decoys import courier, market_stall, savings_club, shared_handset
from graphrisk_loaders.synth.decoys_calls import (
    call_centre,
    clan,
    courier_firm,
    hospital,
    sales_team,
    school,
    seasonal_workers,
)
from graphrisk_loaders.synth.decoys_market import (
    donation_drive,
    group_buy,
    p2p_lender,
    property_firm,
    wealth_product,
)
from graphrisk_loaders.synth.decoys_money import (
    landlord,
    payroll,
    red_packets,
    treasury,
    wedding,
)
from graphrisk_loaders.synth.deliveries import deliver
from graphrisk_loaders.synth.elsewhere import send_elsewhere
from graphrisk_loaders.synth.everyday import everyday_calls
from graphrisk_loaders.synth.fake_bids import fake_bids
from graphrisk_loaders.synth.files import Files
from graphrisk_loaders.synth.flows import laundering_flow
from graphrisk_loaders.synth.fundraising import fundraising
from graphrisk_loaders.synth.ground import Ground
from graphrisk_loaders.synth.ladders import mule_ladder
from graphrisk_loaders.synth.model import City, stream
from graphrisk_loaders.synth.nets import Net
from graphrisk_loaders.synth.parameters import Parameters, read_preset
from graphrisk_loaders.synth.people import Population, people_town
from graphrisk_loaders.synth.prevalence import Prevalence, prevalence
from graphrisk_loaders.synth.registers.addresses import addresses
from graphrisk_loaders.synth.registers.contacts import contacts
from graphrisk_loaders.synth.registers.departments import departments
from graphrisk_loaders.synth.registers.divisions import divisions
from graphrisk_loaders.synth.registers.firms import firms
from graphrisk_loaders.synth.registers.grid import grid
from graphrisk_loaders.synth.registers.lending import lending
from graphrisk_loaders.synth.registers.observations import observations
from graphrisk_loaders.synth.registers.office import Office
from graphrisk_loaders.synth.registers.papers import papers
from graphrisk_loaders.synth.registers.platforms import platforms
from graphrisk_loaders.synth.registers.police import police
from graphrisk_loaders.synth.registers.reviews import reviews
from graphrisk_loaders.synth.registers.tags import tags
from graphrisk_loaders.synth.registers.volunteers import volunteers
from graphrisk_loaders.synth.reviews import everyday_reviews, loyal_reviewers
from graphrisk_loaders.synth.rings import identity_ring, laundering_cycle, scam_cell
from graphrisk_loaders.synth.spending import everyday_payments
from graphrisk_loaders.synth.task_groups import collusive_volunteers, task_team
from graphrisk_loaders.synth.templates import read_templates
from graphrisk_loaders.synth.truth import truth
from graphrisk_loaders.synth.volunteers import enrol, everyday_grabs

_RINGS = {
    "scam_cell": scam_cell,
    "laundering_cycle": laundering_cycle,
    "identity_ring": identity_ring,
    "laundering_flow": laundering_flow,
    "mule_ladder": mule_ladder,
    "fundraising": fundraising,
    "fake_bids": fake_bids,
    "supply_cell": supply_cell,
    "covert_cell": covert_cell,
    "collusive_volunteers": collusive_volunteers,
}
_DECOYS = {
    "courier": courier,
    "market_stall": market_stall,
    "savings_club": savings_club,
    "shared_handset": shared_handset,
    "call_centre": call_centre,
    "hospital": hospital,
    "school": school,
    "clan": clan,
    "seasonal_workers": seasonal_workers,
    "courier_firm": courier_firm,
    "payroll": payroll,
    "landlord": landlord,
    "wedding": wedding,
    "red_packets": red_packets,
    "treasury": treasury,
    "sales_team": sales_team,
    "p2p_lender": p2p_lender,
    "donation_drive": donation_drive,
    "wealth_product": wealth_product,
    "group_buy": group_buy,
    "property_firm": property_firm,
    "task_team": task_team,
    "loyal_reviewers": loyal_reviewers,
}
_REGISTERS: tuple[Callable[[Office], None], ...] = (
    *(addresses, police, firms, platforms, lending, papers),
    *(tags, departments, grid, divisions, volunteers, observations, contacts, reviews),
)
_STEPS = 4


@dataclass(frozen=True, slots=True)
class CityReport:
    """What was written."""

    preset: str
    seed: int
    rows: dict[str, int]  # per delivered file
    rings: dict[str, int]  # planted, per kind
    hard_negatives: dict[str, int]  # per kind
    prevalence: Prevalence


def write_city(
    preset: str,
    seed: int,
    out: Path,
    progress: Callable[[str, int, int], None],
    *,
    templates: Path | None = None,
) -> CityReport:
    """Write the deliveries of a city and its ``truth/`` into ``out``.

    ``preset`` is the name of a preset or the path of a YAML file of one's own; ``templates`` a
    folder with edge lists of networks to lay over citizens.

    The same preset, seed and templates give the same bytes. Time and memory are linear in the
    events: ``small`` takes seconds, ``town`` half a minute and 1.2 GB, ``city`` minutes and 2 GB.

    Raises:
        PresetError: there is no such preset, or it says something that cannot be.
        TemplateError: an edge list cannot be used, or the city has too few people for all.
    """
    parameters = read_preset(preset)
    nets = read_templates(templates) if templates else []
    city, people = make_city(parameters, nets, seed, progress)
    send_elsewhere(city, parameters.noise.elsewhere, seed)
    out.mkdir(parents=True, exist_ok=True)
    ground = Ground(parameters.cells, stream(seed, "ground"))
    files = Files(city, parameters, ground, out, seed)
    office = Office(city, people, files, out, seed, parameters.noise)
    steps: tuple[Callable[[], None], ...] = (
        files.areas,
        files.grid_cells,
        files.persons,
        files.phones,
        files.accounts,
        files.calls,
        files.transfers,
        files.scam_numbers,
        *(partial(register, office) for register in _REGISTERS),
        partial(truth, office),
        partial(deliver, out, city.end, seed, parameters.deliveries),
    )
    for done, step in enumerate(steps, 1):
        step()
        progress("write files", done, len(steps))
    return CityReport(
        preset,
        seed,
        files.rows,
        _count([ring.kind for ring in city.rings]),
        _count([decoy.kind for decoy in city.decoys]),
        prevalence(city),
    )


def make_city(
    parameters: Parameters,
    nets: Sequence[Net],
    seed: int,
    progress: Callable[[str, int, int], None],
) -> tuple[City, Population]:
    """A city before it is written: people, rings, look-alikes, everyday life.

    Raises:
        TemplateError: the city has too few people for all ``nets``.
    """
    chances = np.random.default_rng(seed), stream(seed, "volunteers"), stream(seed, "reviews")
    city = City(*chances, parameters.start_ms, parameters.days, parameters.sizes, parameters.sweeps)
    people = people_town(city, parameters)
    enrol(city, people)
    progress("make the city", 1, _STEPS)
    for number, kind in _in_turn(parameters.rings):
        level = parameters.levels[(seed + number) % len(parameters.levels)]
        _RINGS[kind](city, people, level)
    if nets:
        lay_templates(city, people.without(city.offenders()), nets, parameters.levels)
    honest = people.without(city.offenders())
    for _, kind in _in_turn(parameters.hard_negatives):
        _DECOYS[kind](city, honest)
    progress("make the city", 2, _STEPS)
    everyday_calls(city, people, parameters)
    progress("make the city", 3, _STEPS)
    everyday_payments(city, people, parameters)
    everyday_grabs(city)
    everyday_reviews(city, people)
    progress("make the city", 4, _STEPS)
    return city, people


def _in_turn(counts: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    """One of each kind, then the second of each, until there are as many as asked for."""
    for number in range(max(counts.values(), default=0)):
        yield from ((number, kind) for kind, count in counts.items() if number < count)


def _count(kinds: list[str]) -> dict[str, int]:
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}

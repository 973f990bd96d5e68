"""Reviews of shops: everyday ones, praise that was bought, and that of loyal regulars."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.everyday import MONTH
from graphrisk_loaders.synth.model import DAY, HOUR, MINUTE, City, IntArray
from graphrisk_loaders.synth.people import Population

_PEOPLE_A_SHOP = 50  # as many people for each firm that is reviewed
_ADULTS_A_REVIEWER = 10
_EACH = 5.0  # reviews of a reviewer in 30 days, lively people more
_AGAIN = 0.35  # share of reviews of a shop that one has reviewed before
_STARS = (0.06, 0.05, 0.1, 0.27, 0.52)
_KIND_STARS = (0.0, 0.0, 0.03, 0.27, 0.7)  # of who likes the shop
_CHARS, _SPREAD = 3.4, 0.9  # mean and deviation of the logarithm of a review's length
#: Of bought praise, by level: who writes each time, within how long, how many give five stars.
_PRESENT = (1.0, 0.9, 0.8, 0.7)
_WITHIN = (20 * MINUTE, 3 * HOUR, 16 * HOUR, 3 * DAY)
_FULL = (1.0, 0.95, 0.85, 0.75)
_CLIENTS = (3, 6)  # shops that pay for praise in 30 days
_OTHERS = 0.5  # reviews beside them that a hidden crew writes, for each that was bought


def everyday_reviews(city: City, people: Population) -> None:
    """One adult in ten reviews where he was, popular shops more often, some shops again.

    Those of a crew without camouflage review nothing but what is paid for.
    """
    rng = city.review_rng
    bare = [
        one
        for ring in city.rings
        if ring.kind == "collusive_volunteers" and not ring.level
        for one in ring.offenders("Person")
    ]
    awake = people.others(bare)
    who = rng.choice(awake, len(awake) // _ADULTS_A_REVIEWER, replace=False)
    counts = rng.poisson(_EACH * city.days / MONTH * people.liveliness[who])
    _review(city, people, np.repeat(who, counts))


def praise(city: City, people: Population, crew: IntArray, level: int) -> None:
    """A crew gives stars to shops that pay for them; from level 1 on it reviews others as well."""
    rng = city.review_rng
    count = max(int(rng.integers(*_CLIENTS)) * city.days // MONTH, 2)
    shops = rng.choice(_shops(people), min(count, _shops(people)), replace=False)
    ordered = city.moments(len(shops), rng)
    order, who = np.nonzero(rng.random((len(shops), len(crew))) < _PRESENT[level])
    at = ordered[order] + rng.integers(0, _WITHIN[level], len(order))
    full = rng.random(len(order)) < _FULL[level]
    stars = np.where(full, 5, _drawn(rng, _KIND_STARS, len(order)))
    _add(city, crew[who], shops[order], at, stars)
    if level:
        others = rng.poisson(1 + _OTHERS * count, len(crew))
        _review(city, people, np.repeat(crew, others))


def loyal_reviewers(city: City, people: Population) -> None:
    """Regulars of the same few shops, whom they praise again and again; once all on one evening."""
    rng, size = city.review_rng, int(city.review_rng.integers(6, 15))
    regulars = rng.choice(people.adults, size, replace=False)
    shops = rng.choice(_shops(people), int(rng.integers(2, 5)), replace=False)
    counts = 2 + rng.poisson(2.0 * city.days / MONTH, size)
    who = np.repeat(regulars, counts)
    stars = _drawn(rng, _KIND_STARS, len(who))
    _add(city, who, rng.choice(shops, len(who)), city.moments(len(who), rng), stars)
    evening = city.start + int(rng.integers(0, city.days)) * DAY + 20 * HOUR
    there = regulars[rng.random(size) < _PRESENT[2]]
    at = evening + rng.integers(0, 3 * HOUR, len(there))
    _add(city, there, np.full(len(there), shops[0]), at, _drawn(rng, _KIND_STARS, len(there)))
    city.honest("loyal_reviewers", Person=regulars)


def _shops(people: Population) -> int:
    return max(len(people.household) // _PEOPLE_A_SHOP, 10)


def _review(city: City, people: Population, who: IntArray) -> None:
    """Of shops that each chose for himself."""
    rng, every = city.review_rng, _shops(people)
    first, place = np.unique(who, return_inverse=True)
    usual = _popular(rng, len(first), every)[place]
    shop = np.where(rng.random(len(who)) < _AGAIN, usual, _popular(rng, len(who), every))
    _add(city, who, shop, city.moments(len(who), rng), _drawn(rng, _STARS, len(who)))


def _popular(rng: np.random.Generator, count: int, shops: int) -> IntArray:
    """Shops below ``shops``, the first ones likelier: a quarter of them gets half of all."""
    return (shops * rng.random(count) ** 2).astype(np.int64)


def _drawn(rng: np.random.Generator, shares: tuple[float, ...], count: int) -> IntArray:
    return 1 + rng.choice(len(shares), count, p=shares)


def _add(city: City, person: IntArray, shop: IntArray, at: IntArray, stars: IntArray) -> None:
    kept = at < city.end
    chars = city.review_rng.lognormal(_CHARS, _SPREAD, len(person)).astype(np.int64) + 1
    city.reviews.add(
        person=person[kept], shop=shop[kept], at=at[kept], stars=stars[kept], chars=chars[kept]
    )

"""How good detection is: on synthetic cities, and on public data sets beside simple baselines."""

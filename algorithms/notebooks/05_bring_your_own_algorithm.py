# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Bring your own algorithm · 自带算法
#
# An algorithm is a frozen dataclass: its fields are its parameters, `run` takes columns and gives arrays. What you write here is what you would register. 参数即字段，输入列，输出数组。

# %%
from dataclasses import dataclass
from typing import ClassVar

import matplotlib.pyplot as plt
import numpy as np

import graphrisk as gr
from graphrisk_algorithms.algorithm import NodeValues
from graphrisk_algorithms.graph import RiskGraph
from graphrisk_algorithms.kernels.leiden import Leiden
from graphrisk_algorithms.kernels.pagerank import PageRank

city = gr.open()
graph = city.snapshot()

# %% [markdown]
# ## Passing on · 过手率
# The share of what an account received that it sent on, counted only where it received something: mules are near 1, savers near 0.


# %%
@dataclass(frozen=True, slots=True)
class PassingOn:
    """Money sent by an account, divided by money received, at most 1. Cost: two passes over transfers."""

    name: ClassVar[str] = "passing_on"
    least: int = 100_000  # fen received in all, below which the value is 0

    def run(self, graph: RiskGraph) -> NodeValues:
        paid = graph.edges["TRANSFERRED"]
        sums = paid.columns["amount"].astype(np.float64)
        received = np.bincount(paid.dst, sums, graph.n)
        sent = np.bincount(paid.src, sums, graph.n)
        share = np.divide(sent, received, out=np.zeros(graph.n), where=received >= self.least)
        return NodeValues(np.minimum(share, 1.0))


mine = graph.run(PassingOn())

# %% [markdown]
# ## Beside those that are there · 与内置算法并列

# %%
accounts = graph.with_result(
    "Account", passing_on=mine, rank=graph.run(PageRank()), community=graph.run(Leiden())
).to_pandas()
accounts[["id", "passing_on", "rank", "community"]].head()

# %%
findings = city.findings("scam_cell").to_pandas()
mules = {
    nid
    for one in findings["id"]
    for nid, role in zip(*(city.finding(one).members[name].to_pylist() for name in ("nid", "role")))
    if role in ("mule", "cash_out")
}
accounts["mule"] = accounts["nid"].isin(mules)
fig, axis = plt.subplots(figsize=(7, 3.5))
axis.hist(
    [accounts.loc[~accounts["mule"], "passing_on"], accounts.loc[accounts["mule"], "passing_on"]],
    bins=20,
    density=True,
    label=["others", "mules of cells found"],
)
axis.set(
    xlabel="share passed on",
    ylabel="density",
    title="One number tells little; evidence in time tells more",
)
axis.legend()

# %% [markdown]
# ## In other hands · 交给别的库
# A ring's surroundings, for networkx's or igraph's own algorithms:

# %%
import networkx as nx

ring = city.finding(findings.iloc[0]["id"])
part = graph.among(ring.nids)
central = nx.betweenness_centrality(nx.Graph(part.to_networkx("TRANSFERRED")))
best = sorted(central, key=central.get, reverse=True)[:3]
roles = dict(zip(ring.members["nid"].to_pylist(), ring.members["role"].to_pylist()))
print("in between most money:", [(nid, roles[nid], round(central[nid], 2)) for nid in best])
print("igraph's articulation points:", len(part.to_igraph("TRANSFERRED").articulation_points()))

# %%
city.close()

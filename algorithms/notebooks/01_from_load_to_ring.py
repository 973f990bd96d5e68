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
# # From files to a ring · 从文件到团伙
#
# Departments deliver files; the graph takes them in; a detection finds rings and says why.
# 各部门交付文件，入图，检测，解释。
#
# The graph is the one that `GRAPHRISK_STORE` names (`make notebooks` names that of `make demo`).
# If it is empty, a small synthetic city is written and loaded first.

# %%
from pathlib import Path
from tempfile import mkdtemp

import graphrisk as gr

city = gr.open()
city

# %%
from graphrisk_loaders.synth.city import write_city

if not city.snapshot().counts:
    folder = Path(mkdtemp(prefix="city-"))
    write_city("small", 1, folder, lambda what, done, total: None)
    report = city.load(folder)
    print(sum(file.loaded for file in report.files), "rows loaded")
    city.detect()

# %% [markdown]
# ## What there is · 图中有什么
# Columns, no objects: a million edges are four arrays. `nid` and `eid` join tables; `id` is what the API and the investigators' pages call it.

# %%
graph = city.snapshot()
graph

# %%
graph.to_pandas("Person").head()

# %% [markdown]
# Keys and names are masked: nobody was named as reader, and no case. `gr.open(as_=…, case="A-17")` shows an investigator more. Either way it is recorded.
#
# ## Who calls how many · 通话分布

# %%
import matplotlib.pyplot as plt
import numpy as np

called = graph.to_pandas("CALLED")
partners = called.groupby("src").size()
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.5))
left.hist(np.log10(partners), bins=40)
left.set(xlabel="numbers called, log10", ylabel="numbers", title="People one number calls")
paid = graph.to_pandas("TRANSFERRED")
right.hist(np.log10(paid["amount"].clip(lower=1) / 100), bins=60)
right.set(xlabel="yuan, log10", ylabel="transfers", title="Sums of transfers")
fig.tight_layout()

# %% [markdown]
# ## The rings · 团伙
# Strongest first. The score is a probability, no proof of guilt. 分数是校准的概率，不是有罪的证明。

# %%
findings = city.findings().to_pandas()
findings[["kind", "score", "members", "reason"]].head(10)

# %%
cell = findings[findings["kind"] == "scam_cell"].iloc[0]
ring = city.finding(cell["id"])
ring

# %% [markdown]
# Drag, zoom, click a node for its neighbours. The same as a `networkx` graph, for whatever comes to mind:

# %%
import networkx as nx

part = graph.among(ring.nids).to_networkx()
reach = nx.number_weakly_connected_components(part)
print(part, f"in {reach} connected part(s)")
ring.members.to_pandas().groupby(["role", "kind"]).size()

# %%
city.close()

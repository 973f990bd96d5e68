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
# # Fraud calls · 诈骗电话
#
# A number that calls strangers, is never called back and soon gone: what its calls look like beside others'. 呼出陌生人、无人回拨、号码短命。

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import graphrisk as gr

city = gr.open()
graph = city.snapshot()
called = graph.to_pandas("CALLED")
called.head(3)

# %% [markdown]
# ## Four ratios a number · 每个号码的四项比率

# %%
pairs = set(zip(called["src"], called["dst"]))
called["returned"] = [(dst, src) in pairs for src, dst in zip(called["src"], called["dst"])]
called["once"] = called["count"] == 1
numbers = called.groupby("src").agg(
    partners=("dst", "size"),
    once=("once", "mean"),
    returned=("returned", "mean"),
    seconds=("seconds", "sum"),
    calls=("count", "sum"),
    first=("first", "min"),
    last=("last", "max"),
)
numbers["days"] = (numbers["last"] - numbers["first"]).dt.total_seconds() / 86_400
numbers["mean_seconds"] = numbers["seconds"] / numbers["calls"]
numbers.describe().loc[
    ["mean", "50%", "max"], ["partners", "once", "returned", "mean_seconds", "days"]
]

# %% [markdown]
# ## Callers of the cells found, among all · 已发现团伙号码的位置

# %%
findings = city.findings("scam_cell").to_pandas()
members = pd.concat([city.finding(one).members.to_pandas() for one in findings["id"]])
callers = set(members.loc[(members["role"] == "caller") & (members["kind"] == "Phone"), "nid"])
numbers["found"] = numbers.index.isin(callers)
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
for found, rows in numbers.groupby("found"):
    style = (
        {"s": 22, "c": "tab:red", "label": "callers of cells"}
        if found
        else {"s": 3, "c": "lightgray", "label": "others"}
    )
    left.scatter(
        rows["partners"],
        rows["returned"] + np.random.default_rng(1).normal(0, 0.01, len(rows)),
        **style,
    )
    right.scatter(rows["days"], rows["mean_seconds"], **style)
left.set(
    xscale="log",
    xlabel="numbers called",
    ylabel="share that calls back",
    title="Nobody calls back …",
)
right.set(
    xlabel="days from first to last call",
    ylabel="seconds a call",
    title="… and the number is soon gone",
)
left.legend()
fig.tight_layout()

# %% [markdown]
# No ratio alone tells them: couriers and call centres sit in the same corner. The finder asks what followed the call: money that the called paid, to strangers, within hours.

# %%
corner = numbers[(numbers["partners"] >= 20) & (numbers["returned"] <= 0.1)]
print(
    f"{len(corner)} numbers call 20 or more and are hardly called back; {int(corner['found'].sum())} of them are callers of cells found"
)

# %%
city.finding(findings.iloc[0]["id"])

# %%
city.close()

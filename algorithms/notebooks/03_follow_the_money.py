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
# # Follow the money · 资金追踪
#
# From a victim's payment forward, strictly later at every hop, as stop-payment does. 从受害人付款起，逐笔向后，时间严格递增。

# %%
import matplotlib.pyplot as plt
import pyarrow.compute as pc

import graphrisk as gr
from graphrisk.store.contract import TraceQuery

city = gr.open()
graph = city.snapshot()
findings = city.findings().to_pandas()
cell = city.finding(findings[findings["kind"] == "scam_cell"].iloc[0]["id"])
members = cell.members.to_pandas()
victims = members[(members["role"] == "victim") & (members["kind"] == "Account")]
print(len(victims), "accounts of victims, masked:", ", ".join(victims["caption"].head(5)))

# %% [markdown]
# The first payment of a victim into the ladder is where the clock starts.

# %%
mules = set(
    members.loc[members["role"].isin(["mule", "cash_out"]) & (members["kind"] == "Account"), "nid"]
)
paid = graph.to_pandas("TRANSFERRED")
first = paid[paid["src"].isin(victims["nid"]) & paid["dst"].isin(mules)].sort_values("at").iloc[0]
began = int(first["at"].value // 1_000_000)
query = TraceQuery(
    int(first["dst"]), "TRANSFERRED", start=began - 1, until=began + 24 * 3_600_000, max_hops=4
)
traced = city.trace(query)
rows = traced.rows.to_pandas()
print(
    f"{len(rows)} transfers within a day, {rows['layer'].max()} layers",
    "(capped)" if traced.truncated else "",
)

# %% [markdown]
# ## Layers against time · 逐层流出
# Size is the sum. What is left of the line at a moment could still have been stopped then.

# %%
hours = (rows["at"] - first["at"]).dt.total_seconds() / 3600
fig, axis = plt.subplots(figsize=(9, 3.5))
colours = ["tab:red" if account in mules else "tab:gray" for account in rows["dst"]]
axis.scatter(hours, rows["layer"], s=10 + rows["amount"] / 20_000, c=colours, alpha=0.6)
axis.set(
    xlabel="hours after the victim paid",
    ylabel="layer",
    title="Where it went: mules red, others grey",
)
axis.set_yticks(sorted(rows["layer"].unique()))

# %% [markdown]
# ## How fast it leaves · 资金停留

# %%
by_layer = rows.groupby("layer").agg(
    transfers=("amount", "size"), yuan=("amount", lambda sums: sums.sum() / 100), last=("at", "max")
)
by_layer

# %% [markdown]
# Backward from an account, to find others who paid into it: victims who have not reported yet. 反向追踪未报案的受害人。

# %%
back = city.trace(
    TraceQuery(
        int(first["dst"]), "TRANSFERRED", start=began + 24 * 3_600_000, direction="in", max_hops=1
    )
)
print(
    len(pc.unique(back.rows["src"])),
    "payers into the same account before the end of that day;",
    len(set(back.rows["src"].to_pylist()) & set(victims["nid"])),
    "of them known as victims of this cell",
)

# %%
city.close()

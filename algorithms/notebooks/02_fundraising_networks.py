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
# # Fundraising networks · 非法集资网络
#
# A platform that pays its lenders from their own deposits, and whose custodian never saw the contracts. 以新还旧、存管无账。

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import graphrisk as gr

city = gr.open()
graph = city.snapshot()
findings = city.findings().to_pandas()
schemes = findings[findings["kind"].isin(["fundraising", "fake_bids"])]
schemes[["kind", "score", "members", "reason"]]

# %%
scheme = city.finding(schemes[schemes["kind"] == "fundraising"].iloc[0]["id"])
print(scheme.explanation("zh"))

# %% [markdown]
# ## Deposits in, payouts out · 存入与兑付
# The tills are the accounts of the finding that are neither lenders nor promoters. A scheme lives as long as the first curve outruns the second.

# %%
members = scheme.members.to_pandas()
victims = set(members.loc[members["role"] == "victim", "nid"])
tills = set(
    members.loc[
        (members["kind"] == "Account") & ~members["role"].isin(["victim", "promoter"]), "nid"
    ]
)
paid = graph.to_pandas("TRANSFERRED")
into = paid[paid["dst"].isin(tills) & paid["src"].isin(victims)]
back = paid[paid["src"].isin(tills) & paid["dst"].isin(victims)]
fig, axis = plt.subplots(figsize=(9, 3.5))
for name, rows in (("deposits", into), ("payouts", back)):
    rows = rows.sort_values("at")
    axis.step(
        rows["at"], np.cumsum(rows["amount"]) / 100, where="post", label=f"{name} ({len(rows)})"
    )
axis.set(ylabel="yuan, summed", title="One scheme's tills")
axis.legend()
fig.autofmt_xdate()

# %% [markdown]
# ## Who brought whom · 推广层级
# Calls between the phones of the scheme's people, as an `igraph` graph: who calls many of them brought them.

# %%
people = members[members["kind"] == "Person"].set_index("nid")
owned = graph.around(people.index, "OWNS_PHONE", most=10_000)
calls = owned.to_igraph("CALLED")
owner = owned.to_pandas("OWNS_PHONE").set_index("dst")["src"]
role = [people["role"].get(owner[phone], "no member") for phone in calls.vs["nid"]]
called = pd.DataFrame({"role": role, "called": calls.degree(mode="out")})
called.groupby("role")["called"].describe()[["count", "mean", "max"]]

# %% [markdown]
# ## What to doubt · 须排除的情况
# A machine proposes; people look at these first.

# %%
print(scheme.explanation("en").split("What to doubt")[-1])

# %%
city.close()

"""An analyst's door: the same graph as columns, masked as elsewhere, and every read on record."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pytest

import graphrisk as gr
from graphrisk.access.model import EVERYTHING, Principal, Scope
from graphrisk.analysis.explain import role_name
from graphrisk.analyst.graph import Graph
from graphrisk.analyst.session import Session
from graphrisk.api.ids import PublicIds
from graphrisk.core.errors import BadInput, ConfigError, Forbidden, LimitExceeded, NotFound
from graphrisk.settings import Settings
from graphrisk.store.contract import TraceQuery
from graphrisk_algorithms.algorithm import NodeValues
from graphrisk_algorithms.graph import RiskGraph
from graphrisk_algorithms.kernels.components import Components
from graphrisk_algorithms.kernels.leiden import Leiden
from graphrisk_algorithms.kernels.pagerank import PageRank
from tests.api.town import ACCOUNTS, LAUNDERING, NAMES, PHONES, SCAM, Town, build
from tests.recorded import recorded

INVESTIGATOR = Principal("li.wei", frozenset({"investigator"}), EVERYTHING)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("town")
    return build(Settings(store=f"sqlite:///{folder / 'graph.db'}"), folder)


@pytest.fixture
def city(town: Town) -> Iterator[Session]:
    """Opened by nobody in particular."""
    with gr.open(town.settings.store) as session:
        yield session


@pytest.fixture
def graph(city: Session) -> Graph:
    return city.snapshot()


def _texts(table: pa.Table, name: str) -> list[str]:
    return [str(value) for value in table[name].to_pylist()]


def _numbers(table: pa.Table, name: str = "nid") -> list[int]:
    found: list[int] = table[name].to_numpy().tolist()
    return found


def test_counts_and_tables_are_those_of_the_graph(graph: Graph, town: Town) -> None:
    assert graph.counts["Person"] == 4
    assert graph.counts["TRANSFERRED"] == 3
    assert "Person" in repr(graph)
    assert "<td>Person</td>" in graph._repr_html_()
    transfers = graph.edges("TRANSFERRED")
    assert transfers.column_names == ["eid", "src", "dst", "at", "amount"]
    assert sorted(_numbers(transfers, "eid")) == list(town.transfers)
    assert sorted(_numbers(transfers, "amount")) == [9_600, 9_800, 10_000]
    assert str(transfers["at"][0].as_py()) == "2025-12-01 02:00:00+00:00", "ten in Xiamen"
    assert set(graph.to_arrow()) == set(graph.counts)


def test_nobody_in_particular_sees_no_personal_value(graph: Graph) -> None:
    clear = {*NAMES.values(), *PHONES.values(), *ACCOUNTS.values()}
    for kind, table in graph.to_arrow().items():
        texts = [name for name in table.column_names if pa.types.is_string(table[name].type)]
        shown = {value for name in texts for value in table[name].to_pylist()}
        assert not shown & clear, kind
    people = graph.nodes("Person")
    assert set(people["birth_year"].to_pylist()) == {None}
    assert sorted(_texts(people, "name")) == ["张**", "张**", "李**", "王*"]
    columns = graph.columns.nodes["Person"]
    assert columns["name"].to_pylist() == people["name"].to_pylist()
    assert columns["nid"].to_pylist() == people["nid"].to_pylist()


def test_a_case_alone_opens_nothing_and_an_investigator_with_one_sees_names(town: Town) -> None:
    with gr.open(town.settings.store, case="A-1") as city:
        assert "张小伟" not in city.snapshot().nodes("Person")["name"].to_pylist()
    with gr.open(town.settings.store, as_=INVESTIGATOR) as city:
        assert "张小伟" not in city.snapshot().nodes("Person")["name"].to_pylist()
    with gr.open(town.settings.store, as_=INVESTIGATOR, case="A-1") as city:
        people = city.snapshot().nodes("Person")
        assert sorted(_texts(people, "name")) == sorted(NAMES.values())
        assert sorted(_texts(people, "key")) == sorted(NAMES)
        assert set(people["id_token"].to_pylist()) == {None}, "nobody sees identity numbers"
        assert city.search("zhangxiaowei", "Person")["caption"].to_pylist() == ["张小伟", "张小玮"]


def test_every_read_is_on_record_before_it_is_handed_out(town: Town) -> None:
    with gr.open(town.settings.store, as_=INVESTIGATOR, purpose="evaluation", case="A-9") as city:
        graph = city.snapshot()
        graph.nodes("Person")
        graph.to_pandas("TRANSFERRED")
        graph.run(Components())
        city.finding(SCAM).picture()
    ours = [one for one in recorded(town.settings.audit_folder) if one["case"] == "A-9"]
    assert {one["principal"] for one in ours} == {"li.wei"}
    assert {one["purpose"] for one in ours} == {"evaluation"}
    told = {one["action"]: one["count"] for one in ours}
    assert told["nodes"] == 4
    assert told["edges"] == 3
    assert told["run components"] == sum(graph.counts.values())
    assert {"finding", "picture"} <= set(told)


def test_less_than_the_city_is_refused_and_so_are_unknown_purposes(town: Town) -> None:
    village = Principal("wang", frozenset({"investigator"}), Scope(("350206005001",)))
    with pytest.raises(Forbidden), gr.open(town.settings.store, as_=village) as city:
        city.snapshot()
    with pytest.raises(BadInput, match="purpose is one of"):
        gr.open(town.settings.store, purpose="curiosity")
    with pytest.raises(ConfigError, match="store is neither"):
        gr.open("mysql://root@127.0.0.1")


def test_ids_are_those_of_the_api(graph: Graph, town: Town) -> None:
    api = PublicIds(town.settings.id_secret_bytes)
    people = graph.nodes("Person")
    for nid, text in zip(_numbers(people), _texts(people, "id"), strict=True):
        assert text == api.entity("Person", nid)
    assert graph.nids(_texts(people, "id")).tolist() == _numbers(people)
    with pytest.raises(BadInput):
        graph.nids(["person_x"])


def test_networkx_and_igraph_hold_the_same_edges(graph: Graph) -> None:
    transfers = graph.edges("TRANSFERRED").to_pylist()
    expected = {(one["eid"], one["src"], one["dst"], one["amount"]) for one in transfers}
    nx = graph.to_networkx("TRANSFERRED")
    assert {(key, s, d, a["amount"]) for s, d, key, a in nx.edges(keys=True, data=True)} == expected
    ig = graph.to_igraph("TRANSFERRED")
    nids = ig.vs["nid"]
    assert {(e["eid"], nids[e.source], nids[e.target], e["amount"]) for e in ig.es} == expected
    assert set(nids) == set(nx.nodes)
    assert all(nx.nodes[nid]["kind"] == "Account" for nid in nx)
    everything = graph.to_networkx()
    assert everything.number_of_edges() == sum(
        count for kind, count in graph.counts.items() if kind.isupper()
    )
    assert {data["kind"] for *_, data in everything.edges(data=True)} >= {"CALLED", "HOLDS"}


def test_pandas_frames_are_indexed_by_number(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = graph.to_pandas("TRANSFERRED")
    assert frame["amount"].sum() == 29_400
    assert frame.index.name == "eid"
    assert graph.to_pandas("Person").index.name == "nid"
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ConfigError, match="notebooks"):
        graph.to_pandas("Person")


def test_a_part_holds_its_nodes_and_what_joins_them(graph: Graph, town: Town) -> None:
    first, second = (town.nids[ACCOUNTS[key]] for key in ("P1", "P2"))
    part = graph.among([first, second])
    assert part.counts == {"Account": 2, "TRANSFERRED": 1}
    assert graph.among([]).counts == {}
    near = graph.around([first], "TRANSFERRED")
    assert near.counts["Account"] == 3
    assert near.counts["TRANSFERRED"] == 3
    holder = graph.around([town.nids["P4"]], "HOLDS")
    assert holder.counts == {"Account": 1, "Person": 1, "HOLDS": 1}
    with pytest.raises(LimitExceeded, match="more than 2"):
        graph.around([first], "TRANSFERRED", most=2)
    for outside in (-1, graph.n):
        with pytest.raises(BadInput, match="not within"):
            graph.among([outside])


@pytest.mark.parametrize(
    "asked",
    [
        lambda graph: graph.nodes("Persons"),
        lambda graph: graph.edges("Person"),
        lambda graph: graph.to_pandas("PAID"),
        lambda graph: graph.to_igraph("PAID"),
    ],
)
def test_a_kind_that_there_is_not_is_named_with_those_there_are(
    graph: Graph, asked: Callable[[Graph], object]
) -> None:
    with pytest.raises(BadInput, match=r"is not one of .*(Person|TRANSFERRED)"):
        asked(graph)


@dataclass(frozen=True, slots=True)
class NameLengths:
    """An analyst's own: what it is told of names."""

    name: ClassVar[str] = "name_lengths"

    def run(self, graph: RiskGraph) -> NodeValues:
        values = np.zeros(graph.n)
        people = graph.nodes["Person"]
        for nid, name in zip(_numbers(people), _texts(people, "name"), strict=True):
            values[nid] = "小" in name
        return NodeValues(values)


def test_ones_own_algorithm_sees_what_the_analyst_sees(graph: Graph, town: Town) -> None:
    assert graph.run(NameLengths()).values.sum() == 0
    with gr.open(town.settings.store, as_=INVESTIGATOR, case="A-1") as city:
        assert city.snapshot().run(NameLengths()).values.sum() == 2


def test_results_stand_beside_the_nodes(graph: Graph) -> None:
    communities, ranks = graph.run(Leiden()), graph.run(PageRank())
    table = graph.with_result("Account", community=communities, rank=ranks)
    nids = table["nid"].to_numpy()
    assert table["community"].to_pylist() == communities.labels[nids].tolist()
    assert table["rank"].to_pylist() == ranks.values[nids].tolist()


def test_findings_are_listed_and_one_shows_itself(city: Session) -> None:
    listed = city.findings()
    assert listed["id"].to_pylist() == [LAUNDERING, SCAM]
    assert city.findings("scam_cell")["id"].to_pylist() == [SCAM]
    ring = city.finding(LAUNDERING)
    assert ring.members["role"].to_pylist() == ["passer"] * 3
    assert ring.roles() == {role_name("passer", "en"): 3}
    shown = ring._repr_html_()
    assert "srcdoc" in shown
    assert "<svg" in ring.picture().html()
    for language in ("zh", "en"):
        assert ring.explanation(language).splitlines()[0].split()[-1] in shown
    assert not any(name in shown for name in (*NAMES.values(), *ACCOUNTS.values()))
    with pytest.raises(NotFound):
        city.finding("ring_0000000000000000")


def test_a_picture_fetches_nothing_and_numbers_its_nodes_from_nought(city: Session) -> None:
    page = city.finding(LAUNDERING).picture().html()
    assert "default-src 'none'" in page
    assert not any(word in page for word in ('src="http', "href=", "@import", "url(http"))
    assert page.count("data-node=") == 3
    assert {f'data-src="{number}"' in page for number in range(3)} == {True}


def test_money_is_followed_in_time(city: Session, town: Town) -> None:
    first = town.nids[ACCOUNTS["P1"]]
    traced = city.trace(TraceQuery(first, "TRANSFERRED", start=0))
    assert traced.rows["layer"].to_pylist() == [1, 2, 3]
    assert traced.rows["amount"].to_pylist() == [10_000, 9_800, 9_600]
    assert not traced.truncated
    assert city.trace(TraceQuery(first, "TRANSFERRED", start=0, max_hops=1)).rows.num_rows == 1


def test_an_empty_store_can_be_filled_from_here(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "areas.csv").write_text("code,name,parent\n350206,湖里区,\n", encoding="utf-8")
    with gr.open(f"sqlite:///{tmp_path / 'new.db'}") as city:
        assert city.snapshot().counts == {}
        assert city.findings().num_rows == 0
        assert [file.loaded for file in city.load(folder).files] == [1]
        assert city.detect().findings == {}
        assert city.snapshot().counts == {"Area": 1}
        assert "new.db" in repr(city)
        city.close()

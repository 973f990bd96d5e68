"""The web console in a browser: from signing in to the line of a bank's file, as people go."""

from __future__ import annotations

import csv
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from graphrisk.access.issuer import person
from graphrisk.api.deployment import opened_api
from graphrisk.core.clock import ManualClock
from graphrisk.ingest.load import load
from graphrisk.ingest.service import Sources
from graphrisk.settings import Settings
from graphrisk.worker.tasks import TASKS
from graphrisk_loaders.synth.city import write_city
from scripts.browser import NoBrowser, opened_browser
from tests.api.serving import served
from tests.api.town import opened
from tests.loaders.synth.own import preset_of
from tests.principals import headers
from tests.recorded import recorded

ROOT = Path(__file__).parents[2]
NOW = 1_790_000_000_000  # 2026-09-21, later than all that is delivered
OPEN_CASE = "mutation ($input: OpenCaseInput!) { openCase(input: $input) { number } }"
#: Nothing here takes seconds; on a busy machine everything does.
_PATIENCE_MS = 60_000
expect.set_options(timeout=_PATIENCE_MS)


@dataclass(frozen=True)
class City:
    """A served deployment, and the files that it was loaded from."""

    settings: Settings
    files: Path
    url: str


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("console")
    settings = Settings(store=f"sqlite:///{folder / 'graph.db'}")
    clock = ManualClock(NOW)
    rings = {"laundering_cycle": 3, "scam_cell": 2}
    preset = preset_of(folder, rings, people=900, cells=16, days=14)
    write_city(preset, 7, folder / "city", lambda *_: None)
    with opened(settings) as (store, database):
        database.migrate()
        load(
            store,
            settings.folder,
            folder / "city",
            clock=clock,
            sources=Sources(database, clock),
            progress=lambda *_: None,
        ).check()
    assert TASKS["detect"](settings, clock).startswith("run ")
    with opened_api(settings, clock) as app, served(app) as url:
        yield City(settings, folder / "city", url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        with opened_browser() as opened:
            yield opened
    except NoBrowser as error:
        pytest.fail(str(error), pytrace=False)


@dataclass
class Visit:
    """A page, and what it did that it must not do."""

    page: Page
    city: City
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def sign_in(self, name: str) -> None:
        self.page.goto(f"{self.city.url}/console/")
        self.page.get_by_role("button", name="登录").click()
        self.page.locator(f"button[value='{name}']").click()
        expect(self.page.locator("#findings li").first).to_be_visible()

    def open_ring(self, kind: str) -> None:
        self.page.locator("#findings button", has_text=kind).first.click()
        expect(self.page.locator("#finding")).to_be_visible()
        expect(self.page.locator(".canvas[data-ready=true]")).to_be_visible()

    def name_case(self, number: str) -> None:
        self.page.locator("#case").fill(number)
        with self.page.expect_response("**/graphql"):
            self.page.locator("#case").press("Enter")
        expect(self.page.locator(".working")).to_have_count(0)

    def serious(self) -> list[str]:
        """What axe finds serious on the page as it stands."""
        script = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
        self.page.evaluate(script)  # by the debugger: the page's policy lets no script in
        found: dict[str, Any] = self.page.evaluate("axe.run()")
        return [
            f"{one['id']}: {one['nodes'][0]['html'][:120]}"
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
        ]


@pytest.fixture
def visit(browser: Browser, city: City) -> Iterator[Visit]:
    """Nothing leaves the origin, and nothing is refused by the page's policy."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    made = Visit(page, city)

    def note(address: str) -> None:
        if not address.startswith((f"{city.url}/", "data:", f"blob:{city.url}/")):
            made.outside.append(address)

    page.on("request", lambda request: note(request.url))
    page.on(
        "console",
        lambda told: made.complaints.append(told.text) if told.type == "error" else None,
    )
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    yield made
    context.close()
    assert made.outside == []
    assert made.complaints == []


def test_from_signing_in_to_the_line_of_the_banks_file(visit: Visit) -> None:
    page = visit.page
    visit.sign_in("city.chen")
    visit.name_case("A-2026-7")
    visit.open_ring("洗钱回流环")
    finding = page.locator("#finding")
    shares = [float(text) for text in finding.locator(".share").all_inner_texts()]
    assert shares
    assert all(0 < share <= 1 for share in shares)
    assert len(finding.locator(".reasons li").first.inner_text()) > 20
    expect(finding.locator(".doubts li").first).to_be_visible()
    expect(finding.locator("summary", has_text="过账账户")).to_be_visible()
    record = finding.locator(".records li", has_text="transfers.csv").first
    told = record.inner_text()
    (row,) = re.findall(r"transfers\.csv · 第 (\d+) 行", told)
    with (visit.city.files / "transfers.csv").open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    line = dict(zip(lines[0], lines[int(row) - 1], strict=True))
    assert f"¥{float(line['amount_yuan']):,.2f}" in told
    assert line["serial"] in told
    page.locator("#language").click()
    expect(page.locator("h2", has_text="laundering cycle").first).to_be_visible()
    expect(finding.locator("summary", has_text="passer")).to_be_visible()
    assert not re.search(r"[\u4e00-\u9fff]", finding.locator(".reasons").inner_text())
    assert visit.serious() == []


def test_somebody_is_searched_expanded_and_joined_with_another(visit: Visit) -> None:
    page = visit.page
    visit.sign_in("city.chen")
    visit.name_case("A-2026-7")
    page.locator("#search").fill("王")
    page.locator("#search").press("Enter")
    results = page.locator("#results button")
    expect(results.first).to_contain_text("王")
    results.first.click()
    card = page.locator("#card")
    expander = card.locator(".expander", has=page.locator("[data-edge='HOLDS OUT']"))
    count = int(expander.locator(".count").inner_text())
    expander.get_by_role("button").click()
    expect(page.locator("#entities tbody tr")).to_have_count(count + 1)
    page.locator("#undo").click()
    expect(page.locator("#entities")).to_have_count(0)
    page.locator("#redo").click()
    expect(page.locator("#entities tbody tr")).to_have_count(count + 1)
    card.get_by_role("button", name="以此为起点").click()
    results.nth(1).click()
    card.get_by_role("button", name="到此为终点").click()
    steps = page.locator("#path .chain > li")
    expect(steps.first).to_be_visible()
    assert steps.count() >= 3
    page.locator("#twin-facts").click()
    facts = page.locator("#facts tbody tr").all_inner_texts()
    assert len(facts) >= count + steps.count() - 1
    assert all(re.search(r"\.(csv|parquet|jsonl|xlsx) · ", fact) for fact in facts), facts
    assert visit.serious() == []


def test_the_graph_is_drawn_answers_a_click_and_leaves_as_files_on_record(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit.page
    visit.sign_in("city.chen")
    visit.open_ring("洗钱回流环")
    assert _exported(visit.city) == set()
    with page.expect_download() as download:
        page.locator("#png").click()
    download.value.save_as(tmp_path / "ring.png")
    image = Image.open(tmp_path / "ring.png").convert("RGB")
    x, y = _middle_of(image, "#d55e00")
    box = page.locator(".canvas").bounding_box()
    assert box is not None
    assert image.size == (round(box["width"]), round(box["height"]))
    page.mouse.click(box["x"] + x, box["y"] + y)
    expect(page.locator("#card")).to_be_visible()
    with page.expect_download() as download:
        page.locator("#csv").click()
    download.value.save_as(tmp_path / "ring.csv")
    rows = list(csv.reader((tmp_path / "ring.csv").read_text("utf-8-sig").splitlines()))
    entities = page.locator("#entities tbody tr").count()
    assert rows.index([]) == entities + 1
    assert _exported(visit.city) == {("city.chen", entities)}


def _exported(city: City) -> set[tuple[object, object]]:
    """Who exported how many, by the audit."""
    lines = recorded(city.settings.audit_folder)
    return {(one["principal"], one["count"]) for one in lines if one["purpose"] == "export"}


def _middle_of(image: Image.Image, color: str) -> tuple[int, int]:
    """A pixel amid the first round or square thing of a colour, from the top."""
    wanted = np.frombuffer(bytes.fromhex(color[1:]), np.uint8).astype(int)
    alike = (np.abs(np.asarray(image, int) - wanted).max(axis=2) <= 2)[:-30]
    amid = (
        alike[4:-4, 4:-4] & alike[:-8, 4:-4] & alike[8:, 4:-4] & alike[4:-4, :-8] & alike[4:-4, 8:]
    )
    assert amid.any(), f"nothing is drawn in {color}"
    y, x = np.argwhere(amid)[0]
    return int(x) + 4, int(y) + 4


def _case_of(city: City, name: str) -> str:
    """The number of a case that somebody opened on the first finding he sees."""
    he = person(name)
    asked = headers(
        city.settings, roles=he.roles, areas=he.areas, name=name, clock=ManualClock(NOW)
    )

    def ask(query: str, **variables: object) -> Any:
        body = {"query": query, "variables": variables}
        return httpx.post(f"{city.url}/graphql", json=body, headers=asked).json()["data"]

    (first,) = ask("{ findings(first: 1) { edges { node { id } } } }")["findings"]["edges"]
    case = {"id": str(uuid.uuid4()), "title": "线索核查", "area": he.areas[0]}
    opened = ask(OPEN_CASE, input={**case, "findingIds": [first["node"]["id"]]})
    return str(opened["openCase"]["number"])


def test_a_township_sees_masked_values_and_stubs_and_asks_for_what_it_does_not_see(
    visit: Visit,
) -> None:
    page, city = visit.page, visit.city
    number = _case_of(city, "township.su")
    visit.sign_in("township.su")
    expect(page.locator(".masked").first).to_have_text("未填案件号：个人信息已掩码")
    cut = page.locator("#findings button", has_text="部分在辖区外").first
    cut.click()
    finding = page.locator("#finding")
    expect(finding).to_contain_text("辖区外的成员、证据和理由未显示")
    (reason,) = finding.locator(".reasons li > span:first-child").all_inner_texts()
    assert not re.search(r"\d", reason), "reasons count what lies outside"
    captions = finding.locator(".caption").all_inner_texts()
    assert captions
    assert all("*" in caption for caption in captions), captions
    stub = page.locator("#entities tbody button", has_text="辖区外").first
    stub.click()
    card = page.locator("#card")
    expect(card).to_contain_text("位于您的辖区之外")
    assert card.locator("dl").count() == 0
    ask = card.get_by_role("button", name="申请查看")
    expect(ask).to_be_disabled()
    visit.name_case(number)
    card.get_by_role("textbox").fill("资金去向")
    ask.click()
    expect(card.get_by_role("status")).to_contain_text("由其辖区决定")
    assert visit.serious() == []


def test_no_token_outlives_the_page_and_a_foreign_code_signs_nobody_in(visit: Visit) -> None:
    page = visit.page
    visit.sign_in("city.audit")
    stored = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "eyJ" not in stored, "no token"
    assert "state" not in stored
    page.reload()
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    page.goto(f"{visit.city.url}/console/?code=made-up&state=made-up")
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    assert visit.serious() == []


def test_what_is_refused_is_told_in_words(visit: Visit) -> None:
    page = visit.page
    visit.sign_in("city.chen")
    page.route("**/graphql", lambda route: route.abort())
    page.locator("#search").fill("wang")
    page.locator("#search").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("服务没有应答")
    visit.complaints.clear()  # the browser complains of the request that was cut
    page.unroute("**/graphql")
    page.locator("#case").fill("案 1")
    page.locator("#case").press("Enter")
    expect(page.locator(".note.masked")).to_have_count(0)
    page.locator("#search").press("Enter")
    expect(page.locator("#results li").first).to_be_visible()
    assert visit.serious() == []

"""The page, as text and as a browser shows it."""

import re
import shutil
from html.parser import HTMLParser

import pytest

import psychometrics as pm
from psychometrics.errors import StorageError
from psychometrics.report.page import render_page

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
FIGURES = ["scores", "facets", "orders", "order-facets", "positions", "answers", "mass"]


class Outline(HTMLParser):
    """Ids, figures, links and text of a page."""

    def __init__(self, page):
        super().__init__()
        self.ids, self.figures, self.tags, self.links, self.words = [], [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "figure":
            self.figures.append(found["id"])
        for key in ("src", "href", "xlink:href", "action", "style"):
            self.links += re.findall(r"url\(([^)]*)\)", found[key]) if key in found else []
            self.links += [found[key]] if key in found and key != "style" else []
        self.links += re.findall(r"url\(([^)]*)\)", found.get("clip-path", ""))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="session")
def page(one):
    return render_page(one)


@pytest.mark.parametrize(
    ("which", "without"),
    [
        ("one", []),
        ("two", []),
        ("partly_missing", []),
        ("as_written", ["orders", "order-facets", "positions"]),
        ("all_missing", ["orders", "order-facets", "positions"]),
        ("crowd", ["facets", "order-facets"]),
    ],
)
def test_every_page_is_whole_and_self_contained(which, without, request):
    found = Outline(render_page(request.getfixturevalue(which)))
    assert set(found.figures) == {f"fig-{name}" for name in FIGURES if name not in without}
    assert len(found.ids) == len(set(found.ids))
    assert "script" not in found.tags
    inside = [link.removeprefix("#") for link in found.links if link.startswith("#")]
    assert set(inside) <= set(found.ids)
    outside = {link for link in found.links if not link.startswith("#")}
    assert all(link.startswith(("https://doi.org/", "data:,")) for link in outside)
    assert "nan" not in re.findall(r"[a-z]+", found.text) and "None" not in found.text


def test_the_page_forbids_scripts_and_the_network(page):
    assert f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">' in page


def test_scores_are_on_the_page_with_both_ns(one, page):
    text = Outline(page).text
    for average in ("log", "mean"):
        row = one.score().to_frame(average, "expected").iloc[0]
        assert f"{row['score']:.2f} [{row['ci_low']:.2f}, {row['ci_high']:.2f}]" in text
    assert "95% intervals: n = 12 items a domain; 120 presentations" in text
    assert "It is not a standard error of measurement" in text
    assert "no norms" in text and "keeps a part of the position bias" not in text


def test_the_order_that_moves_most_is_named(one, page):
    effects = one.order_effects()
    spread = effects.spread.merge(
        effects.frame[["scale", "level"]].drop_duplicates(), on="scale"
    ).query("level == 'domain'")
    largest = spread.loc[spread["spread"].idxmax()]
    text = Outline(page).text
    assert f"Among the domains the order moves {largest['scale'].capitalize()} most: order" in text
    assert f"a spread of {largest['spread']:.2f}" in text
    raw = one.frame.groupby("option_order")["expected"].mean()
    assert f"goes from {raw.min():.2f}" in text and f"to {raw.max():.2f}" in text


def test_warnings_come_first(one, page):
    text = Outline(page).text
    for warning in one.check().warnings:
        assert text.index(warning) < text.index("Scores with 95% intervals")


def test_nothing_to_warn_of_is_said(big_five):
    run = pm.administer(big_five, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    assert "found nothing to warn of" in render_page(run.responses)


def test_the_methods_are_cited(page):
    for doi in ("10.1093/biomet/6.1.1", "10.1071/CH9490149", "10.1214/ss/1177013825"):
        assert f'href="https://doi.org/{doi}"' in page


def test_the_manifest_is_on_the_page(one, page):
    found = Outline(page)
    model = one.manifest["models"][0]
    assert model["weights"] in found.text and model["dtype"] in found.text
    assert f"Seed {one.manifest['seed']}" in found.text
    assert one.manifest["design"]["wording"]["plain"].split("\n")[0] in found.text


def test_one_order_has_no_order_figure_and_says_why(as_written):
    text = Outline(render_page(as_written)).text
    assert "Only one option order was presented" in text
    assert "not estimated: the orders do not put every option in every position" in text


def test_missing_answers_are_accounted_for(all_missing, partly_missing):
    text = Outline(render_page(all_missing)).text
    assert "300 of 300 answers are missing (300 low_mass)" in text
    assert "No domain could be scored." in text and "scripted 300 0 300 100.0%" in text
    assert "No order has a valid answer." in text
    text = Outline(render_page(partly_missing)).text
    assert "keeps a part of the position bias" in text
    assert "10/12 100/120" in text and "1 of 2 items valid; at least 80% are needed" in text


def test_responses_without_a_manifest_are_reported(one):
    bare = pm.Responses(one.frame, one.instrument, {})
    text = Outline(render_page(bare)).text
    assert "carry no manifest" in text and "Option mass" in text


@pytest.mark.parametrize(
    "manifest",
    [{"models": "?", "design": [], "respondents": None, "environment": 1}, {"seed": "\ud800"}],
)
def test_a_strange_manifest_does_no_harm(one, tmp_path, manifest):
    strange = pm.Responses(one.frame, one.instrument, manifest)
    path = pm.write_page(strange, tmp_path / "page.html")
    assert "The whole manifest" in path.read_text(encoding="utf-8")


def test_text_from_outside_is_escaped(two):
    page = render_page(two)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 20
    svgs = re.findall(r"<svg .*?</svg>", page, flags=re.DOTALL)
    assert any("_a$x$ &lt;script&gt;" in svg for svg in svgs)


def test_the_same_responses_give_the_same_bytes(one, tmp_path):
    first, second = (pm.write_page(one, tmp_path / f"{n}.html").read_bytes() for n in (1, 2))
    assert first == second


def test_a_place_that_cannot_be_written_to_is_named(one, tmp_path):
    with pytest.raises(StorageError, match="absent"):
        pm.write_page(one, tmp_path / "absent" / "page.html")


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield opened
        opened.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_browser_shows_everything(browser, two, tmp_path, width):
    path = pm.write_page(two, tmp_path / "page.html")
    asked, said = [], []
    view = browser.new_page(viewport={"width": width, "height": 900})
    view.route("**/*", lambda route: (asked.append(route.request.url), route.continue_()))
    view.on("console", lambda message: said.append(message.text))
    view.on("pageerror", lambda error: said.append(str(error)))
    view.goto(path.as_uri())
    for summary in view.query_selector_all("summary"):
        summary.click()
    for name in FIGURES:
        figure = view.query_selector(f"#fig-{name}")
        box = figure.query_selector("svg").bounding_box()
        assert figure.is_visible() and box["width"] > 250 and box["height"] > 30
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    assert view.evaluate("document.body.scrollWidth") <= width
    row = two.score().to_frame("log", "expected").iloc[0]
    assert f"{row['score']:.2f} [{row['ci_low']:.2f}" in view.inner_text("body")
    assert view.title().startswith("Big Five 60") and view.query_selector("script") is None
    assert asked == [path.as_uri()] and said == []
    view.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_text_in_figures_is_legible_and_inside(browser, one, tmp_path, width):
    path = pm.write_page(one, tmp_path / "page.html")
    view = browser.new_page(viewport={"width": width, "height": 900})
    view.goto(path.as_uri())
    view.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    smallest = view.evaluate(
        """Math.min(...[...document.querySelectorAll('svg text')].map(text =>
            parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a || 99))"""
    )
    assert smallest > 6.5
    outside = view.evaluate(
        """[...document.querySelectorAll('svg text')].filter(text => {
            const own = text.getBoundingClientRect();
            const all = text.closest('svg').getBoundingClientRect();
            return own.left < all.left - 4 || own.right > all.right + 4;
        }).map(text => text.textContent)"""
    )
    assert outside == []
    view.close()


def test_numerical_error_is_told(small, tmp_path):
    people = pm.respondents(pm.scripted_model(4.0))
    checked = pm.administer(small, people, quiet=True).responses
    assert "8 prompts were scored again, one at a time (scripted float64)" in render_page(checked)
    assert "The most probable option differs in none of them" in render_page(checked)
    plain = pm.administer(small, people, rescore=0, quiet=True).responses
    assert "Not measured: none of these prompts was scored a second time" in render_page(plain)

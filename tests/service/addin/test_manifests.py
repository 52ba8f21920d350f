"""What registers the pane, held against the rules of the programs that read it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import etree

from gongkai.model.errors import RequestError
from gongkai.service.addin import manifests

HERE = Path(__file__).parent
URL = "https://gongkai.qinghe.example"


def rules(name):
    return etree.RelaxNG(etree.parse(HERE / name))


def parsed(text):
    return etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))


def test_the_word_manifest_keeps_the_rules():
    tree = parsed(manifests.word(URL, "0.1.0", "青禾县人民政府 <&\"'>")[manifests.WORD])
    schema = rules("word.rng")
    assert schema.validate(tree), schema.error_log
    addresses = [value for value in tree.xpath("//@DefaultValue") if value.startswith("http")]
    assert {value.removeprefix(URL).partition("?")[0] for value in addresses} == {
        "/", "/addin/pane", "/static/icon-16.png", "/static/icon-32.png", "/static/icon-64.png", "/static/icon-80.png"
    }  # fmt: skip


def test_every_resource_is_there_once():
    tree = parsed(manifests.word(URL, "0.1.0", "青禾县")[manifests.WORD])
    named = tree.xpath("//*[local-name()='Resources']//@id")
    assert len(named) == len(set(named))
    assert set(tree.xpath("//@resid")) == set(named)


def test_the_id_follows_the_address_only():
    ids = [parsed(manifests.word(url, version, "县")[manifests.WORD])[0].text for url, version in
           [(URL, "0.1.0"), (URL + "/", "0.2.0"), ("https://other.example", "0.1.0")]]  # fmt: skip
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("version", "shown"),
    [("0.1.0", "0.1.0.0"), ("1.2.3.4.5", "1.2.3.4"), ("0+source", "0.0.0.0"), ("2.0rc1", "2.0.0.0")],
)
def test_a_version_has_four_numbers(version, shown):
    assert manifests.four(version) == shown


@pytest.mark.parametrize("name", ["publish.xml", "jsplugins.xml", "ribbon.xml"])
def test_the_wps_files_keep_the_rules(name):
    schema = rules("wps.rng")
    tree = parsed(manifests.wps("http://10.1.2.3:8080", "0.1.0")[name])
    assert schema.validate(tree), schema.error_log


def test_the_ribbon_calls_what_the_script_has():
    files = manifests.wps(URL, "0.1.0")
    called = set(re.findall(r'"ribbon\.(\w+)"', files["ribbon.xml"]))
    assert called == set(re.findall(r"^  (\w+)(?=[(:])", files["main.js"], re.MULTILINE))
    assert 'src="main.js"' in files["index.html"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "gongkai",
        "ftp://a.example",
        "javascript:alert(1)",
        "https://a.example/?x=1",
        "https://u:p@a.example",
        "https://",
    ],
)
def test_an_address_that_is_none_is_refused(url):
    for make in (lambda: manifests.wps(url, "1"), lambda: manifests.word(url, "1", "县")):
        with pytest.raises(RequestError, match="完整网址"):
            make()


def test_word_insists_on_https():
    with pytest.raises(RequestError, match="https://"):
        manifests.word("http://10.1.2.3", "1", "县")


@pytest.mark.parametrize(
    ("program", "names"),
    [
        ("word", {"gongkai-word.xml"}),
        ("wps", {"publish.xml", "jsplugins.xml", "ribbon.xml", "main.js", "index.html"}),
    ],
)
def test_the_command_writes_them(run, tmp_path, program, names):
    code, out, err = run("addin", program, "--url", URL, "--out", tmp_path / "new")
    assert (code, err) == (0, "")
    assert {path.name for path in (tmp_path / "new").iterdir()} == names
    assert all(name in out for name in names)


def test_the_command_asks_for_an_address(run, monkeypatch):
    monkeypatch.delenv("GONGKAI_PUBLIC_URL", raising=False)
    code, _, err = run("addin", "wps")
    assert code == 1
    assert "--url" in err


def test_main_js_toggles_one_pane(browser):
    """In a browser with a stand-in for WPS."""
    page = browser.new_page()
    page.route("**/*", lambda route: route.fulfill(body="<p>", content_type="text/html"))
    page.goto("http://wps.example/addin/wps/index.html")
    page.evaluate(
        """() => { const panes = []; const held = {};
        window.made = panes;
        window.Application = { PluginStorage: { getItem: (k) => held[k], setItem: (k, v) => { held[k] = v; } },
          CreateTaskPane: (url) => { panes.push({ ID: panes.length + 1, url, Visible: false }); return panes.at(-1); },
          GetTaskPane: (id) => panes[id - 1] }; }"""
    )
    page.add_script_tag(content=manifests.served("main.js"))
    page.evaluate("ribbon.OnAddinLoad()")
    seen = []
    for _ in range(3):
        page.evaluate("ribbon.OnAction({ Id: 'gongkaiPane' })")
        seen.append(page.evaluate("made.map((one) => one.Visible)"))
    assert seen == [[True], [False], [True]]
    assert page.evaluate("made[0].url") == "http://wps.example/addin/pane?host=wps"
    assert json.loads(page.evaluate("JSON.stringify(made[0].DockPosition)")) == 2
    page.close()

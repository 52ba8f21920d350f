"""办理流转 over HTTP: an office system fills in the form and takes the steps, each by who may."""

from __future__ import annotations

import io
import zipfile
from itertools import count

import pytest
from accounts import keyed, peopled, signed_in

from gongkai.service.app import create_app
from gongkai.service.casework.statistics import ZONE
from gongkai.service.settings import Settings

TEXT = (
    "青禾县水务局关于青河路停水检修的通告\n\n广大市民：\n"
    "因管网检修，青河路沿线定于2026年5月6日停水，请提前储水。\n\n青禾县水务局\n2026年4月28日\n（此件公开发布）\n"
)
FORM = {"attribute": "主动公开", "policy": "否", "third": "不涉及", "number": "青水发〔2026〕9号"}
FORM |= {"category": "G05 行政许可与服务", "deadline": "20个工作日", "channel": "门户"}
_NUMBERS = count(1)
CHECKED = "7715"
CLEAN = {"outcome": "不涉及国家秘密、工作秘密，可以公开", "basis": "条例第十七条"}


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    application = create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0))
    peopled(application)
    return application


@pytest.fixture(scope="module")
def house(application):
    yield application.state.house
    application.state.house.close()


@pytest.fixture
def address(application, house):
    text = f"{TEXT}附件：第{next(_NUMBERS)}号清单\n"  # another text is another document
    location = keyed(application, "drafter").post("/v1/suggestions", json={"text": text}).headers["location"]
    return f"{location}/passage"


def test_a_document_that_nobody_began_with(application, address):
    answer = keyed(application, "drafter").get(address)
    told = answer.json()
    assert (answer.status_code, answer.headers["etag"], told["state"], told["steps"]) == (200, '"0"', "drafted", [])
    assert "attribute-missing" in [gap["code"] for gap in told["gaps"]]
    assert {row["kind"] for row in told["open"]} >= {"submit", "consult"}
    assert keyed(application, "neighbour").get(address).status_code == 404


@pytest.mark.parametrize(
    ("title", "issuer", "ticked"),
    [
        ("关于公布青禾县国土变更调查成果的通告", "青禾县自然资源局", "approval"),
        ("关于青河路停水检修的通告", "青禾县水务局　青禾县公安局", "consult"),
    ],
)
def test_what_a_paper_asks_for_is_ticked_until_somebody_says_otherwise(application, house, title, issuer, ticked):
    text = f"{title}\n\n广大市民：\n现将有关情况通告如下，请留意。\n\n{issuer}\n2026年4月28日\n（此件公开发布）\n"
    drafter = keyed(application, "drafter")
    address = drafter.post("/v1/suggestions", json={"text": text}).headers["location"] + "/passage"
    page, path = signed_in(application, "drafter"), f"/passages/{address.split('/')[3]}"
    told = {code: f'value="{code}" checked' in page.get(path).text for code in ("consult", "approval", "normative")}
    assert told == dict.fromkeys(told, False) | {ticked: True}
    assert drafter.post(address, json={"form": FORM}).json()["flags"] == [ticked]
    assert drafter.post(address, json={"form": {}, "flags": ["major"]}).json()["flags"] == ["major"]
    assert drafter.post(address, json={"form": {"remark": "急"}}).json()["flags"] == ["major"]
    assert f'value="{ticked}" checked' not in page.get(path).text


def test_the_steps_of_an_office_system(application, address):
    drafter, reviewer = keyed(application, "drafter"), keyed(application, "reviewer")
    filled = drafter.post(address, json={"form": FORM, "flags": ["consult"]})
    assert (filled.status_code, filled.json()["form"]["attribute"], filled.json()["flags"]) == (
        200,
        "主动公开",
        ["consult"],
    )
    submitted = drafter.post(f"{address}/steps", json={"kind": "submit"}, headers={"if-match": filled.headers["etag"]})
    assert (submitted.json()["state"], submitted.json()["steps"][0]["by"]) == ("submitted", "赵一鸣")
    told = reviewer.post(f"{address}/steps", json={"kind": "secrecy", "record": CLEAN}).json()
    assert told["steps"][-1]["record"] == CLEAN
    assert [row["missing"] for row in told["open"] if row["kind"] == "review"] == [[]]


@pytest.mark.parametrize(
    ("login", "path", "body", "status", "words"),
    [
        ("drafter", "/steps", {"kind": "release"}, 403, "公开前发布审查"),
        ("reviewer", "/steps", {"kind": "release", "record": {}}, 422, "没有填"),
        ("reviewer", "/steps", {"kind": "fly"}, 422, "没有“fly”这一步"),
        ("reviewer", "/steps", {"kind": "secrecy", "record": {"outcome": "好"}}, 422, "应当是"),
        ("drafter", "", {"form": FORM, "flags": ["fire"]}, 422, "没有“fire”这种情形"),
        ("auditor", "", {"form": FORM}, 403, "办理流转"),
    ],
)
def test_what_is_refused_says_why(application, address, login, path, body, status, words):
    answer = keyed(application, login).post(address + path, json=body)
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_a_step_too_early_and_a_stale_one(application, address):
    drafter = keyed(application, "drafter")
    early = drafter.post(f"{address}/steps", json={"kind": "sign", "record": {"signer": "局长", "day": "2026-01-01"}})
    assert (early.status_code, "只有“已源头审查”的才能办" in early.json()["detail"]) == (409, True)
    drafter.post(address, json={"form": FORM})
    drafter.post(address, json={"form": FORM})
    assert drafter.post(address, json={"form": FORM}, headers={"if-match": '"1"'}).status_code == 412


def test_a_key_takes_only_steps_of_its_scopes(application, address):
    looking = keyed(application, "reviewer", "documents")
    assert looking.get(address).status_code == 200
    assert looking.post(f"{address}/steps", json={"kind": "secrecy", "record": CLEAN}).status_code == 403


def test_the_package_is_looked_through_before_it_leaves(application, address):
    drafter, page = keyed(application, "drafter"), signed_in(application, "drafter")
    pack = f"/passages/{address.split('/')[3]}/package"
    early = page.post(pack, headers={"accept": "application/json"})
    assert (early.status_code, "还没有通过发布审查" in early.text) == (409, True)
    drafter.post(address, json={"form": FORM})
    day = application.state.house.clock().astimezone(ZONE).date().isoformat()
    release = {"secrecy": "是", "phrasing": "准确规范", "timing": "即时公开", "manner": "门户网站"}
    for login, kind, record in (
        ("drafter", "submit", {}),
        ("reviewer", "secrecy", CLEAN),
        ("reviewer", "review", {}),
        ("drafter", "sign", {"signer": "局长", "day": day}),
        ("second", "release", release),
    ):
        answer = keyed(application, login).post(f"{address}/steps", json={"kind": kind, "record": record})
        assert answer.status_code == 200, answer.text
    leaking = {"file": ("通告.txt", f"{TEXT}联系人：赵一鸣，身份证号 11010119900307{CHECKED}\n".encode())}
    refused = page.post(pack, files=leaking, headers={"accept": "application/json"})
    assert (refused.status_code, "可能要遮蔽的个人信息" in refused.text, CHECKED in refused.text) == (422, True, False)
    assert page.post(pack, files=leaking, data={"looked": "是"}).status_code == 200
    secret = {"file": ("通告.txt", f"机密★1年\n{TEXT}".encode())}
    assert page.post(pack, files=secret, data={"looked": "是"}).status_code == 409
    clean = page.post(pack, files={"file": ("通告.txt", TEXT.encode())})
    with zipfile.ZipFile(io.BytesIO(clean.content)) as archive:
        names = archive.namelist()
    assert names == ["青禾县水务局关于青河路停水检修的通告.txt", "元数据.json", "元数据.xlsx"]

"""One hazard at a desk: what is shown of it, and the acts that one may take."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest

from tests.api.hazard_cases import Case, photo
from tests.cast import LINE, NOON
from tests.makers import upload
from tests.pictures import GOOD, sha
from tests.sounds import OGG, WEBM
from tests.web.conftest import SITE
from tests.web.hazard_cases import act, hidden, page_of


@pytest.fixture
def case(phone_of, cast) -> Case:
    return Case(phone_of, cast.wang)


def test_one_hazard_shows_what_may_be_done_now_and_nothing_else(desk_of, cast, case):
    page = desk_of(cast.feng).get(page_of(case))
    assert page.status_code == 200
    assert "王村长" in page.text
    assert 'name="action" value="accept"' in page.text
    assert 'name="action" value="close"' not in page.text
    mine = desk_of(cast.wang).get(page_of(case)).text
    assert 'name="action" value="comment"' in mine
    assert 'name="action" value="accept"' not in mine
    assert "下载证据包" not in mine


def test_a_clerk_takes_a_hazard_from_report_to_closing(desk_of, cast, case, phone_of):
    desk = desk_of(cast.feng)
    desk.get(page_of(case))
    assert act(desk, case, "accept", severity="major").status_code == 303
    desk.get(page_of(case))
    assert act(desk, case, "assign", person="王村长", note="三日内清运").status_code == 303
    assert case.act(cast.wang, "report_done", photos=[photo() | {"at": NOON.isoformat()}]).status_code == 200
    desk.get(page_of(case))
    assert act(desk, case, "verify").status_code == 303
    desk.get(page_of(case))
    answer = act(desk, case, "close")
    assert answer.headers["Location"] == f"{page_of(case)}?did=close&kept=hazard.act.close"
    assert "已销号。" in desk.get(answer.headers["Location"]).text
    told = case.seen_by(cast.feng).json
    assert (told["state"], told["severity"], told["assignee"]["name"]) == ("closed", "major", "王村长")
    assert "三日内清运" in desk.get(page_of(case)).text


def test_verifying_shows_both_photos_and_warns_where_time_or_place_do_not_fit(desk_of, cast, phone_of):
    wang = phone_of(cast.wang)
    upload(wang, GOOD)
    case = Case(phone_of, cast.wang, photos=[photo(NOON) | {"sha256": sha(GOOD)}])
    case.act(cast.feng, "accept")
    case.act(cast.feng, "assign", person=str(cast.wang))
    case.act(cast.wang, "report_done", photos=[photo(NOON - timedelta(days=1), lat=36.4)])
    page = desk_of(cast.feng).get(page_of(case)).text
    assert f'src="/console/photos/{sha(GOOD)}?size=thumb"' in page
    for said in ("整改前", "还没传上来", "时间或地点对不上", "拍摄早于交办"):  # bytes of the mended place come later
        assert said in page
    assert re.search(r"离问题 [\d]+ 米", page)
    spots = re.findall(r'"at": ?\[[\d.]+, ?[\d.]+\], "label": "[^"]*", "what": ?"(\w+)"', page)
    assert spots == ["before", "after", "hazard"]


def test_photos_are_seen_by_whoever_may_see_the_hazard(desk_of, cast, phone_of):
    upload(phone_of(cast.wang), GOOD)
    Case(phone_of, cast.wang, photos=[sha(GOOD)])
    feng = desk_of(cast.feng)
    shown = feng.get(f"/console/photos/{sha(GOOD)}?size=thumb")
    assert (shown.status_code, shown.mimetype, shown.headers["Vary"]) == (200, "image/jpeg", "Cookie")
    assert feng.get(f"/console/photos/{sha(GOOD)}").status_code == 200
    known = {"If-None-Match": shown.headers["ETag"]}
    assert feng.get(f"/console/photos/{sha(GOOD)}?size=thumb", headers=known).status_code == 304
    assert desk_of(cast.wu).get(f"/console/photos/{sha(GOOD)}").status_code == 404
    assert desk_of(None).get(f"/console/photos/{sha(GOOD)}").status_code == 302


def test_a_photo_is_handed_in_from_a_desk_with_when_and_where(desk_of, cast, case):
    case.act(cast.feng, "accept")
    case.act(cast.feng, "assign", person=str(cast.feng))
    desk = desk_of(cast.feng)
    desk.get(page_of(case))
    lon, lat = LINE.interpolate(0.1, normalized=True).coords[0]
    said = {"report_done-photos": (io.BytesIO(GOOD), "after.jpg", "image/jpeg")}
    fields = hidden(desk, "report_done") | {
        "report_done-taken_at": "2025-07-02T12:00",
        "report_done-taken_where": "没有",
    }
    refused = desk.submit(f"{page_of(case)}/acts", **fields, **said)
    assert refused.status_code == 422
    assert "位置写成" in refused.text
    desk.page = refused
    assert f'name="photo" value="{sha(GOOD)}"' in refused.text
    fields = hidden(desk, "report_done") | {"photo": sha(GOOD), "report_done-taken_at": "2025-07-02T12:00"}
    sent = desk.submit(f"{page_of(case)}/acts", **fields, **{"report_done-taken_where": f"{lon}, {lat}"})
    assert sent.status_code == 303, sent.text
    (done,) = case.seen_by(cast.feng).json["done_photos"]
    assert (done["sha256"], done["proves"]) == (sha(GOOD), True)


def test_what_is_no_picture_is_refused_beside_its_field(desk_of, cast, case):
    desk = desk_of(cast.feng)
    desk.get(page_of(case))
    said = {"comment-note": "看照片", "comment-photos": (io.BytesIO(b"GIF89a nothing"), "x.jpg", "image/jpeg")}
    page = desk.submit(f"{page_of(case)}/acts", **hidden(desk, "comment"), **said)
    assert page.status_code == 422
    assert 'id="e-comment-photos"' in page.text
    assert ">看照片</textarea>" in page.text


def test_a_stale_form_tells_what_changed_and_keeps_what_was_typed(desk_of, cast, case):
    case.act(cast.feng, "accept")
    desk = desk_of(cast.feng)
    desk.get(page_of(case))
    case.act(cast.sun, "comment", note="村里已经联系了清运公司")
    page = act(desk, case, "assign", unit="HOUSING", note="三日内清运")
    assert page.status_code == 412
    assert "别人已经处理过" in page.text
    assert "孙科员" in page.text
    assert "村里已经联系了清运公司" in page.text
    assert ">三日内清运</textarea>" in page.text
    assert 'value="HOUSING" selected' in page.text
    desk.page = page
    assert act(desk, case, "assign", unit="HOUSING", note="三日内清运").status_code == 303


def test_what_was_typed_is_still_there_when_the_act_is_not_possible_any_more(desk_of, cast, case):
    desk = desk_of(cast.feng)
    desk.get(page_of(case))
    fields = hidden(desk, "accept")
    case.act(cast.sun, "accept")
    page = desk.submit(f"{page_of(case)}/acts", **fields, **{"accept-note": "已电话核实"})
    assert page.status_code == 412
    assert "现在不能“受理”" in page.text
    assert "已电话核实" in page.text
    for number in ("9" * 5_000, "²", "no number"):
        assert desk.submit(f"{page_of(case)}/acts", **fields | {"facts": number}).status_code == 412, number[:10]


def test_an_act_that_ends_it_asks_again_with_its_name(desk_of, cast, case):
    desk = desk_of(cast.feng)
    page = desk.get(page_of(case)).text
    assert "确定不予受理“" in page
    page = act(desk, case, "reject", note="不在河道管理范围内")
    assert page.status_code == 422
    assert "请先勾选确认" in page.text
    assert "不在河道管理范围内" in page.text
    desk.page = page
    assert act(desk, case, "reject", note="不在河道管理范围内", sure=True).status_code == 303
    assert case.seen_by(cast.feng).json["state"] == "rejected"


def test_a_transfer_wants_the_password_again_when_it_was_typed_long_ago(desk_of, cast, case, clock):
    case.act(cast.feng, "accept")
    desk = desk_of(cast.feng)
    desk.get(page_of(case))
    fields = hidden(desk, "transfer") | {"transfer-post": "police_chief", "transfer-note": "涉嫌非法采砂", "sure": "1"}
    clock.now += timedelta(minutes=11)
    page = desk.submit(f"{page_of(case)}/acts", **fields)
    assert page.status_code == 422
    assert f"/console/prove?next=/console/hazards/{case.id}" in page.text
    assert "涉嫌非法采砂" in page.text
    clock.now -= timedelta(minutes=11)
    assert desk.submit(f"{page_of(case)}/acts", **fields).status_code == 303
    assert case.seen_by(cast.shen).json["handed_to"] == "police_chief"


def test_of_several_people_of_one_name_one_is_chosen(desk_of, cast, case):
    case.act(cast.feng, "accept")
    desk = desk_of(cast.feng)
    desk.get(page_of(case))
    page = act(desk, case, "assign", person="村长", note="请清运")
    assert page.status_code == 422
    assert "不止一位" in page.text
    assert f'value="{cast.chen}"' in page.text
    desk.page = page
    assert act(desk, case, "assign", person="村长", person_id=str(cast.chen), note="请清运").status_code == 303
    assert case.seen_by(cast.feng).json["assignee"]["name"] == "陈村长"
    desk.get(page_of(case))
    assert "没有叫“李白”的人" in act(desk, case, "assign", person="李白").text


def test_one_hazard_is_merged_into_one_near_by(desk_of, cast, case, phone_of):
    other = Case(phone_of, cast.chen, description="同一堆垃圾")
    desk = desk_of(cast.feng)
    page = desk.get(page_of(case)).text
    assert "附近同类问题" in page
    assert f'href="/console/hazards/{other.id}"' in page
    address = f"https://localhost/console/hazards/{other.id}?kept=1"
    assert act(desk, case, "merge", into=address, sure=True).status_code == 303
    assert case.seen_by(cast.feng).json["merged_into"] == str(other.id)
    assert f"/console/hazards/{other.id}" in desk.get(page_of(case)).text


def test_two_clerks_see_who_is_at_it(desk_of, cast, case, clock):
    feng, sun = desk_of(cast.feng), desk_of(cast.sun)
    feng.get(page_of(case))
    assert feng.submit(f"{page_of(case)}/claim").status_code == 303
    assert "您正在办" in feng.get(page_of(case)).text
    assert "冯科员正在办" in sun.get(page_of(case)).text
    assert sun.submit(f"{page_of(case)}/claim").status_code == 409
    piece = sun.get(f"{page_of(case)}/claim")
    assert "冯科员正在办" in piece.text
    assert "<html" not in piece.text
    assert sun.get(f"{page_of(case)}/claim", headers={"If-None-Match": piece.headers["ETag"]}).status_code == 304
    clock.now += timedelta(minutes=11)
    assert "我来办" in sun.get(page_of(case)).text
    clock.now -= timedelta(minutes=11)
    assert feng.submit(f"{page_of(case)}/claim", end="1").status_code == 303
    assert "我来办" in sun.get(page_of(case)).text


def test_the_evidence_package_is_taken_by_a_form_and_is_on_record(desk_of, cast, case):
    desk = desk_of(cast.feng)
    assert "下载证据包" in desk.get(page_of(case)).text
    taken = desk.submit(f"{page_of(case)}/evidence")
    assert (taken.status_code, taken.mimetype, taken.data[:2]) == (200, "application/zip", b"PK")
    taken.close()
    assert desk.get(f"{page_of(case)}/evidence").status_code == 404
    assert desk_of(cast.li).submit(f"{page_of(case)}/evidence").status_code == 403


def test_a_session_that_ends_in_a_half_written_form_leads_back_to_its_page(desk_of, cast, case, clock):
    desk = desk_of(cast.feng)
    assert desk.get(page_of(case)).headers["Referrer-Policy"] == "same-origin"
    assert f'data-draft="hazard-{case.id}-comment"' in desk.text
    fields = hidden(desk, "comment") | {"comment-note": "写了一半", "csrf": desk.csrf}
    clock.now += timedelta(minutes=31)
    comes_from = {"Referer": f"https://localhost{page_of(case)}"}
    sent = desk.client.post(f"{page_of(case)}/acts", data=fields, base_url="https://localhost", headers=comes_from)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/console/login?next={page_of(case)}")
    elsewhere = {"Referer": "https://evil.example//evil.example/"}
    sent = desk.client.post(f"{page_of(case)}/acts", data=fields, base_url="https://localhost", headers=elsewhere)
    assert sent.headers["Location"] == "/console/login"


def test_only_what_has_something_to_answer_is_offered(desk_of, cast, case):
    for step in ({"action": "accept"}, {"action": "assign", "unit": "HOUSING"}):
        action = step.pop("action")
        case.act(cast.feng, action, **step)
    desk = desk_of(cast.feng)
    page = desk.get(page_of(case)).text
    for unasked in ("grant_extension", "refuse_extension", "answer_coordination", "check_interim"):
        assert f'name="action" value="{unasked}"' not in page
    case.act(cast.yang, "ask_extension", until=(NOON + timedelta(days=30)).isoformat(), note="设备在路上")
    desk.get(page_of(case))
    assert act(desk, case, "add_interim", note="围栏加警示灯", every_h="24").status_code == 303
    page = desk.get(page_of(case)).text
    assert 'name="action" value="grant_extension"' in page
    assert "围栏加警示灯</option>" in page
    assert (
        act(desk, case, "check_interim", measure=re.findall(r'<option value="([0-9a-f-]{36})"', page)[-1]).status_code
        == 303
    )
    desk.get(page_of(case))
    assert act(desk, case, "grant_extension").status_code == 303


def test_a_hazard_of_a_phone_whose_clock_shows_the_end_of_time_can_still_be_handled(desk_of, cast, phone_of):
    odd = Case(phone_of, cast.wang, observed_at="9999-12-31T23:59:59Z")
    desk = desk_of(cast.feng)
    assert "9999" in desk.get(page_of(odd)).text
    assert act(desk, odd, "accept", severity="major").status_code == 303
    assert desk.get("/console/hazards/export.xlsx").status_code == 200


@pytest.mark.parametrize("version", ["1\r\nX-Other: 2", "版本", "*\x0b"])
def test_a_version_that_none_can_be_is_an_old_one(desk_of, cast, case, version):
    desk = desk_of(cast.feng)
    desk.get(page_of(case))
    sent = hidden(desk, "accept") | {"version": version, "facts": "1" * 5_000, "accept-note": "已核实"}
    refused = desk.submit(f"{page_of(case)}/acts", **sent)
    assert refused.status_code == 412
    assert "已核实" in refused.text


def test_voice_notes_are_played_on_its_page_and_only_there_may_anything_play(desk_of, cast, phone_of):
    case = Case(phone_of, cast.wang, recordings=[sha(WEBM), sha(OGG)])
    path = f"/api/v1/recordings/{sha(WEBM)}"
    assert phone_of(cast.wang).put(path, data=WEBM, content_type="audio/webm").status_code == 201
    desk = desk_of(cast.feng)
    page = desk.get(page_of(case))
    assert f'<audio controls preload="none" src="/console/recordings/{sha(WEBM)}"' in page.text
    assert "录音 2：还没传上来" in page.text
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    assert "media-src" not in desk.get("/console/hazards").headers["Content-Security-Policy"]
    played = desk.client.get(f"/console/recordings/{sha(WEBM)}", base_url=SITE, headers={"Range": "bytes=4-"})
    assert (played.status_code, played.data, played.mimetype) == (206, WEBM[4:], "audio/webm")
    beyond = desk.client.get(f"/console/recordings/{sha(WEBM)}", base_url=SITE, headers={"Range": "bytes=99999-"})
    assert beyond.status_code == 416
    for nothing in (sha(OGG), "..%2F..%2Fme", "x"):
        assert desk.get(f"/console/recordings/{nothing}").status_code == 404
    assert desk_of(cast.wu).get(f"/console/recordings/{sha(WEBM)}").status_code == 404

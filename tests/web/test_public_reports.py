"""What anybody reports from the bank: two forms without scripts, a code, and nobody's name on any page."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import func, select, update
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from backend.domain import puzzles
from backend.domain.public_reports import MOST_OF_REACH, PUBLIC
from backend.models.hazards import Hazard
from backend.models.photos import Photo
from backend.models.public_reports import PublicReport
from backend.services.gates import Gates
from backend.store import public_reports as store
from jobs import public_reports
from tests.api.hazard_cases import PLACE, Case
from tests.api.sign_cases import put_up
from tests.cast import NOON
from tests.pictures import GOOD, sha

HERE = {"kind": "four_illegal.dump", "lon": str(PLACE["lon"]), "lat": str(PLACE["lat"])}


def solve(puzzle: str) -> str:
    """What a phone's script does."""
    bits = int(puzzle.split(".")[1])
    return next(str(n) for n in count() if puzzles.zeros(f"{puzzle}:{n}") >= bits)


class Citizen:
    """Somebody with a cheap phone, at an address."""

    def __init__(self, app, address: str = "10.0.0.1") -> None:
        self.client, self.address = app.test_client(), address

    def get(self, path: str):
        return self.client.get(path, environ_overrides={"REMOTE_ADDR": self.address})

    def post(self, path: str, data, **rest):
        return self.client.post(path, data=data, environ_overrides={"REMOTE_ADDR": self.address}, **rest)

    def look(self, **said):
        return self.post("/report/look", HERE | said)

    def tell(self, *photos: bytes, is_solved: bool = True, **said):
        page = self.look(**{name: value for name, value in said.items() if name not in ("description", "phone")})
        form = dict(re.findall(r'name="(sign|kind|lon|lat|segment|where|puzzle)" value="([^"]*)"', page.text))
        answer = solve(form["puzzle"]) if is_solved else ""
        files = [FileStorage(io.BytesIO(each), f"{place}.jpg") for place, each in enumerate(photos)]
        # Encoded here: the client would leave a large body in a file that it does not close.
        boundary, body = encode_multipart(MultiDict(form | {"answer": answer} | said | {"photos": files}))
        return self.post("/report", body, content_type=f"multipart/form-data; boundary={boundary}")


@pytest.fixture
def citizen(app):
    return Citizen(app)


def hazards_of(session):
    return session.scalar(select(func.count()).select_from(Hazard).where(Hazard.reporter_id == PUBLIC.person_id))


def test_a_report_with_a_photo_is_a_case_on_the_nearest_reach_and_its_code_leads_back_to_it(
    citizen, session, cast, phone_of, keyring
):
    start = citizen.get("/report")
    assert start.status_code == 200
    assert "倒垃圾" in start.text
    assert "unsafe" not in start.headers["Content-Security-Policy"]
    told = citizen.tell(GOOD, description="桥下一大堆，问 13800001234", phone="138 0000 1234")
    assert told.status_code == 303, told.text
    page = citizen.get(told.location)
    assert "已收到" in page.text
    assert "徒骇河" in page.text
    for kept in ("桥下一大堆", "1234", "王村长", "公众"):
        assert kept not in page.text

    hazard = session.scalars(select(Hazard)).one()
    kept = session.scalars(select(PublicReport)).one()
    assert (hazard.id, hazard.state, hazard.severity) == (kept.hazard_id, "reported", "ordinary")
    assert keyring.open(kept.phone_sealed) == "+8613800001234"
    assert b"138" not in kept.phone_sealed
    seen = phone_of(cast.feng).get(f"/api/v1/hazards/{hazard.id}").json
    assert (seen["source"], seen["reporter"]["name"], seen["segment"]["code"]) == ("public", "公众", "TUHAI-371502-001")
    assert seen["photos"] == [{"sha256": sha(GOOD), "state": "stored"}]
    assert seen["timeline"][0]["sentence"].startswith("公众举报")
    assert phone_of(cast.feng).get(f"/api/v1/photos/{sha(GOOD)}?size=thumb").status_code == 200
    assert phone_of(cast.wu).get(f"/api/v1/photos/{sha(GOOD)}?size=thumb").status_code == 404
    reveal = f"/api/v1/hazards/{hazard.id}/phone-reveal"
    assert phone_of(cast.wang).post(reveal, json={"reason": "问地点"}).status_code == 403
    assert phone_of(cast.wu).post(reveal, json={"reason": "问地点"}).status_code == 404
    assert phone_of(cast.feng).post(reveal, json={"reason": "问地点"}).json == {"phones": ["+8613800001234"]}
    # Typed as it is read out; and a slip of one letter is no code of somebody else's.
    code = told.location.rpartition("/")[2].partition("?")[0]
    assert citizen.get(f"/report/{code[:5].upper()}-{code[5:]}").status_code == 200
    assert citizen.get(f"/report/{code[:-1]}{'2' if code[-1] != '2' else '3'}").status_code == 404
    assert citizen.get(f"/report/find?code={code[:5]}+{code[5:]}").location.startswith(f"/report/{code}")


def test_a_number_is_sealed_anew_with_newer_keys(citizen, session, keyring):
    assert citizen.tell(phone="138 0000 1234").status_code == 303
    newer = keyring.rotated()
    ((report_id, sealed),) = store.sealed_phones(session, None, 10)
    store.seal_anew(session, report_id, b"forgotten meanwhile", b"too late")
    store.seal_anew(session, report_id, sealed, newer.seal(newer.open(sealed)))
    ((_, anew),) = store.sealed_phones(session, None, 10)
    assert (newer.is_current(anew), newer.open(anew)) == (True, "+8613800001234")
    assert store.sealed_phones(session, report_id, 10) == []


def test_from_a_board_the_place_is_known_and_without_one_a_name_will_do(citizen, session, cast, phone_of):
    board = put_up(phone_of(cast.sun))
    token = board["page"].rpartition("/")[2]
    assert f"/report?sign={token}" in citizen.get(f"/s/{token}").text
    assert "兴华桥头" in citizen.get(f"/report?sign={token}").text
    assert citizen.tell(sign=token, lon="", lat="").status_code == 303
    page = citizen.look(lon="", lat="", where="徒骇河 兴华村")
    assert "徒骇河兴华村段" in page.text
    assert "是这个吗" in page.text
    several = citizen.look(lon="", lat="", where="徒骇河")
    assert several.status_code == 422
    assert several.text.count('name="segment"') > 1
    assert citizen.tell(lon="", lat="", where="徒骇河", segment="TUHAI-371502-002").status_code == 303
    for wrong in ({"where": "扬子江"}, {"where": ""}, {"lon": "NaN", "lat": "36"}, {"lon": "2.35", "lat": "48.85"}):
        assert citizen.look(**({"lon": "", "lat": ""} | wrong)).status_code in (404, 422)
    places = session.execute(select(Hazard.lon, Hazard.chainage_m).order_by(Hazard.seq)).all()
    assert places[0].lon is not None
    assert tuple(places[1]) == (None, None)


def test_what_is_known_nearby_is_offered_first_and_one_tap_joins_it(citizen, session, cast, phone_of, app):
    case = Case(phone_of, cast.wang, description="王某家门口")
    page = Citizen(app, "10.0.0.2").look()
    assert "是这个吗" in page.text
    assert "王某" not in page.text
    puzzle, known = (re.findall(rf'name="{name}" value="([^"]*)"', page.text)[0] for name in ("puzzle", "case"))
    assert known == str(case.id)
    form = HERE | {"puzzle": puzzle, "answer": solve(puzzle), "case": known}
    joined = citizen.post("/report/join", form)
    assert joined.status_code == 303
    assert citizen.post("/report/join", form).location == joined.location
    case.act(cast.feng, "accept")
    page = citizen.get(joined.location).text
    assert "已受理" in page
    assert "<dd>2025年7月2日</dd>" in page
    assert "<dt>同一个问题</dt><dd>别人先报过，您也看到了</dd>" in page
    assert "收到照片" not in page
    assert hazards_of(session) == 0
    assert citizen.post("/report/join", form | {"case": str(cast.wang), "kind": "water.drift"}).status_code == 409


def test_whoever_follows_a_case_learns_that_the_photos_came_and_sees_neither_them_nor_the_words(
    citizen, session, cast, phone_of
):
    told = citizen.tell(GOOD, description="王某家门口")
    hazard = session.scalars(select(Hazard)).one()
    feng = phone_of(cast.feng)
    etag = feng.get(f"/api/v1/hazards/{hazard.id}").headers["ETag"]
    act = {"id": str(cast.feng), "action": "accept", "note": "已核实", "photos": [{"sha256": "b" * 64}]}
    accepted = feng.post(f"/api/v1/hazards/{hazard.id}/actions", json=act, headers={"If-Match": etag})
    assert accepted.status_code == 200, accepted.text
    page = citizen.get(told.location).text
    assert "<dt>照片</dt><dd>收到照片 1 张</dd>" in page
    for kept in ("王某", sha(GOOD), "<img"):
        assert kept not in page
    assert "<dd>没有照片</dd>" in citizen.get(citizen.tell(kind="water.drift").location).text


def test_a_refused_one_says_why_and_28_days_after_closing_its_citizen_is_asked(citizen, session, cast, phone_of, clock):
    refused = citizen.tell(kind="water.drift")
    hazard = session.scalars(select(Hazard)).one()
    feng = phone_of(cast.feng)
    etag = feng.get(f"/api/v1/hazards/{hazard.id}").headers["ETag"]
    act = {"id": str(cast.feng), "action": "reject", "note": "是水草，问 13912345678"}
    answer = feng.post(f"/api/v1/hazards/{hazard.id}/actions", json=act, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text
    page = citizen.get(refused.location).text
    assert "不予受理" in page
    assert "是水草，问 ****" in page

    told = citizen.tell()
    case = session.scalars(select(Hazard).where(Hazard.state == "reported")).one()
    session.execute(update(Hazard).where(Hazard.id == case.id).values(state="closed", closed_at=NOON))
    address = told.location.partition("?")[0]
    assert "满意吗" not in citizen.get(address).text
    assert citizen.post(f"{address}/answer", {"satisfied": "no"}).status_code == 409
    clock.now = NOON + timedelta(days=28)
    assert "满意吗" in citizen.get(address).text
    assert citizen.post(f"{address}/answer", {"satisfied": "no"}).status_code == 303
    assert "不满意" in citizen.get(address).text
    assert citizen.post(f"{address}/answer", {"satisfied": "yes"}).status_code == 409
    told_of = phone_of(cast.feng).get(f"/api/v1/hazards/{case.id}").json["timeline"][-1]
    session.execute(update(PublicReport).values(phone_sealed=b"k1:"))
    assert public_reports.run(session, now=NOON + timedelta(days=91)) == 2
    assert (told_of["sentence"], told_of["body"]) == ("举报人说：不满意，问题还在", {"satisfied": False})


@pytest.mark.parametrize(
    ("said", "photos", "status", "words"),
    [
        ({"phone": "12"}, [], 422, "不是电话号码"),
        ({"description": "长" * 501}, [], 422, "长度"),
        ({}, [b"no image"], 422, "不是"),
        ({}, [GOOD, GOOD, GOOD, GOOD], 422, "最多3张"),
        ({"puzzle": "x"}, [], 422, "打开太久"),
        ({}, [GOOD + b"\x00" * (6 * 1024 * 1024)], 413, "收不下"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed_and_nothing_is_kept(
    citizen, session, app, said, photos, status, words
):
    answer = citizen.tell(*photos, **({"description": "桥下"} | said))
    assert answer.status_code == status
    assert words in answer.text
    assert session.scalars(select(Photo)).all() == session.scalars(select(Hazard)).all() == []
    assert list(app.extensions["hezhang"].photos.digests()) == []


def test_a_puzzle_is_good_for_one_report_and_a_flood_leaves_neither_rows_nor_photos(citizen, session, app, clock):
    house = app.extensions["hezhang"]
    first = citizen.tell(GOOD)
    for number in range(MOST_OF_REACH - 1):
        assert Citizen(app, f"10.1.0.{number}").tell().status_code == 303
    # The reach is full for everybody, the photo of what is refused is not kept.
    other = GOOD + b"\x00"
    full = Citizen(app, "10.2.0.1").tell(other)
    assert full.status_code == 429
    assert int(full.headers["Retry-After"]) > 0
    assert "没有收下" in full.text
    assert list(house.photos.digests()) == [hashlib.sha256(GOOD).digest()]
    assert hazards_of(session) == MOST_OF_REACH
    assert citizen.get(first.location).status_code == 200
    # From one address no more than a bucketful comes through, however hard it counts.
    object.__setattr__(house, "gates", Gates())
    flood = [Citizen(app, "10.3.0.1").post("/report", HERE).status_code for _ in range(30)]
    assert flood[-1] == 429
    assert flood.count(429) >= 20
    # Without counting there is a narrow door for all addresses together.
    object.__setattr__(house, "gates", Gates())
    clock.now += timedelta(hours=2)
    slow = [Citizen(app, f"10.4.0.{number}").tell(is_solved=False).status_code for number in range(12)]
    assert slow == [303] * 10 + [429] * 2


def test_whoever_tries_codes_is_slowed_down(citizen, app):
    tries = [citizen.get(f"/report/{number:010d}").status_code for number in range(25)]
    assert (tries[0], tries[-1]) == (404, 429)
    assert Citizen(app, "10.9.9.9").get("/s/abcdefgh").status_code == 404
    assert citizen.get("/s/abcdefgh").status_code == 429

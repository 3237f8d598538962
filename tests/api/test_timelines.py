"""The timeline of a hazard over HTTP, and its case file, which whoever gets it can check without us."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend import append_only
from backend.cli import main
from backend.formats import verifier
from backend.services import erasing
from jobs import escalation, proofs, seals
from jobs.runner import House
from tests.api.hazard_cases import PLACE, Case
from tests.cast import NOON
from tests.makers import upload
from tests.pictures import GOOD, sha

PICTURE = {"sha256": sha(GOOD), "at": NOON.isoformat(), "location": PLACE}


@pytest.fixture
def heap(phone_of, cast) -> Case:
    case = Case(phone_of, cast.wang, photos=[PICTURE, {"sha256": "c" * 64}])
    upload(phone_of(cast.wang), GOOD)
    case.act(cast.feng, "accept", note="已核实")
    return case


def package(case: Case, phone) -> zipfile.ZipFile:
    answer = phone.get(f"/api/v1/hazards/{case.id}/evidence.zip")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    content = answer.data
    answer.close()
    return zipfile.ZipFile(io.BytesIO(content))


def test_its_page_tells_what_happened_and_its_receipt_names_the_end_of_the_chain(heap, cast):
    told = heap.seen_by(cast.sun).json
    report, accepted = told["timeline"]
    assert (report["number"], report["act"], report["by"]["name"]) == (1, "report", "王村长")
    assert report["said"] == {"description": "桥下有一堆建筑垃圾"}
    assert report["body"]["photos"][0]["sha256"] == sha(GOOD)
    assert accepted["sentence"] == "冯科员：受理，期限至 2025-07-03 24:00"
    assert (accepted["said"], accepted["body"]["state"]) == ({"note": "已核实"}, ["reported", "accepted"])
    assert told["receipt"]["chain_hash"] == accepted["hash"]
    assert heap.answer.json["receipt"]["chain_hash"] == report["hash"]


def test_an_act_handed_in_again_is_no_second_fact(heap, cast):
    etag = heap.seen_by(cast.feng).headers["ETag"]
    act = {"id": "0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c77", "note": "一"}
    for _ in range(2):
        assert heap.act(cast.feng, "comment", etag=etag, **act).status_code == 200
    assert [each["act"] for each in heap.seen_by(cast.feng).json["timeline"]] == ["report", "accept", "comment"]


def test_a_long_timeline_has_pages_and_the_page_of_the_hazard_its_end(heap, cast, phone_of, monkeypatch):
    monkeypatch.setattr("backend.api.hazards.SHOWN", 2)
    for number in range(3):
        heap.act(cast.feng, "comment", note=str(number))
    first = phone_of(cast.sun).get(f"/api/v1/hazards/{heap.id}/timeline", query_string={"limit": 3}).json
    rest = phone_of(cast.sun).get(first["next"]).json
    assert [each["number"] for each in first["items"] + rest["items"]] == [1, 2, 3, 4, 5]
    assert rest["next"] is None
    assert phone_of(cast.wu).get(f"/api/v1/hazards/{heap.id}/timeline").status_code == 404
    english = phone_of(cast.sun).get(f"/api/v1/hazards/{heap.id}/timeline", headers={"Accept-Language": "en"}).json
    assert english["items"][0]["sentence"].startswith("王村长: Reported, due ")


def test_the_case_file_is_checked_without_us(heap, cast, phone_of, house, tmp_path, clock):
    seals.run(house, now=clock.now)
    escalation.run(house, now=NOON.replace(month=8))
    with package(heap, phone_of(cast.sun)) as packed:
        packed.extractall(tmp_path / "case")
        assert "  桥下有一堆建筑垃圾" in packed.read("case.txt").decode()
    # In another process, in isolated mode: nothing of ours is on its path.
    command = [sys.executable, "-I", "verify.py", ".", "--seals", str(house.settings.seals_file)]
    ran = subprocess.run(command, cwd=tmp_path / "case", capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    if house.database.dialect == "sqlite":  # PostgreSQL seals only what is committed
        assert "sealed: 2 of 4" in ran.stdout
    assert "photos that never arrived: 1" in ran.stdout
    (photo,) = (tmp_path / "case" / "photos").iterdir()
    assert photo.read_bytes() == GOOD


def test_each_taking_of_it_is_on_record(heap, cast, phone_of):
    package(heap, phone_of(cast.feng))
    last = heap.seen_by(cast.sun).json["timeline"][-1]
    assert (last["act"], last["by"]["name"], last["sentence"]) == ("take_evidence", "冯科员", "冯科员：调取证据包")


def test_only_offices_take_it_and_the_law_what_was_handed_over(heap, cast, phone_of):
    path = f"/api/v1/hazards/{heap.id}/evidence.zip"
    assert phone_of(cast.wang).get(path).status_code == 403
    assert phone_of(cast.zhao).get(path).status_code == 403
    assert phone_of(cast.shen).get(path).status_code == 404
    assert phone_of(cast.wu).get(path).status_code == 403
    heap.act(cast.feng, "transfer", post="police_chief", note="涉嫌犯罪")
    package(heap, phone_of(cast.shen)).close()
    assert phone_of(cast.han).get(path).status_code == 404
    heap.act(cast.shen, "hand_back", note="不予立案")
    assert phone_of(cast.shen).get(path).status_code == 404


def test_what_was_erased_is_gone_and_its_chain_still_adds_up(heap, cast, phone_of, session, tmp_path, clock):
    assert erasing.erase_hazard(session, heap.id, reason="本人申请", now=clock.now) == 2
    assert erasing.erase_hazard(session, cast.wang, reason="本人申请", now=clock.now) is None
    told = heap.seen_by(cast.sun).json
    assert told["description"] == ""
    assert [each["said"] for each in told["timeline"]] == [{"description": None}, {"note": None}, {}]
    assert told["timeline"][-1]["body"] == {"count": 2, "reason": "本人申请"}
    with package(heap, phone_of(cast.sun)) as packed:
        packed.extractall(tmp_path / "case")
    assert "桥下有一堆建筑垃圾" not in (tmp_path / "case" / "case.txt").read_text("utf-8")
    assert verifier.main([str(tmp_path / "case")]) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fact SET act = 'close'",
        "DELETE FROM fact",
        "UPDATE fact_secret SET value = 'x'",
        "UPDATE seal SET facts = 0",
        "DELETE FROM seal",
        "UPDATE seal_leaf SET number = 9",
        "DELETE FROM seal_leaf",
    ],
)
def test_the_database_alters_no_fact_and_no_seal(lasting, settings, statement):
    Case(lasting.phone_of, lasting.cast.wang)
    seals.run(house_of(lasting, settings), now=NOON)
    with (
        pytest.raises(DBAPIError, match=r"stay as they were written|permission denied"),
        lasting.database.transaction() as session,
    ):
        session.execute(text(statement))


@pytest.mark.only_on("postgis")
def test_not_even_all_of_them_at_once(backend_name, lasting):
    with pytest.raises(DBAPIError, match="stay as they were"), lasting.database.transaction() as session:
        session.execute(text("TRUNCATE fact"))


def house_of(lasting, settings) -> House:
    return House(settings, lasting.database, lasting.app.extensions["hezhang"].photos)


def test_a_seal_covers_what_has_happened_since_the_last_and_the_file_has_each(lasting, settings):
    house = house_of(lasting, settings)
    heap = Case(lasting.phone_of, lasting.cast.wang)
    assert seals.run(house, now=NOON) == 1
    assert seals.run(house, now=NOON) == 0
    heap.act(lasting.cast.feng, "accept")
    Case(lasting.phone_of, lasting.cast.chen)
    assert seals.run(house, now=NOON) == 1
    with settings.seals_file.open("ab") as file:
        file.write(b'{"torn')  # a crash in mid-line
    heap.act(lasting.cast.feng, "comment", note="再看")
    assert seals.run(house, now=NOON) == 1
    assert len(settings.seals_file.read_bytes().splitlines()) == 3
    assert settings.seals_file.stat().st_mode & 0o077 == 0
    verified(settings, lasting, "2 条时间线、4 条记录、3 个封印，其中 3 个")


def verified(settings, lasting, said: str, *words: str, code: int = 0) -> None:
    url = lasting.database.engine.url.render_as_string(hide_password=False)
    env = {"HEZHANG_DATA": str(settings.home), "DATABASE_URL": url, "LANG": "zh_CN.UTF-8"}
    ran = CliRunner().invoke(main, ["verify", *words], env=env)
    assert (ran.exit_code, said in ran.output) == (code, True), ran.output


def test_seals_that_were_handed_out_tell_of_a_timeline_cut_short(lasting, settings, tmp_path: Path):
    house = house_of(lasting, settings)
    Case(lasting.phone_of, lasting.cast.wang)
    seals.run(house, now=NOON)
    outside = tmp_path / "outside.jsonl"
    outside.write_bytes(settings.seals_file.read_bytes().replace(b"facts", b"fakes"))
    verified(settings, lasting, "seal 第 1 条：与封印文件不符", "--seals", str(outside), code=1)
    verified(settings, lasting, "全部一致")


def test_timelines_and_seals_go_on_after_a_restore(lasting, settings, tmp_path: Path):
    house = house_of(lasting, settings)
    heap = Case(lasting.phone_of, lasting.cast.wang)
    seals.run(house, now=NOON)
    heap.act(lasting.cast.feng, "accept", note="已核实")  # after the last seal
    file = str(tmp_path / "all.hezhang")
    run(settings, lasting, "backup", file)
    run(settings, lasting, "restore", file, "--replace")
    heap.act(lasting.cast.feng, "comment", note="再看")
    assert seals.run(house, now=NOON) == 1
    verified(settings, lasting, "1 条时间线、3 条记录、2 个封印，其中 2 个")


def run(settings, lasting, *words: str) -> None:
    url = lasting.database.engine.url.render_as_string(hide_password=False)
    ran = CliRunner().invoke(main, list(words), env={"HEZHANG_DATA": str(settings.home), "DATABASE_URL": url})
    assert ran.exit_code == 0, ran.output


def test_a_timeline_that_somebody_altered_is_an_alarm_the_next_night(lasting, settings):
    house = house_of(lasting, settings)
    Case(lasting.phone_of, lasting.cast.wang)
    seals.run(house, now=NOON)
    assert proofs.run(house, now=NOON) == 1
    with lasting.database.transaction() as session:
        append_only.open_up(session.connection().execute, lasting.database.dialect)
        session.execute(text("UPDATE fact SET act = 'close'"))
    proofs.run(house, now=NOON)
    (alarm,) = lasting.phone_of(lasting.cast.jin).get("/api/v1/alarms").json["items"]
    assert alarm["kind"] == "broken_chain"
    assert "第 1 条起对不上" in alarm["sentence"]


def test_a_package_without_its_seals_is_refused_where_seals_were_handed_out(lasting, settings, tmp_path: Path):
    house = house_of(lasting, settings)
    heap = Case(lasting.phone_of, lasting.cast.wang)
    seals.run(house, now=NOON + timedelta(minutes=5))
    lasting.clock.now += timedelta(minutes=10)
    with package(heap, lasting.phone_of(lasting.cast.sun)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    published = settings.seals_file.read_bytes().splitlines()
    verifier.check(list(files), files.__getitem__, published)
    manifest = json.loads(files["manifest.json"])
    for name, empty in (("seals.jsonl", "not sealed"), ("personal.jsonl", "no erasure")):
        spoilt = files | {name: b""}
        said = manifest | {"files": manifest["files"] | {name: hashlib.sha256(b"").hexdigest()}}
        spoilt["manifest.json"] = json.dumps(said).encode()
        spoilt["manifest.sha256"] = hashlib.sha256(spoilt["manifest.json"]).hexdigest().encode()
        with pytest.raises(verifier.Wrong, match=empty):
            verifier.check(list(spoilt), spoilt.__getitem__, published)
    with pytest.raises(verifier.Wrong, match="one name"):
        verifier.check([*files, "case.txt"], files.__getitem__, published)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE hazard SET state = 'accepted'",
        "UPDATE hazard SET description = 'nothing'",
        "DELETE FROM hazard",
        "INSERT INTO fact_secret (thing_id, number, name, salt, value) SELECT id, 1, 'note', '1', 'x' FROM hazard",
    ],
)
def test_a_row_that_says_otherwise_than_its_facts_is_found(lasting, settings, statement):
    Case(lasting.phone_of, lasting.cast.wang)
    verified(settings, lasting, "全部一致")
    with lasting.database.transaction() as session:
        session.execute(text("DELETE FROM change"))
        session.execute(text(statement))
    verified(settings, lasting, " 条：", code=1)


def test_after_a_restore_a_new_file_of_seals_is_begun_and_the_old_one_kept(lasting, settings, tmp_path: Path):
    house = house_of(lasting, settings)
    heap = Case(lasting.phone_of, lasting.cast.wang)
    seals.run(house, now=NOON)
    run(settings, lasting, "backup", str(tmp_path / "all.hezhang"))
    heap.act(lasting.cast.feng, "accept")
    seals.run(house, now=NOON)
    run(settings, lasting, "restore", str(tmp_path / "all.hezhang"), "--replace")
    heap.act(lasting.cast.feng, "comment", note="恢复以后")
    seals.run(house, now=NOON)
    verified(settings, lasting, "1 条时间线、2 条记录、2 个封印，其中 2 个")
    (kept,) = settings.home.glob("seals-until-*.jsonl")
    assert len(kept.read_bytes().splitlines()) == 2

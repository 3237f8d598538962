"""Sand is taken from the river by night: handed over to the police, who check the case file without us, and back."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import timedelta

from jobs import seals
from jobs.runner import House
from tests.api.hazard_cases import PLACE, Case
from tests.cast import NOON
from tests.makers import upload
from tests.pictures import GOOD, sha


def test_sand_is_taken_handed_over_to_the_police_and_given_back(lasting, settings, tmp_path):
    phone_of, cast, clock = lasting.phone_of, lasting.cast, lasting.clock
    house = House(settings, lasting.database, lasting.app.extensions["hezhang"].photos)

    # He, the warden, photographs a pump barge at dusk; the bureau accepts it and hands it to the police.
    picture = {"sha256": sha(GOOD), "at": NOON.isoformat(), "location": PLACE}
    said = {"kind": "four_illegal.mine", "severity": "major", "description": "夜间有船抽砂"}
    barge = Case(phone_of, cast.he, photos=[picture], **said)
    upload(phone_of(cast.he), GOOD)
    neighbour = Case(phone_of, cast.wang, **said)
    barge.act(cast.feng, "accept")
    seals.run(house, now=clock.now)
    path = f"/api/v1/hazards/{barge.id}"
    assert phone_of(cast.shen).get(path).status_code == 404
    handed = barge.act(cast.feng, "transfer", post="police_chief", note="涉嫌非法采矿")
    assert handed.json["handed_to"] == "police_chief"

    # The police chief sees this case and nothing else of the river.
    clock.now += timedelta(hours=2)
    seals.run(house, now=clock.now)
    listed = phone_of(cast.shen).get("/api/v1/hazards").json["items"]
    assert [each["id"] for each in listed] == [str(barge.id)]
    assert phone_of(cast.shen).get(f"/api/v1/hazards/{neighbour.id}").status_code == 404
    assert phone_of(cast.shen).get(path).json["similar"] == []
    assert phone_of(cast.han).get(path).status_code == 404

    # They take the case file away, and check it on a machine of their own against the seals that were handed out.
    answer = phone_of(cast.shen).get(f"{path}/evidence.zip")
    (tmp_path / "case.zip").write_bytes(answer.data)
    answer.close()
    with zipfile.ZipFile(tmp_path / "case.zip") as packed:
        packed.extract("verify.py", tmp_path)
        assert packed.read(f"photos/{sha(GOOD)}.jpg") == GOOD
    checked = run(tmp_path, "case.zip", "--seals", str(settings.seals_file))
    assert (checked.returncode, "sealed: 3 of 4" in checked.stdout) == (0, True), checked.stdout

    # Somebody on the way exchanges the photo: the file says so.
    spoil(tmp_path / "case.zip", tmp_path / "spoilt.zip", f"photos/{sha(GOOD)}.jpg")
    spoilt = run(tmp_path, "spoilt.zip")
    assert (spoilt.returncode, f"photos/{sha(GOOD)}.jpg" in spoilt.stdout) == (1, True)

    # They bring no charge and hand it back; it is the bureau's again, and the police see it no longer.
    back = barge.act(cast.shen, "hand_back", note="证据不足，建议行政处罚")
    assert back.status_code == 200
    assert phone_of(cast.shen).get(path).status_code == 404
    told = barge.seen_by(cast.feng).json
    acts = [each["act"] for each in told["timeline"]]
    assert acts == ["report", "accept", "transfer", "take_evidence", "hand_back"]
    assert (told["handed_to"], told["state"]) == (None, "accepted")


def run(folder, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "verify.py", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def spoil(source, target, name: str) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.namelist():
            new.writestr(member, old.read(member) + (b"\0" if member == name else b""))

"""A drill is under way when the water really comes: nothing of one crosses into the other."""

from __future__ import annotations

from backend.models.people import Absence
from tests.api.drill_cases import OF_STAFF, drill_list, told
from tests.api.warning_cases import WARNINGS
from tests.cast import LONG_AGO, NEXT_TOWN, TOWN
from tests.makers import new_id


def test_nothing_crosses_in_either_direction(night, cast, session):
    # Li is on the list and away; Tang, who acts for him, is not.
    session.add(Absence(id=new_id(), person_id=cast.li, substitute_id=cast.tang, from_day=LONG_AGO))
    list_id = drill_list(night, [cast.wang, cast.li])
    night.keys = {cast.chen: "2"}
    drill = night.red(drill=True, drill_list=list_id, headline="防汛叫应演练")
    night.at(3)
    real = night.red(regions=[TOWN, NEXT_TOWN])
    night.at(40)
    officer = night.phone_of(cast.deng)
    for warning, text in ((drill, "演练结束"), (real, "水位已退，解除预警")):
        assert officer.post(f"{WARNINGS}/{warning}/all-clear", json={"text": text}).status_code == 200
    night.tick()

    drilled = {who for who, keys in told(session, drill=True).items() if set(keys) - set(OF_STAFF)}
    assert drilled == {cast.wang, cast.li}
    meant = {who for who, keys in told(session, drill=False).items() if set(keys) - {"drill_asked"}}
    assert {cast.wang, cast.chen, cast.tang} <= meant
    assert cast.sun in meant  # the county's duty heard of Wang's silence in earnest, and of none in the drill
    assert set(night.roll(drill)) == {"wang", "li"}
    assert set(night.roll(real)) == {"wang", "chen", "li", "tang"}

    texts = [letter.text for letter in night.sms.sent]
    of_drill = [text for text in texts if "YL2025-0001" in text]
    of_real = [text for text in texts if "YJ2025-0001" in text]
    assert all(text.startswith("【演练】") for text in of_drill)
    assert not any("演练" in text for text in of_real)
    assert len(of_drill) > 3
    assert len(of_real) > 3
    assert [each["id"] for each in officer.get(f"{WARNINGS}?drill=false").json["items"]] == [real]

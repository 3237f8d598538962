"""After an act its page says by name what was done, not only that it was kept."""

from __future__ import annotations

import re

from tests.api.warning_cases import Night
from tests.web.warning_desks import drafted


def test_after_an_act_on_a_warning_its_page_names_it(proven, night: Night):
    deng = proven(night.cast.deng)
    address = drafted(deng)
    number = deng.get(f"{address}/issue").text
    found = re.search(r"\w*2025-\d+", number)
    assert found is not None
    asked = deng.submit(f"{address}/issue", number=found[0]).headers["Location"]
    assert "已要求发布，等会签。" in deng.get(asked).text
    assert "已保存。" in deng.get(f"{address}?kept=1").text
    for made_up in ("warnings.act.nothing", "console.kept", "console.did.nothing", "<b>"):
        page = deng.get(f"{address}?kept={made_up}").text
        assert "已保存。" in page
        assert "<b>。" not in page
    signed = proven(night.cast.qian)
    signed.get(f"{address}/sign")
    done = signed.submit(f"{address}/sign").headers["Location"]
    assert "已会签。" in signed.get(done).text
    assert "演练" not in signed.get(done).text.partition("<main")[2]

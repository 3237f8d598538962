"""What a text message of a call-out says within one segment."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backend.domain.callout_texts import SEGMENT, beginning, length, marked, shortened, sms_text, unmarked

LINK = "https://hz.example.cn/a/Ab3dE6gH9k"
OFFICE = len("【河长办】")


def test_where_it_fits_it_is_spelled_out():
    assert sms_text("徒骇河红色预警", "0712", 1, LINK, 0, False) == (
        f"徒骇河红色预警（预警编号0712，第1次）请点此回复：{LINK}"
    )
    assert sms_text("徒骇河红色预警", "0712", 2, None, OFFICE, False) == (
        "徒骇河红色预警（预警编号0712，第2次）请登录系统回复。"
    )


def test_where_it_does_not_fit_the_headline_ends_early_and_everything_else_is_whole():
    headline = "徒骇河聊城段今夜有大暴雨到特大暴雨，请立即组织上堤巡查并转移低洼处人员"
    found = sms_text(headline, "20250712", 3, LINK, OFFICE, True)
    assert found == f"【演练】徒骇河聊城段今夜有大暴雨…（20250712号第3次）{LINK}"
    assert length(found) + OFFICE == SEGMENT


def test_a_drill_says_so_first_and_once():
    assert sms_text("【演练】河水上涨", "7", 1, None, 0, True).count("【演练】") == 1
    assert sms_text("[DRILL] The river rises", "7", 1, None, 0, True, "en").startswith("[DRILL] The river rises (")
    assert marked("（第2次发送）【演练】河水上涨", "zh-CN") == "【演练】（第2次发送）河水上涨"
    assert unmarked("河水上涨", "zh-CN") == "河水上涨"


def test_a_link_that_leaves_no_room_takes_a_second_segment():
    found = sms_text("河水上涨请立即上堤", "7", 1, "https://" + "x" * 60, 0, False)
    assert found.startswith("河水上涨请…（7号第1次）https://")


def test_what_fits_is_its_own_beginning():
    assert beginning("徒骇河", 3) == "徒骇河"


def test_a_picture_is_not_cut_in_two():
    assert shortened("🌊" * 5, 6) == "🌊🌊…"
    assert shortened("🌊" * 3, 6) == "🌊" * 3


@given(
    st.text("汛水河雨🌊a", min_size=1, max_size=200),
    st.text("0123456789-", min_size=1, max_size=9),
    st.integers(1, 99),
    st.none() | st.just(LINK),
    st.integers(0, 6),
    st.booleans(),
)
def test_it_is_one_segment_with_number_repetition_and_link(headline, number, nth, link, before, is_drill):
    found = sms_text(headline, number, nth, link, before, is_drill)
    assert length(found) + before <= SEGMENT
    assert number in found
    assert f"第{nth}次" in found
    assert link is None or found.endswith(link)
    assert found.startswith("【演练】") is is_drill

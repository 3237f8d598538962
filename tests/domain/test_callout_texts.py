"""What a text message of a call-out says within one segment."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backend.domain.callout_texts import SEGMENT, beginning, length, marked, shortened, sms_text, unmarked

LINK = "https://hz.example.cn/a/ab3de6gh9kab3de6"
OFFICE = len("【河长办】")


def test_where_it_fits_it_is_spelled_out():
    assert (
        sms_text("红色预警：上堤", "YJ-7", 1, LINK, 0, False)
        == f"红色预警：上堤（预警编号YJ-7，第1次）请点此回复：{LINK}"
    )
    assert sms_text("红色预警：徒骇河超警戒", "YJ2025-0712", 2, None, OFFICE, False) == (
        "红色预警：徒骇河超警戒（预警编号YJ2025-0712，第2次）请登录系统回复。"
    )


def test_where_it_does_not_fit_the_number_is_short_and_what_and_where_are_said():
    headline = "红色预警：东昌府区暴雨"
    assert sms_text(headline, "YJ2025-0712", 1, LINK, OFFICE, False) == f"{headline}（0712号）{LINK}"
    assert sms_text(headline, "YJ2025-0712", 3, LINK, OFFICE, False) == f"{headline}（0712号第3次）{LINK}"
    assert sms_text("红色预警：上堤", "YJ2025-0712", 1, LINK, OFFICE, False) == (
        f"红色预警：上堤（YJ2025-0712号第1次）{LINK}"
    )


def test_a_long_headline_ends_early_and_everything_else_is_whole():
    headline = "红色预警：徒骇河聊城段今夜有大暴雨到特大暴雨，请立即组织上堤巡查并转移低洼处人员"
    found = sms_text(headline, "YJ2025-0712", 1, LINK, OFFICE, True)
    assert found.startswith("【演练】红色预警：徒骇河聊城段")
    assert found.endswith(f"…（0712号）{LINK}")
    assert length(found) + OFFICE == SEGMENT


def test_a_drill_says_so_first_and_once():
    assert sms_text("【演练】河水上涨", "7", 1, None, 0, True).count("【演练】") == 1
    assert sms_text("[DRILL] The river rises", "7", 1, None, 0, True, "en").startswith("[DRILL] The river rises (")
    assert marked("（第2次发送）【演练】河水上涨", "zh-CN") == "【演练】（第2次发送）河水上涨"
    assert unmarked("河水上涨", "zh-CN") == "河水上涨"


def test_a_link_that_leaves_no_room_takes_a_second_segment():
    far = "https://" + "x" * 60
    found = sms_text("红色预警：东昌府区河水上涨", "YJ-7", 1, far, 0, False)
    assert found == f"红色预警：东昌府区河水上涨（预警编号YJ-7，第1次）请点此回复：{far}"


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
def test_it_is_one_segment_or_spelled_out_with_number_repetition_and_link(
    headline, number, nth, link, before, is_drill
):
    found = sms_text(headline, number, nth, link, before, is_drill)
    assert length(found) + before <= SEGMENT or "请点此回复" in found, "spelled out where too little would be said"
    assert number.rpartition("-")[2] in found
    assert nth == 1 or f"第{nth}次" in found
    assert link is None or found.endswith(link)
    assert found.startswith("【演练】") is is_drill

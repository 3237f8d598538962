"""Bringing in the holidays of a year that the library does not know yet."""

from __future__ import annotations


def test_a_year_is_brought_in_by_the_number_of_its_notice_and_shown(hezhang, fresh_url):
    unknown = hezhang("workdays", "2031", LC_ALL="zh_CN.UTF-8")
    assert (unknown.exit_code, "2031" in unknown.output) == (1, True)
    days = ["--off", "2031-01-01", "--worked", "2031-01-04"]
    assert hezhang("workdays", "2031", *days).exit_code == 2
    assert hezhang("workdays", "2031", "--off", "2030-01-01", "--reason", "x").exit_code == 2
    brought = hezhang("workdays", "2031", *days, "--reason", "国办发〔2030〕1号", LC_ALL="zh_CN.UTF-8")
    assert brought.output.splitlines() == ["2031-01-01 放假", "2031-01-04 上班"]
    assert hezhang("workdays", "2031", LC_ALL="zh_CN.UTF-8").output == brought.output


def test_a_known_year_is_that_of_the_state_council(hezhang, fresh_url):
    shown = hezhang("workdays", "2025", LC_ALL="zh_CN.UTF-8").output.splitlines()
    assert {"2025-10-01 放假", "2025-10-11 上班"} <= set(shown)

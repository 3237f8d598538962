"""People at a desk: the list and its file, one person, numbers that are shown for a reason, logins opened anew."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from sqlalchemy import select, update

from backend.models.changes import Record
from backend.models.people import Appointment, Person, Unit
from tests.cast import NEXT_TOWN, OTHER_COUNTY, TOWN
from tests.counting import HARMFUL, LONG, MOST, is_harmless, questions
from tests.makers import new_id

PEOPLE = "/console/people"


def of(person_id, rest: str = "") -> str:
    return f"{PEOPLE}/{person_id}{rest}"


def hidden(page, name: str) -> str:
    (found,) = re.findall(rf'name="{name}" value="([^"]*)"', page.text)
    return str(found)


def test_the_list_shows_who_holds_which_post_here_with_masked_numbers(desk_of, cast):
    page = desk_of(cast.sun).get(PEOPLE).text
    for said in ("王村长", "村级河长", "兴华村", "李镇长"):
        assert said in page
    assert "吴区长" not in page
    assert "12300000006" not in page


def test_the_list_is_narrowed_by_place_post_and_name(desk_of, cast):
    desk = desk_of(cast.sun)
    assert "唐镇长" in desk.get(f"{PEOPLE}?region={NEXT_TOWN}").text
    assert "王村长" not in desk.get(f"{PEOPLE}?region={NEXT_TOWN}").text
    page = desk.get(f"{PEOPLE}?post=town_chief&q=李").text
    assert "李镇长" in page
    assert "唐镇长" not in page
    assert "没有找到人" in desk.get(f"{PEOPLE}?region={OTHER_COUNTY}").text


def test_a_village_chief_sees_nobodys_list_and_another_county_is_not_there(desk_of, cast):
    assert desk_of(cast.wang).get(PEOPLE).status_code == 403
    desk = desk_of(cast.sun)
    assert desk.get(of(cast.wu)).status_code == 404
    assert desk.submit(of(cast.wu, "/reveal"), reason="看看").status_code == 404


def test_a_number_is_shown_once_for_a_reason_that_is_kept(desk_of, cast, session):
    desk = desk_of(cast.sun)
    desk.get(of(cast.wang))
    refused = desk.submit(of(cast.wang, "/reveal"), reason=" ")
    assert refused.status_code == 422
    assert "12300000006" not in refused.text
    shown = desk.submit(of(cast.wang, "/reveal"), reason="核对值班")
    assert "12300000006" in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    assert session.scalars(select(Record.body).where(Record.act == "reveal_phone")).one() == {"reason": "核对值班"}
    assert "12300000006" not in desk.get(of(cast.wang)).text


def test_a_chief_is_offered_no_act_of_the_office(desk_of, cast):
    page = desk_of(cast.zhao).get(of(cast.wang)).text
    assert "新任职" not in page
    assert "重置登录" not in page
    assert "离任" not in page


def test_somebody_new_is_kept_once_however_often_the_form_is_sent(desk_of, cast, session):
    desk = desk_of(cast.sun)
    key = hidden(desk.get(f"{PEOPLE}/new"), "id")
    wrong = desk.submit(f"{PEOPLE}/new", id=key, name="新来的", phone="12")
    assert wrong.status_code == 422
    assert 'value="新来的"' in wrong.text
    assert 'href="#f-phone"' in wrong.text
    for _ in range(2):
        kept = desk.submit(f"{PEOPLE}/new", id=key, name="新来的", phone="123 0000 9001")
        assert kept.headers["Location"] == f"{PEOPLE}/{key}?kept=console.did.person"
    assert len(session.scalars(select(Person).where(Person.name == "新来的")).all()) == 1
    taken = desk.submit(f"{PEOPLE}/new", id=str(new_id()), name="又一个", phone="12300009001")
    assert taken.status_code == 409
    assert 'value="又一个"' in taken.text


def test_a_login_is_opened_anew_only_after_the_password_and_the_code_is_said_once(desk_of, proven, cast):
    desk = desk_of(cast.sun)
    asked = desk.get(of(cast.wang, "/reset"))
    assert asked.status_code == 303 or "重置王村长的登录" in asked.text
    desk = proven(cast.sun)
    assert "重置王村长的登录" in desk.get(of(cast.wang, "/reset")).text
    page = desk.submit(of(cast.wang, "/reset"))
    assert re.search(r'class="once">[^<]{6,}<', page.text)
    assert desk.get(of(cast.wang, "/reset")).text.count("once") == 0
    assert desk.submit(of(cast.zhao, "/reset")).status_code == 403


def test_the_password_is_asked_again_after_a_while(proven, cast, clock):
    desk = proven(cast.sun)
    clock.now = clock.now.replace(minute=20)
    for path in ("/reset", "/phone"):
        asked = desk.get(of(cast.wang, path))
        desk.get(PEOPLE)
        assert asked.headers["Location"] == f"/console/prove?next={of(cast.wang, path)}"
        assert desk.submit(of(cast.wang, path)).status_code == 303


def test_a_number_is_changed_and_a_stale_form_keeps_what_was_typed(proven, cast, session):
    desk = proven(cast.sun)
    version = hidden(desk.get(of(cast.wang, "/phone")), "version").replace("&#34;", '"')
    assert desk.submit(of(cast.wang, "/phone"), version=version, phone="12300009005").status_code == 303
    stale = desk.submit(of(cast.wang, "/phone"), version=version, phone="12300009006")
    assert stale.status_code == 412
    assert 'value="12300009006"' in stale.text
    session.expire_all()
    assert session.get_one(Person, cast.wang).phone_tail == "9005"


@pytest.mark.parametrize("text", HARMFUL)
def test_a_name_is_text_wherever_it_stands(proven, cast, session, text):
    session.execute(update(Person).where(Person.id == cast.wang).values(name=text[:40]))
    desk = proven(cast.sun)
    for path in (PEOPLE, of(cast.wang), of(cast.wang, "/reset"), of(cast.wang, "/phone"), f"{PEOPLE}?q={text}"):
        page = desk.get(path).text
        assert is_harmless(page), path
        assert " style=" not in page


def test_the_list_is_taken_as_a_file_with_its_filter_in_it_and_no_formula(desk_of, cast, session):
    session.execute(update(Person).where(Person.id == cast.li).values(name="=HYPERLINK(1)"))
    desk = desk_of(cast.sun)
    address = f"{PEOPLE}/export.xlsx?region={TOWN}&post=town_chief"
    assert address.replace("&", "&amp;") in desk.get(f"{PEOPLE}?region={TOWN}&post=town_chief").text
    asked = desk.get(address)
    assert "请先写明用途" in asked.text
    assert desk.submit(address, purpose=" ").status_code == 422
    book = openpyxl.load_workbook(io.BytesIO(desk.submit(address, purpose="通知开会").data))
    rows = [[cell.value for cell in row] for row in book.worksheets[0]]
    assert rows == [
        ["姓名", "手机号", "职务", "区划", "区划代码"],
        ["=HYPERLINK(1)", "123****0004", "镇级河长", "古楼街道", TOWN],
    ]
    assert book.worksheets[0]["A2"].data_type == "s"
    about = {row[0].value: row[1].value for row in book.worksheets[1]}
    assert (about["区划"], about["职务"], about["导出人"]) == ("古楼街道", "镇级河长", "孙科员")
    assert about["导出用途"] == "通知开会"
    again = desk.submit(address.replace("xlsx", "csv"), purpose="核对")
    lines = list(csv.reader(io.StringIO(again.data.decode("utf-8-sig"))))
    assert lines[1][0] == "'=HYPERLINK(1)"
    assert ["区划", "古楼街道"] in lines
    taken = session.scalars(select(Record).where(Record.act == "export").order_by(Record.seq)).all()
    assert [(each.actor_id, each.thing_id, each.body["form"]) for each in taken] == [
        (cast.sun, "people", "xlsx"),
        (cast.sun, "people", "csv"),
    ]
    assert [each.body["purpose"] for each in taken] == ["通知开会", "核对"]
    assert taken[0].body["asked"] == {"region": TOWN, "post": "town_chief"}
    assert desk.get(f"{PEOPLE}/export.pdf").status_code == 404


def test_the_pages_ask_few_questions_take_long_names_and_speak_english(desk_of, cast, session):
    session.execute(update(Person).where(Person.id == cast.wang).values(name=LONG))
    desk = desk_of(cast.sun)
    for path, said in ((PEOPLE, "Village chief"), (of(cast.wang), "Reaches"), (f"{PEOPLE}?region={TOWN}", LONG)):
        with questions() as asked:
            assert desk.get(path).status_code == 200
        assert len(asked) <= MOST, "\n".join(asked)
        assert said.casefold() in desk.get(path, headers={"Accept-Language": "en"}).text.casefold()


def test_the_unit_of_a_post_is_told_by_its_name(desk_of, cast, session):
    page = desk_of(cast.sun).get(f"/console/people/{cast.yang}").text
    (code,) = session.scalars(select(Appointment.unit_code).where(Appointment.person_id == cast.yang))
    assert session.get_one(Unit, code).name in page
    assert code not in page

"""Numbers, days and names of files at the edge, without a server."""

from datetime import date

import flask
import pytest
from werkzeug.test import EnvironBuilder

from coordinator import edge
from coordinator.typed import LARGEST, clean, day_of, plain_name, sensible_day, whole


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (" 12 ", 12),
        (str(LARGEST), LARGEST),
        (str(LARGEST + 1), -7),
        ("9" * 400, -7),
        ("-1", -7),
        ("1_000", -7),
        ("1.5", -7),
        ("", -7),
        (None, -7),
        ("²", -7),
        ("١٢", -7),
        ("12\n", 12),
    ],
)
def test_whole_numbers(text: str | None, number: int) -> None:
    assert whole(text, -7) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-12", date(2026, 11, 12)),
        ("12/11/2026", date(2026, 11, 12)),
        ("12-11-2026", date(2026, 11, 12)),
        ("12.11.2026", date(2026, 11, 12)),
        (" 2026-11-12 ", date(2026, 11, 12)),
        ("0001-01-01", None),
        ("1999-12-31", None),
        ("2000-01-01", date(2000, 1, 1)),
        ("2100-12-31", date(2100, 12, 31)),
        ("2101-01-01", None),
        ("31/02/2026", None),
        ("12/11/26", None),
        ("١٢/١١/٢٠٢٦", None),
        ("2026-W11", None),
        ("", None),
    ],
)
def test_sensible_days_are_read(text: str, day: date | None) -> None:
    assert sensible_day(text) == day


def test_a_law_may_be_older() -> None:
    assert day_of("31/12/1981") == date(1981, 12, 31)


def test_cleaning_keeps_what_people_see() -> None:
    seen = "Rapat – “koordinasi”\tbaris\r\n😀 ṣ ١٢ Ja’far"
    assert clean(seen) == seen
    assert clean("a\x00b\ud800c\x0bd\x7f\uffff") == "abcd"


@pytest.mark.parametrize("code", [0xAD, 0x200B, 0x200C, 0x200D, 0x200F, 0x202E, 0x2060, 0xFEFF])
def test_what_nobody_sees_is_dropped(code: int) -> None:
    assert clean(f"Dinas Kese{chr(code)}hatan") == "Dinas Kesehatan"


@pytest.mark.parametrize("code", [0xA0, 0x2007, 0x2009, 0x202F, 0x3000])
def test_a_space_that_looks_like_a_space_is_one(code: int) -> None:
    assert clean(f"Dinas{chr(code)}Sosial") == "Dinas Sosial"


def test_an_emoji_of_several_falls_apart_and_is_still_there() -> None:
    assert clean("\U0001f468\u200d\U0001f469\u200d\U0001f467") == "\U0001f468\U0001f469\U0001f467"


def test_a_name_is_kept_as_a_keyboard_writes_it() -> None:
    assert plain_name(" “Dinas\u00a0 Sosial”\n Ja’far ") == '"Dinas Sosial" Ja\'far'


def test_a_password_is_taken_as_it_was_typed() -> None:
    """Who signed up with a no-break space (Option+space) still gets in."""
    builder = EnvironBuilder(
        method="POST", path="/", data={"password": "a\u00a0b\u200dc\x00", "name": "a\u00a0b\u200dc"}
    )
    form = edge.Request(builder.get_environ()).form
    assert (form["password"], form["name"]) == ("a\u00a0b\u200dc", "a bc")


def test_a_request_is_clean_before_any_view_sees_it() -> None:
    builder = EnvironBuilder(
        path="/",
        query_string="q=a%00b&q=%ED%A0%80c",
        method="POST",
        data={"note": "x\x00y", "rows-²-label": "z", "rows-0-label": "z", "f": "a"},
    )
    request = edge.Request(builder.get_environ())
    assert request.args.getlist("q")[0] == "ab"
    assert request.form.to_dict() == {"note": "xy", "rows-0-label": "z", "f": "a"}


def test_bytes_that_are_no_text_are_replaced() -> None:
    environ = EnvironBuilder(path="/").get_environ()
    environ["QUERY_STRING"] = "q=\xff\xfe&x=1"
    request = edge.Request(environ)
    assert request.args["x"] == "1"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("peran_64.csv", "attachment; filename=peran_64.csv"),
        ("dua kata.csv", 'attachment; filename="dua kata.csv"'),
        (
            "triwulan-iii-–-2026.csv",
            "attachment; filename=triwulan-iii--2026.csv;"
            " filename*=UTF-8''triwulan-iii-%E2%80%93-2026.csv",
        ),
        ('ujung"kutip.csv', "attachment; filename=ujung-kutip.csv"),
        ("a\r\nSet-Cookie: x=1.csv", 'attachment; filename="a-Set-Cookie- x=1.csv"'),
        ("../../etc/passwd", "attachment; filename=..-..-etc-passwd"),
        ("x" * 300 + ".csv", f"attachment; filename={'x' * 146}.csv"),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_names_of_downloads(app: flask.Flask, name: str, header: str) -> None:
    with app.test_request_context("/"):
        answer = edge.download("isi", "text/csv", name)
    assert answer.headers["Content-Disposition"] == header
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.mimetype == "text/csv"

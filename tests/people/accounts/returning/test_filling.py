"""Typed text goes back into any form, and nothing else of the page changes."""

import pytest

from coordinator.people.accounts.returning.filling import filled, left_over

PAGE = """<!doctype html>
<html><body><main id="isi" tabindex="-1">
<div class="page">
<form method="get" action="/x"><input name="q" value="cari"></form>
<form method="post" action="/x"><input type="hidden" name="csrf_token" value="baru"><p>x</form>
<form method="post" novalidate><input type="hidden" name="csrf_token" value="baru">
<input type="hidden" name="version" value="9"><input name="judul" value="lama" maxlength="30">
<textarea name="catatan" rows="3">
lama &amp; usang</textarea>
<select name="jenis"><option value="a" selected>A &middot;</option><option value="b">B</option>
</select><input type="checkbox" name="berkas" value="1" checked>
<input type="checkbox" name="berkas" value="2">
<input type="radio" name="nilai" value="y"><input type="radio" name="nilai" value="t" checked>
<input type="file" name="files"><input type="password" name="old">
<button name="act" value="kirim">Kirim</button></form>
<svg viewBox="0 0 1 1"><path d="M0 0"/></svg><!-- akhir --><p>&copy; &#169; "a" < b</p>
</div></main></body></html>"""
SENT = [
    ("version", "4"),
    ("judul", 'Rapat "bersama" <b>'),
    ("catatan", "\nbaris & </textarea><script>"),
    ("jenis", "b"),
    ("berkas", "2"),
    ("nilai", "y"),
    ("baris-7-nama", "tidak ada tempatnya"),
]
PLACE = {"page": "/x?y=1", "action": "/x"}


def test_every_kind_of_field_is_filled() -> None:
    html = filled(PAGE, **PLACE, fields=SENT, note="<p>CATATAN</p>")
    assert 'value="Rapat &quot;bersama&quot; &lt;b&gt;"' in html
    assert 'rows="3">\n\nbaris &amp; &lt;/textarea&gt;&lt;script&gt;</textarea>' in html
    assert '<option value="a">A &middot;</option><option value="b" selected>B</option>' in html
    assert '<input type="checkbox" name="berkas" value="1">' in html
    assert '<input type="checkbox" name="berkas" value="2" checked>' in html
    assert '<input type="radio" name="nilai" value="y" checked>' in html
    assert '<input type="radio" name="nilai" value="t">' in html
    assert '<input type="hidden" name="version" value="4">' in html, "a conflict must still be seen"
    assert html.count('name="csrf_token" value="baru"') == 2
    assert '<form method="post" novalidate="" action="/x">' in html or (
        '<form method="post" novalidate action="/x">' in html
    )
    assert html.count("CATATAN") == 1
    assert html.index("CATATAN") < html.index("<form")


def test_the_rest_is_copied_letter_by_letter() -> None:
    for text in (
        '<input name="q" value="cari">',
        "&copy; &#169;",
        "<!-- akhir -->",
        "<!doctype html>",
    ):
        assert text in filled(PAGE, **PLACE, fields=SENT, note="")
    assert filled(PAGE, page="/lain", action="/lain", fields=[("z", "z")], note="") == PAGE


def test_what_has_no_place_is_named() -> None:
    assert left_over(PAGE, **PLACE, fields=SENT) == [("baris-7-nama", "tidak ada tempatnya")]


@pytest.mark.parametrize("action", ["/y", "/x/lagi"])
def test_a_form_of_another_address_is_left_alone(action: str) -> None:
    html = filled(PAGE, page="/x", action=action, fields=SENT, note="")
    assert "Rapat" not in html


def test_the_form_is_recognised_by_its_fields() -> None:
    """Several forms of one page may go to one address."""
    page = (
        '<form method="post" action="/o" id="f1"><input name="satu-nama" value=""></form>'
        '<form method="post" action="/o"><input name="dua-nama" value=""></form>'
        '<input name="satu-jauh" form="f1" value="">'
    )
    html = filled(
        page, page="/o", action="/o", fields=[("satu-nama", "A"), ("satu-jauh", "B")], note=""
    )
    assert '<input name="satu-nama" value="A">' in html
    assert '<input name="satu-jauh" form="f1" value="B">' in html
    assert '<input name="dua-nama" value="">' in html

"""What every free text of every form goes through."""

import flask
import pytest
from wtforms import FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired

from coordinator import screening
from coordinator.errors import InvalidInput
from coordinator.forms import LONGEST_SCREENED, Form, identity_asked, no_identity, refuse


class _Words(Form):
    text = TextAreaField(validators=[no_identity, identity_asked])


def _errors(app: flask.Flask, **posted: str) -> list[str]:
    with app.test_request_context(method="POST", data=posted):
        form = _Words(meta={"csrf": False})
        form.validate()
        return list(form.text.errors)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_is_far_too_long_is_refused_unread(
    app: flask.Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    monkeypatch.setattr(screening, "findings", lambda text: read.append(len(text)) or [])
    assert _errors(app, text="1 " * LONGEST_SCREENED) == ["Terlalu panjang. Ringkas isinya."]
    assert max(read, default=0) <= LONGEST_SCREENED
    assert _errors(app, text="Sepuluh desa didatangi.") == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_may_tell_who_somebody_is_needs_a_tick(app: flask.Flask) -> None:
    text = "Korban berinisial AB, LP/12/IX/2026."
    (error,) = _errors(app, text=text)
    assert "inisial orang" in error
    assert "nomor perkara" in error
    assert _errors(app, **{"text": text, "yakin-text": "1"}) == []
    assert _errors(app, **{"text": text, "yakin-lain": "1"}) != []


class _Address(Form):
    email = StringField(validators=[Email()])


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_an_address_of_the_demo_is_an_address(app: flask.Flask) -> None:
    for text, is_one in (("narahubung@contoh.test", True), ("narahubung@contoh", False)):
        with app.test_request_context(method="POST", data={"email": text}):
            assert _Address(meta={"csrf": False}).validate() is is_one


class _Row(Form):
    class Meta(Form.Meta):
        csrf = False

    label = StringField()


class _Rows(Form):
    rows = FieldList(FormField(_Row), min_entries=2)
    place = SelectField(choices=[], validators=[InputRequired()])


def _rendered(app: flask.Flask, macro: str, form: Form, **more: object) -> str:
    library = app.jinja_env.from_string(
        f"{{% from 'components/forms.html' import {macro} %}}{{{{ {macro}(given, **more) }}}}"
    )
    return library.render(given=form, more=more)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_summary_has_each_message_once_also_what_a_service_refused(app: flask.Flask) -> None:
    with app.test_request_context(method="POST"):
        form = _Rows(meta={"csrf": False})
        form.validate()
        form.rows[1].form.label.errors = ["Beri nama periode ini."]
        refuse(form, InvalidInput({"value-7": "Isi angka", "": "Tidak ada yang dipilih."}))
        text = _rendered(app, "error_summary", form, also={"value-7": "Isi angka"})
    assert text.count("Isi angka") == 1
    assert '<a href="#value-7">Isi angka</a>' in text
    assert text.count("Tidak ada yang dipilih.") == 1
    assert '<a href="#rows-1-label">Beri nama periode ini.</a>' in text


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_select_without_options_is_shown(app: flask.Flask) -> None:
    with app.test_request_context():
        text = _rendered(app, "select", _Rows(meta={"csrf": False}).place)
    assert "<select" in text

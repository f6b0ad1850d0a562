"""Words in the language of the request, and nobody else's."""

from io import BytesIO
from pathlib import Path

import flask
import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from flask_babel import Babel

from coordinator import tags, translation
from coordinator.translation import gettext as _
from coordinator.translation import once_per_language

WORDS = {
    "Selesai": "Done",
    "Untuk %(who)s": "For %(who)s",
    "100%% selesai": "100%% done",
    "Belum dikirim": "Not sent",
}


@pytest.fixture
def app(tmp_path: Path) -> flask.Flask:
    """An application of two languages; the address says which."""
    catalogue = Catalog(locale="en")
    for text, words in WORDS.items():
        catalogue.add(text, words, flags=("python-format",) if "%" in text else ())
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    written = BytesIO()
    write_mo(written, catalogue)
    (folder / "messages.mo").write_bytes(written.getvalue())
    app = flask.Flask(__name__)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(tmp_path)
    Babel(app, locale_selector=lambda: flask.request.args.get("bahasa", "id"))
    translation.register(app)
    tags.register(app)
    return app


def _shown(app: flask.Flask, language: str, template: str, **values: object) -> str:
    with app.test_request_context(f"/?bahasa={language}"):
        assert app.preprocess_request() is None
        return flask.render_template_string(template, **values)


def test_each_request_speaks_its_own_language(app: flask.Flask) -> None:
    @once_per_language
    def table() -> dict[str, str]:
        return {"done": _("Selesai")}

    @app.get("/")
    def view() -> list[str]:
        return [_("Selesai"), table()["done"], _("Untuk %(who)s", who="<b>")]

    client = app.test_client()
    for language in ("id", "en", "id"):
        done = "Selesai" if language == "id" else "Done"
        to = "Untuk" if language == "id" else "For"
        assert client.get(f"/?bahasa={language}").get_json() == [done, done, f"{to} <b>"]


def test_a_request_leaves_its_language_to_nobody(app: flask.Flask) -> None:
    @app.get("/")
    def view() -> str:
        return _("Selesai")

    assert app.test_client().get("/?bahasa=en").text == "Done"
    with app.test_request_context("/"):
        assert _("Selesai") == "Selesai"
    assert _("Selesai") == "Selesai"


def test_a_template_escapes_what_is_put_into_words(app: flask.Flask) -> None:
    template = "{{ _('Untuk %(who)s', who=who) }} {{ _('100%% selesai') }}"
    assert _shown(app, "en", template, who="<b>") == "For &lt;b&gt; 100% done"
    assert _shown(app, "id", template, who="<b>") == "Untuk &lt;b&gt; 100% selesai"


def test_a_tag_says_its_word_in_the_language_of_the_request(app: flask.Flask) -> None:
    template = "{{ tag_of('none') }}"
    assert ">Not sent</span>" in _shown(app, "en", template)
    assert ">Belum dikirim</span>" in _shown(app, "id", template)


def test_a_tag_escapes_its_text_but_no_markup(app: flask.Flask) -> None:
    """The same text as markup and as none, by turns: neither answers for the other."""
    template = "{{ tag_of('amber', text) }}|{{ tag_of('amber', text|safe) }}"
    for _turn in range(2):
        plain, safe = _shown(app, "id", template, text="<i>x</i>").split("|")
        assert "&lt;i&gt;x&lt;/i&gt;" in plain
        assert "<i>x</i>" in safe

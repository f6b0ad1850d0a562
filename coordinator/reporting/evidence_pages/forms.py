"""Forms about one file, and the decision on a file under review."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from coordinator.forms import Form, identity_asked, no_identity

_TOO_LONG = _l("Paling panjang 500 karakter.")


class ReuseForm(Form):
    """Why the same file serves again."""

    reuse_reason = TextAreaField(
        _l("Mengapa berkas yang sama dipakai lagi?"),
        [
            InputRequired(_l("Tulis alasannya dalam satu kalimat.")),
            Length(max=500, message=_TOO_LONG),
            no_identity,
            identity_asked,
        ],
    )


class LevelForm(Form):
    """Who may open the file."""

    level = RadioField(_l("Siapa yang boleh membuka"), [InputRequired(_l("Pilih salah satu."))])


class WithdrawForm(Form):
    """Why the file is taken back."""

    reason = RadioField(_l("Mengapa ditarik?"), [InputRequired(_l("Pilih alasannya."))])
    note = TextAreaField(
        _l("Alasan lain"),
        [Optional(), Length(max=500, message=_TOO_LONG), no_identity, identity_asked],
    )


class ReviewForm(Form):
    """Why the file is shown again or deleted; the value of the button says which."""

    reason = TextAreaField(
        _l("Alasan"),
        [
            InputRequired(_l("Tulis alasannya dalam satu kalimat.")),
            Length(max=500, message=_TOO_LONG),
            no_identity,
            identity_asked,
        ],
    )

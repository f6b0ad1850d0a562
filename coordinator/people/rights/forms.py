"""The form that gives a right."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from coordinator.forms import DateField, Form


class RightForm(Form):
    """To whom, which right, from when until when."""

    grant = RadioField(_l("Orang"), [InputRequired(_l("Pilih orangnya."))])
    kind = SelectField(_l("Hak"), [InputRequired(_l("Pilih haknya."))])
    from_on = DateField(
        _l("Mulai"), [InputRequired(_l("Tanggal belum ada. Tulis seperti 12/11/2026"))]
    )
    until_on = DateField(
        _l("Sampai dengan"), [InputRequired(_l("Tanggal belum ada. Tulis seperti 12/11/2026"))]
    )

"""Forms of onboarding."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from coordinator.forms import DateField, Form, no_identity
from coordinator.people.directory.task_forces import LONGEST_REGION


class ContactNoteForm(Form):
    """A line of the log of contacts."""

    on = DateField(
        _l("Tanggal"),
        [InputRequired(_l("Tanggal belum ada. Tulis seperti 12/11/2026"))],
    )
    means = SelectField(_l("Lewat"), [InputRequired(_l("Pilih lewat apa."))])
    letter_number = StringField(
        _l("Nomor surat"),
        [Optional(), Length(max=80, message=_l("Paling panjang 80 karakter.")), no_identity],
    )
    text = TextAreaField(
        _l("Yang disampaikan"),
        [
            InputRequired(_l("Tulis satu kalimat.")),
            Length(max=1000, message=_l("Paling panjang 1.000 karakter.")),
            no_identity,
        ],
    )


class RegionForm(Form):
    """The name of a task force's region."""

    region = StringField(
        _l("Nama daerah"),
        [
            InputRequired(_l("Isi nama daerah.")),
            Length(max=LONGEST_REGION, message=_l("Paling panjang 100 karakter.")),
            no_identity,
        ],
    )


class TaskForceForm(RegionForm):
    """A task force that is not there yet."""

    code = StringField(_l("Kode Kemendagri"), [InputRequired(_l("Isi kode Kemendagri."))])

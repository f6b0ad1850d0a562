"""The forms that edit the mapping. Choices come from the mapping that is edited."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import AnyOf, InputRequired, Optional

from coordinator.forms import DateField, Form, Longest, no_identity

CITATIONS = 5
OLDEST_LAW = 1900  # year


class LongestLine(Longest):
    """Refuse a line of more than `size` characters, and more than 40 lines."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Check one field."""
        lines = lines_of(field.data)
        if len(lines) > 40:
            raise ValidationError(str(_l("Paling banyak 40 baris.")))
        if any(len(line) > self.size for line in lines):
            raise ValidationError(
                str(_l("Paling panjang %(max)s karakter tiap baris.", max=self.size))
            )


def lines_of(text: str | None) -> list[str]:
    """Return a text's lines without empty ones: one item of a list each."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


class CitationForm(Form):
    """One row of citations; empty where no instrument is chosen."""

    class Meta(Form.Meta):
        """A row has no token of its own."""

        csrf = False

    instrument = SelectField(_l("Peraturan"))
    article = StringField(_l("Pasal"), [Longest(200), no_identity])
    note = StringField(_l("Catatan"), [Optional(), Longest(500), no_identity])
    text_checked_on = DateField(_l("Dicocokkan dengan naskah pada"), [Optional()])

    def validate_article(self, field: Field) -> None:
        """An article needs its instrument, and the other way round."""
        if self.instrument.data and not (field.data or "").strip():
            raise ValidationError(str(_l("Tulis pasalnya, misalnya Pasal 58 ayat (2)")))

    def validate_instrument(self, field: Field) -> None:
        """An article needs its instrument, and the other way round."""
        if (self.article.data or "").strip() and not field.data:
            raise ValidationError(str(_l("Pilih peraturannya.")))


class PartForm(Form):
    """The base of every form of a part: it carries a digest of the part as its editor saw it."""

    seen = HiddenField()


class DutyForm(PartForm):
    """A duty: whose, where, what, on what basis, how it is proved, and its step of the chain."""

    agency = SelectField(_l("Instansi"), [InputRequired(_l("Pilih instansi."))])
    working_group = SelectField(_l("Pokja"), [InputRequired(_l("Pilih pokja."))])
    join = BooleanField(_l("Jadikan anggota pokja ini"))
    text = TextAreaField(
        _l("Bunyi tugas"), [InputRequired(_l("Tulis tugasnya.")), Longest(2000), no_identity]
    )
    unit = StringField(_l("Unit atau bidang"), [Optional(), Longest(160), no_identity])
    status = RadioField(_l("Dasar tugas ini"), [InputRequired(_l("Pilih dasarnya."))])
    source = SelectField(_l("Sumber usulan"), [Optional()])
    new_source = StringField(_l("Sumber usulan yang baru"), [Optional(), Longest(200), no_identity])
    citations = FieldList(FormField(CitationForm), min_entries=CITATIONS, max_entries=CITATIONS)
    evidence = TextAreaField(_l("Bukti yang diterima"), [Optional(), LongestLine(500), no_identity])
    not_evidence = TextAreaField(_l("Bukan bukti"), [Optional(), LongestLine(500), no_identity])
    example = TextAreaField(_l("Contoh"), [Optional(), Longest(1000), no_identity])
    step = SelectField(_l("Langkah rantai"))
    step_as = SelectField(_l("Kedudukan di langkah itu"))
    limit_at = SelectField(_l("Batas waktu"), [Optional()])
    limit_value = StringField(_l("Angka"), [Optional(), Longest(3), no_identity])
    limit_unit = SelectField(_l("Satuan"), [Optional()])
    limit_from = SelectField(_l("Asal batas waktu"), [Optional()])

    def validate_step_as(self, field: Field) -> None:
        """A step needs what the agency is there, and the other way round."""
        if self.step.data and not field.data:
            raise ValidationError(str(_l("Pilih kedudukan instansi di langkah ini.")))

    def validate_step(self, field: Field) -> None:
        """A step needs what the agency is there, and the other way round."""
        if self.step_as.data and not field.data:
            raise ValidationError(str(_l("Pilih langkahnya.")))


class StandingForm(Form):
    """An agency in one pokja."""

    class Meta(Form.Meta):
        """A row has no token of its own."""

        csrf = False

    kind = SelectField(_l("Kedudukan"), [Optional()])
    status = SelectField(_l("Dasar"), [Optional()])
    source = SelectField(_l("Sumber usulan"), [Optional()])
    instrument = SelectField(_l("Peraturan"), [Optional()])
    article = StringField(_l("Pasal"), [Optional(), Longest(200), no_identity])
    text_checked_on = DateField(_l("Dicocokkan dengan naskah pada"), [Optional()])


class AgencyForm(PartForm):
    """An agency, and its place in each pokja."""

    name = StringField(_l("Nama"), [InputRequired(_l("Tulis namanya.")), Longest(160), no_identity])
    abbreviation = StringField(
        _l("Singkatan"), [InputRequired(_l("Tulis singkatannya.")), Longest(60), no_identity]
    )
    kind = SelectField(_l("Jenis"), [InputRequired(_l("Pilih jenisnya."))])
    aliases = TextAreaField(_l("Sebutan lain"), [Optional(), LongestLine(160), no_identity])
    note = TextAreaField(_l("Catatan"), [Optional(), Longest(1000), no_identity])
    memberships = FieldList(FormField(StandingForm))
    new_source = StringField(_l("Sumber usulan yang baru"), [Optional(), Longest(200), no_identity])
    replace_lead = BooleanField(_l("Koordinator sekarang menjadi anggota"))


class InstrumentForm(PartForm):
    """A law, regulation or decree."""

    kind = SelectField(_l("Jenis"), [InputRequired(_l("Pilih jenisnya."))])
    short = StringField(
        _l("Sebutan pendek"),
        [InputRequired(_l("Tulis sebutan pendeknya.")), Longest(80), no_identity],
    )
    title = TextAreaField(
        _l("Judul lengkap"), [InputRequired(_l("Tulis judulnya.")), Longest(1000), no_identity]
    )
    in_force_from = DateField(_l("Mulai berlaku"), [Optional()], first_year=OLDEST_LAW)
    in_force_to = DateField(_l("Berlaku sampai"), [Optional()], first_year=OLDEST_LAW)
    amended_by = SelectMultipleField(_l("Diubah dengan"), [Optional()])
    text_checked_on = DateField(_l("Dicocokkan dengan naskah JDIH pada"), [Optional()])
    note = TextAreaField(_l("Catatan"), [Optional(), Longest(1000), no_identity])


class GroupForm(PartForm):
    """A pokja."""

    number = StringField(
        _l("Nomor"), [InputRequired(_l("Tulis nomornya.")), Longest(6), no_identity]
    )
    code = StringField(_l("Kode"), [InputRequired(_l("Tulis kodenya.")), Longest(20), no_identity])
    short = StringField(
        _l("Nama pendek"), [InputRequired(_l("Tulis nama pendeknya.")), Longest(40), no_identity]
    )
    name = StringField(
        _l("Nama lengkap"), [InputRequired(_l("Tulis nama lengkapnya.")), Longest(160), no_identity]
    )
    scope = TextAreaField(
        _l("Lingkup"), [InputRequired(_l("Tulis lingkupnya.")), Longest(2000), no_identity]
    )


class PublishForm(PartForm):
    """The reason, the effective date, and whether agencies are notified."""

    reason = StringField(
        _l("Alasan versi ini"),
        [
            InputRequired(_l("Tulis alasan versi ini, misalnya nomor SK.")),
            Longest(300),
            no_identity,
        ],
    )
    effective_on = DateField(
        _l("Mulai berlaku"),
        [InputRequired(_l("Tanggal belum ada. Tulis seperti 12/11/2026"))],
    )
    notify = BooleanField(_l("Kirim email"), default=True)
    ask = BooleanField(_l("Minta jawaban dengan tanggal"))


class YamlForm(PartForm):
    """A YAML file that becomes the draft."""

    file = FileField(_l("Berkas pemetaan (YAML)"))


class UpdateForm(PartForm):
    """The decision about a newer mapping that came with the program."""

    DRAFT, ASIDE = "draf", "kesampingkan"

    act = HiddenField(validators=[AnyOf([DRAFT, ASIDE])])

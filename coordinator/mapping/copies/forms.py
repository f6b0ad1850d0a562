"""The table of a kabupaten/kota's agencies, and the SK."""

from collections.abc import Mapping as Mappings
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import Email, InputRequired, Length, Optional

from coordinator.forms import DateField, Form, no_identity
from coordinator.mapping.copies.copying import CopyChoice
from coordinator.mapping.duties.rules import MembershipKind


class MirrorForm(Form):
    """The SK; the table itself is read by `choices_from`, a row an agency."""

    revision = HiddenField()
    number = StringField(_l("Nomor SK"), [Optional(), Length(max=80), no_identity])
    signed_on = DateField(_l("Tanggal SK"), [Optional()])
    scan = FileField(_l("Salinan SK"))


class OfficerForm(Form):
    """The first officer of a task force's own secretariat."""

    email = EmailField(
        _l("Email petugas sekretariat"),
        [
            InputRequired(_l("Isi alamat email.")),
            Email(_l("Tulis alamat email yang lengkap, misalnya sekretariat@balikpapan.go.id")),
        ],
    )
    name = StringField(
        _l("Nama jabatan"), [InputRequired(_l("Isi nama jabatan.")), Length(max=120), no_identity]
    )


def choices_from(
    fields: Mappings[str, str], proposals: Sequence[CopyChoice], groups: Sequence[str]
) -> list[CopyChoice]:
    """Return the table as it was sent: a choice for each agency that was proposed.

    Fields: `in-<lineage>` (ticked), `name-…`, `short-…`, `place-<lineage>-<pokja>` (lead, member
    or empty). What the table does not know is left out.
    """
    kinds = {kind.value: kind for kind in MembershipKind}
    found = []
    for one in proposals:
        key = one.lineage
        places = {
            group: kinds[value]
            for group in groups
            if (value := fields.get(f"place-{key}-{group}", "")) in kinds
        }
        found.append(
            CopyChoice(
                lineage=key,
                is_included=f"in-{key}" in fields,
                name=fields.get(f"name-{key}", one.name).strip()[:200],
                abbreviation=fields.get(f"short-{key}", one.abbreviation).strip()[:60],
                places=places,
            )
        )
    return found

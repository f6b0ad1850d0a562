"""The form of a signed decree. No field takes a person's name."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired

from coordinator.forms import DateField, Form, Longest, no_identity
from coordinator.mapping.decrees.effect import LONGEST_NUMBER, Choice
from coordinator.mapping.duties.seed import Mapping

BETWEEN = "@"  # the agency and the pokja of a membership; no id holds it


class DecreeForm(Form):
    """Number, day, what it is about, who signed, the scan; what it holds is read by `choice_from`.

    `seen` is the mapping version that was looked at, `scan_token` a scan received before; `newer`
    is set where it takes duties from a decree that was signed later.
    """

    seen = HiddenField()
    scan_token = HiddenField()
    newer = HiddenField()
    number = StringField(
        _l("Nomor SK"),
        [InputRequired(_l("Tulis nomor SK.")), Longest(LONGEST_NUMBER), no_identity],
    )
    signed_on = DateField(
        _l("Tanggal SK"), [InputRequired(_l("Tanggal belum ada. Tulis seperti 12/11/2026"))]
    )
    about = TextAreaField(
        _l("Tentang"),
        [InputRequired(_l("Tulis tentang apa SK itu.")), Longest(500), no_identity],
    )
    office = StringField(
        _l("Jabatan yang menandatangani"),
        [InputRequired(_l("Tulis jabatan yang menandatangani.")), Longest(120), no_identity],
    )
    scan = FileField(_l("Salinan SK yang sudah ditandatangani"))


def choice_from(duties: Iterable[str], memberships: Iterable[str], mapping: Mapping) -> Choice:
    """Return what was ticked; what the mapping does not have is left out."""
    known = {member_value(part.agency, part.working_group) for part in mapping.memberships}
    ids = {part.id for part in mapping.duties}
    pairs = (value.partition(BETWEEN) for value in memberships if value in known)
    return Choice(
        frozenset(one for one in duties if one in ids),
        frozenset((agency, group) for agency, _at, group in pairs),
    )


def member_value(agency: str, group: str) -> str:
    """Return how a form names a membership."""
    return f"{agency}{BETWEEN}{group}"

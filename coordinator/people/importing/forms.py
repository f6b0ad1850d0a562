"""The one field of an upload."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from coordinator.forms import Form


class UploadPeopleForm(Form):
    """A spreadsheet."""

    file = FileField(_l("Berkas daftar"), [FileRequired(_l("Pilih berkas daftar."))])

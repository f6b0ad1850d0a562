"""Bringing the text of a law, and taking one back that was brought by mistake."""

import re
from dataclasses import dataclass
from datetime import date

from coordinator import screening
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.free_text import refuse_identity
from coordinator.mapping.duties.text_models import InstrumentText
from coordinator.mapping.duties.text_service import follow_checks
from coordinator.mapping.text_checks import queries
from coordinator.mapping.text_checks.passages import LawText, is_quoted_from
from coordinator.mapping.text_checks.rules import LONGEST_TEXT
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.files.receiving import Received
from coordinator.platform.files.rules import PDF
from coordinator.platform.files.service import stored_file
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class NewText:
    """The text of an instrument, pasted or as a file, and where and when it was taken."""

    source: str
    taken_on: date
    text: str = ""
    file: Received | None = None


def checker_of(by: Viewer) -> int:
    """Return the account of who checks. Raises NotAllowed."""
    if not by.may(Permission.CHECK_TEXTS) or by.account_id is None:
        raise NotAllowed(_("Hanya yang diberi hak dapat mencocokkan naskah."))
    return by.account_id


@transactional
def add_text(key: str, new: NewText, *, by: Viewer) -> InstrumentText:
    """Keep the text of an instrument next to those that were brought before; return it.

    The same text sent twice is kept once. Raises NotAllowed, NotFound, InvalidInput by field.
    """
    checker = checker_of(by)
    instrument = queries.instrument(by, key)
    if instrument is None:
        raise NotFound(_("Peraturan itu tidak ada di pemetaan ini."))
    plain = new.text.replace("\r\n", "\n").strip()
    _require_readable(new, plain, today(by.zone))
    if begins := before_the_law(instrument.short, new.taken_on):
        raise InvalidInput({"taken_on": begins})
    newest = next((one for one in queries.texts(by, instrument.id) if one.is_used), None)
    if newest is not None and _is_same(newest, new, plain):
        return newest
    file = stored_file(new.file, field="file") if new.file is not None else None
    row = InstrumentText(
        instrument_id=instrument.id,
        source=new.source.strip(),
        taken_on=new.taken_on,
        text=plain or None,
        file_id=file.id if file else None,
        file_name=new.file.name if new.file else None,
        recorded_by_id=checker,
        recorded_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    if plain:
        _question_checks(instrument.id, by)
    record(
        "text.brought",
        by=by,
        subject=("legal_instrument", key),
        characters=len(plain),
        is_file=file is not None,
    )
    return row


def before_the_law(law: str, on: date) -> str:
    """Return why a text cannot have been taken or read on a day: its law is younger."""
    year = re.search(r"/(\d{4})\b", law)
    if on.year >= (int(year[1]) if year else 0):
        return ""
    return _("%(law)s belum ada pada hari itu.", law=law)


@transactional
def withdraw_text(public_id: str, *, by: Viewer) -> InstrumentText:
    """Take a text back: it is searched no more, and verdicts that it had put in question count
    again. By who brought it, or the secretariat.

    Raises NotAllowed, NotFound, Conflict where a check quotes it.
    """
    checker = checker_of(by)
    row = queries.text(by, public_id)
    if row is None:
        raise NotFound(_("Naskah itu tidak ada."))
    if row.recorded_by_id != checker and not by.may(Permission.EDIT_MAPPING):
        raise NotAllowed(_("Hanya yang membawanya atau Sekretariat dapat menarik naskah ini."))
    if not row.is_used:
        return row
    if row.id in queries.quoted_texts(by):
        raise Conflict(_("Ada putusan yang mengutip naskah ini, jadi ia tidak dapat ditarik."))
    row.withdrawn_at, row.withdrawn_by_id = now(), checker
    db.session.flush()
    _question_checks(row.instrument_id, by)
    record("text.withdrawn", by=by, subject=("legal_instrument", row.instrument.key))
    return row


def _question_checks(instrument_id: int, by: Viewer) -> None:
    """Mark the checks whose article has other words in a text that was pasted after them: they are
    to be made again. A text that does not have the article says nothing about it, unless it has the
    articles around it."""
    texts = [(one, LawText(one.text or "")) for one in queries.pasted_texts(by, instrument_id)]
    for check in queries.quoting_checks(by, instrument_id):
        later = [
            (one, law)
            for one, law in texts
            if one.id > (check.instrument_text_id or 0)
            and one.recorded_at >= check.recorded_at
            and law.speaks_of(check.article)
        ]
        newest = later[0][0] if later else None
        is_gone = newest is not None and not is_quoted_from(newest.text or "", check.quote or "")
        check.outdated_by_id = newest.id if newest is not None and is_gone else None
    follow_checks(by.own_task_force_id)


def _require_readable(new: NewText, plain: str, on: date) -> None:
    errors = {}
    if not new.source.strip():
        errors["source"] = _("Tulis dari mana naskah ini: alamat laman, atau kantornya.")
    if new.taken_on > on:
        errors["taken_on"] = _("Tanggal itu belum tiba.")
    if bool(plain) == (new.file is not None):
        errors["text"] = (
            _("Pilih salah satu: tempel naskahnya, atau lampirkan PDF.")
            if plain
            else _("Tempel naskahnya, atau lampirkan PDF.")
        )
    elif new.file is not None and new.file.media_type != PDF:
        errors["file"] = _("Naskah hukum dilampirkan sebagai PDF.")
    elif len(plain) > LONGEST_TEXT:
        errors["text"] = _(
            "Terlalu panjang: paling banyak %(max)s karakter. Tempel batang tubuhnya saja.",
            max=LONGEST_TEXT,
        )
    elif line := _line_with_identity(plain):
        errors["text"] = _(
            "Baris %(n)s memuat angka seperti NIK atau nomor KK. Hapus angka itu; nomor lembaran "
            "negara, tanggal, dan jumlah uang boleh.",
            n=line,
        )
    if errors:
        raise InvalidInput(errors)
    refuse_identity(source=new.source)


def _line_with_identity(text: str) -> int:
    """Return the number of the first line with an identity number, 0 where there is none."""
    found = [one for one in screening.findings(text) if one.severity is screening.Severity.BLOCK]
    return text.count("\n", 0, found[0].start) + 1 if found else 0


def _is_same(row: InstrumentText, new: NewText, plain: str) -> bool:
    if (row.source, row.taken_on) != (new.source.strip(), new.taken_on):
        return False
    if new.file is not None:
        return row.file is not None and row.file.sha256 == new.file.sha256
    return row.text == plain

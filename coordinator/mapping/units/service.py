"""An agency names the units that do its duties."""

from collections.abc import Mapping
from dataclasses import dataclass

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.free_text import refuse_identity
from coordinator.mapping.units import queries
from coordinator.mapping.units.models import DutyUnit
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _

LONGEST = 120


@dataclass(frozen=True, slots=True)
class UnitWords:
    """What was written for one duty: the unit, and the office in it that answers."""

    unit: str
    office: str = ""


class UnitsChanged(Conflict):
    """A colleague changed the same fields meanwhile; `fields` maps each to what it holds now."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(_("Sebagian baru saja diubah rekan Anda. Periksa, lalu simpan lagi."))
        self.fields = dict(fields)


@transactional
def name_units(
    words: Mapping[int, UnitWords], *, seen: Mapping[int, UnitWords] | None = None, by: Viewer
) -> int:
    """Record the units of an agency's duties, by duty; return how many changed.

    `seen` is what the person's page showed: what was left as it showed is not written, so that a
    colleague's words stay. No unit takes back what was said. The mapping gets no new version.
    Raises NotAllowed, NotFound (a duty is not the agency's), UnitsChanged, InvalidInput; the fields
    of both are "unit-<duty id>" and "office-<duty id>".
    """
    if not by.may(Permission.ANSWER_DUTIES) or by.account_id is None:
        raise NotAllowed(_("Hanya instansi sendiri yang dapat menyebut unitnya."))
    if queries.held_duties(by, list(words)) != set(words):
        raise NotFound(_("Uraian tugas itu tidak ada pada instansi Anda."))
    known = {
        duty_id: UnitWords(one.unit, one.office) for duty_id, one in queries.own_units(by).items()
    }
    texts: dict[str, str] = {}
    clashes: dict[str, str] = {}
    for duty_id, said in words.items():
        held = known.get(duty_id, UnitWords(""))
        shown = held if seen is None else seen.get(duty_id, UnitWords(""))
        for part, typed, was, now_held in (
            ("unit", said.unit, shown.unit, held.unit),
            ("office", said.office, shown.office, held.office),
        ):
            name, text = f"{part}-{duty_id}", one_line(typed)
            texts[name] = now_held if text == was else text
            if text not in (was, now_held) and now_held != was:
                clashes[name] = now_held
    _check(texts)
    if clashes:
        raise UnitsChanged(clashes)
    changed = 0
    for duty_id in sorted(words):
        unit, office = texts[f"unit-{duty_id}"], texts[f"office-{duty_id}"]
        if UnitWords(unit, office) == known.get(duty_id, UnitWords("")):
            continue
        db.session.add(
            DutyUnit(
                duty_id=duty_id,
                agency_id=by.own_agency_id,
                unit=unit or None,
                office=office or None,
                said_by_id=by.account_id,
                said_at=now(),
            )
        )
        changed += 1
    if changed:
        db.session.flush()
        record(
            "duty.units_named",
            by=by,
            subject=("agency", by.own_agency_id),
            agency_id=by.own_agency_id,
            duties=changed,
        )
    return changed


def one_line(text: str) -> str:
    """Return a text without line breaks: card and letter print it in one line."""
    return " ".join(text.split())


def _check(texts: Mapping[str, str]) -> None:
    refuse_identity(**texts)
    wrong = {
        name: _("Paling panjang %(max)s karakter.", max=LONGEST)
        for name, text in texts.items()
        if len(text) > LONGEST
    }
    for name, text in texts.items():
        if name.startswith("office-") and text and not texts["unit" + name.removeprefix("office")]:
            wrong.setdefault(
                "unit" + name.removeprefix("office"), _("Tulis unitnya, lalu jabatannya.")
            )
    if wrong:
        raise InvalidInput(wrong)

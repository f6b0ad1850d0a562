"""Bringing the text of a law, and saying whether the duties that cite it agree with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, FieldQuestion, InvalidInput, NotFound
from coordinator.free_text import refuse_identity
from coordinator.mapping.duties.rules import TextVerdict
from coordinator.mapping.duties.text_models import TextCheck
from coordinator.mapping.duties.text_rules import CitedWords
from coordinator.mapping.duties.text_service import follow_checks
from coordinator.mapping.text_checks import queries
from coordinator.mapping.text_checks.labels import claim_text
from coordinator.mapping.text_checks.passages import is_quoted_from
from coordinator.mapping.text_checks.rules import CheckStep
from coordinator.mapping.text_checks.text_service import before_the_law, checker_of
from coordinator.permissions import Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class NewVerdict:
    """What is said of one citation, which `subject` names with its words."""

    subject: str
    verdict: TextVerdict | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class NewChecks:
    """What a checker says of one article: a verdict for each citation, and the words quoted.

    `text_id` is the pasted text that the page showed, or ""; `seen` the newest check that it showed
    (0: none). `is_quote_sure`: the words quoted were confirmed though no pasted text has them.
    """

    verdicts: Sequence[NewVerdict]
    quote: str
    checked_on: date
    office: str
    text_id: str = ""
    seen: int = 0
    is_quote_sure: bool = False


class AlreadyChecked(Conflict):
    """Somebody else checked the same article since the page was opened."""


# --- verdicts ------------------------------------------------------------------------------------


@transactional
def check_step(step_id: str, new: NewChecks, *, by: Viewer) -> int:
    """Record what was found about every citation of an article; return how many are new.

    The same verdicts sent twice are recorded once. Raises NotAllowed, NotFound, InvalidInput by
    field ("verdict-<subject>", "remark-<subject>"), Conflict where the mapping changed meanwhile,
    AlreadyChecked where somebody checked the article meanwhile.
    """
    checker = checker_of(by)
    queries.lock(by)
    step = next((one for one in queries.steps(by) if one.id == step_id), None)
    if step is None:
        raise NotFound(_("Kutipan itu tidak ada di pemetaan yang berlaku."))
    words = {one.subject: one for one in step.items}
    if {one.subject for one in new.verdicts} != set(words):
        raise Conflict(_("Pemetaan baru saja berubah. Baca lagi tugasnya sebelum memutuskan."))
    _require_sound(new, words, today(by.zone))
    if begins := before_the_law(step.instrument, new.checked_on):
        raise InvalidInput({"checked_on": begins})
    text = queries.text(by, new.text_id) if new.text_id else None
    fresh = [one for one in new.verdicts if not _is_known(words[one.subject], one, new)]
    if fresh and new.seen != step.newest_check:
        raise AlreadyChecked(
            _("Sejak halaman ini dibuka, pasal ini dicocokkan orang lain. Baca dahulu putusannya.")
        )
    _ask_about_quote(new, step, by)
    for one in fresh:
        assert one.verdict is not None
        cited = words[one.subject]
        db.session.add(
            TextCheck(
                task_force_id=by.own_task_force_id,
                subject=one.subject,
                claim=claim_text(cited),
                article=cited.article,
                instrument_id=cited.instrument_id,
                instrument_text_id=text.id if text else None,
                quote=new.quote.strip() or None,
                verdict=one.verdict,
                remark=one.remark.strip() or None,
                checked_on=new.checked_on,
                office=new.office.strip(),
                checked_by_id=checker,
                recorded_at=now(),
            )
        )
    if not fresh:
        return 0
    follow_checks(by.own_task_force_id)
    _record(step, fresh, by)
    return len(fresh)


def _require_sound(new: NewChecks, words: Mapping[str, CitedWords], on: date) -> None:
    errors = {}
    for one in new.verdicts:
        if one.verdict is None:
            errors[f"verdict-{one.subject}"] = _(
                "Pilih putusan untuk %(agency)s: “%(what)s”.",
                agency=words[one.subject].agency,
                what=claim_text(words[one.subject]),
            )
        elif one.verdict is not TextVerdict.AGREES and not one.remark.strip():
            errors[f"remark-{one.subject}"] = _("Tulis satu kalimat: apa yang tidak sesuai.")
    agrees = any(one.verdict is TextVerdict.AGREES for one in new.verdicts)
    if agrees and not new.quote.strip():
        errors["quote"] = _("Kutip bunyi naskahnya, supaya orang lain dapat membacanya.")
    if not new.office.strip():
        errors["office"] = _("Tulis kantor yang mencocokkan.")
    if new.checked_on > on:
        errors["checked_on"] = _("Tanggal itu belum tiba.")
    if errors:
        raise InvalidInput(errors)
    refuse_identity(
        quote=new.quote,
        office=new.office,
        **{f"remark-{one.subject}": one.remark for one in new.verdicts},
    )


def _ask_about_quote(new: NewChecks, step: CheckStep, by: Viewer) -> None:
    """Ask about words to which a duty is said to agree and that no pasted text has."""
    agrees = any(one.verdict is TextVerdict.AGREES for one in new.verdicts)
    if not agrees or new.is_quote_sure:
        return
    pasted = queries.pasted_texts(by, step.instrument_id)
    if pasted and not any(is_quoted_from(one.text or "", new.quote) for one in pasted):
        raise InvalidInput(
            {
                "quote": FieldQuestion(
                    _(
                        "Kata-kata ini tidak ada di naskah yang ditempel. Periksa lagi, atau "
                        "centang bila memang begitu bunyinya di sumber lain."
                    )
                )
            }
        )


def _is_known(cited: CitedWords, one: NewVerdict, new: NewChecks) -> bool:
    """Return whether this very verdict is the one that counts already."""
    known = cited.check
    return known is not None and (
        known.verdict,
        known.remark or "",
        known.quote or "",
        known.checked_on,
        known.office,
    ) == (
        one.verdict,
        one.remark.strip(),
        new.quote.strip(),
        new.checked_on,
        new.office.strip(),
    )


def _record(step: CheckStep, fresh: Sequence[NewVerdict], by: Viewer) -> None:
    counts = {
        verdict.value: sum(one.verdict is verdict for one in fresh) for verdict in TextVerdict
    }
    record("text.checked", by=by, subject=("legal_instrument", step.instrument_key), **counts)

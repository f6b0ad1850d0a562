"""Who checks texts, and what they say. The texts are DATA CONTOH."""

from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties import queries as duty_queries
from coordinator.mapping.duties.models import LegalInstrument
from coordinator.mapping.duties.rules import TextVerdict
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.duties.service import load_mapping
from coordinator.mapping.duties.text_labels import text_sentence
from coordinator.mapping.text_checks import queries, service, text_service
from coordinator.mapping.text_checks.rules import CheckStep
from coordinator.mapping.text_checks.service import NewChecks, NewVerdict
from coordinator.mapping.text_checks.text_service import NewText
from coordinator.permissions import AccessKind, Right, Viewer
from tests import factories

TODAY = date(2026, 10, 13)
OFFICE = "Biro Hukum (contoh)"
KEY = "polda-memblokir-harta"
ARTICLE = "Pasal 32"
LAW = """DATA CONTOH, bukan bunyi undang-undang.
Pasal 32
Contoh: penyidik dapat memerintahkan pemblokiran harta. Contoh kutipan.
Pasal 45
(1) Contoh: ruang pelayanan dibentuk.
Pasal 47
Contoh: perlindungan diberikan.
"""


def lawyer() -> Viewer:
    """The focal point of Biro Hukum, with the right to check texts."""
    viewer = factories.person(AccessKind.FOCAL_POINT, "biro-hukum")
    return replace(viewer, rights=frozenset({Right.CHECK_TEXTS}))


def step_for(viewer: Viewer, article: str, instrument: str = "uu-21-2007") -> CheckStep:
    """The step of an article as it is cited."""
    return next(
        one
        for one in queries.steps(viewer)
        if (one.instrument_key, one.article) == (instrument, article)
    )


def check(
    viewer: Viewer,
    step: CheckStep,
    *verdicts: TextVerdict,
    remark: str = "Pasal menyebut orang lain.",
    on: date = TODAY,
    office: str = OFFICE,
    quote: str = "Contoh kutipan.",
    is_sure: bool = False,
    seen: int | None = None,
) -> int:
    """Give verdicts on a step's citations in order, the last for all that remain."""
    given = [
        NewVerdict(
            one.subject,
            verdict := verdicts[min(at, len(verdicts) - 1)],
            "" if verdict is TextVerdict.AGREES else remark,
        )
        for at, one in enumerate(step.subjects)
    ]
    if seen is None:
        seen = next((one.newest_check for one in queries.steps(viewer) if one.id == step.id), 0)
    new = NewChecks(given, quote, on, office, seen=seen, is_quote_sure=is_sure)
    return service.check_step(step.id, new, by=viewer)


def bring(viewer: Viewer, text: str = LAW, key: str = "uu-21-2007", **more: object) -> str:
    """Paste a text; return its id."""
    new = replace(NewText("salinan contoh", TODAY, text), **more)  # type: ignore[arg-type]
    return text_service.add_text(key, new, by=viewer).public_id


def sentence(viewer: Viewer, key: str = KEY) -> str:
    """What is said of a duty's citations."""
    db.session.expire_all()
    duty = next(one for one in duty_queries.duties(viewer) if one.duty.key == key)
    return text_sentence(duty.citations)


def instrument_day(key: str = "uu-8-2010") -> date | None:
    """The day on which a law counts as compared."""
    db.session.expire_all()
    return db.session.scalars(
        sa.select(LegalInstrument.text_checked_on).where(
            LegalInstrument.key == key, LegalInstrument.task_force_id == factories.task_force().id
        )
    ).one()


def load(mapping: Mapping) -> None:
    """Put a mapping in force."""
    load_mapping(mapping, by=None, reason="uji")

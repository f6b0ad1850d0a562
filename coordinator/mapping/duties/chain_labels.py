"""The steps of the chain and the limits in words."""

from typing import Any

from coordinator.mapping.duties.rules import (
    BasisStatus,
    ChainStep,
    LimitBound,
    LimitUnit,
    StepHolding,
)
from coordinator.translation import gettext as _


def step_labels() -> dict[ChainStep, str]:
    """Return the steps of the chain in their order."""
    return {
        ChainStep.FIND: _("Menemukan"),
        ChainStep.SERVE: _("Melayani"),
        ChainStep.SHELTER: _("Menampung"),
        ChainStep.RETURN: _("Memulangkan"),
        ChainStep.PROSECUTE: _("Memproses hukum"),
    }


def holding_labels() -> dict[StepHolding, str]:
    """Return what an agency is in a step in words."""
    return {StepHolding.LEAD: _("Penanggung jawab"), StepHolding.SUPPORT: _("Pendukung")}


def limit_size(value: int, unit: LimitUnit, at: LimitBound) -> str:
    """Return a text such as "paling lama 24 jam"."""
    counted = {
        LimitUnit.HOURS: _("%(n)s jam", n=value),
        LimitUnit.DAYS: _("%(n)s hari", n=value),
        LimitUnit.MONTHS: _("%(n)s bulan", n=value),
    }[unit]
    if at is LimitBound.MOST:
        return _("paling lama %(time)s", time=counted)
    return _("paling sedikit %(time)s", time=counted)


def limit_text(size: str, law: str | None, source: str | None, *, is_decreed: bool = False) -> str:
    """Return the size of a limit with what it rests on. What is only a model says so; where a
    decree (SK) set the duty, it says that the decree did not set the limit."""
    if law is not None:
        return f"{size} ({law})"
    model = (source or "").removeprefix("model:").strip()
    if is_decreed:
        return _(
            "%(size)s (model: %(source)s; SK menetapkan tugasnya, bukan batas waktunya)",
            size=size,
            source=model,
        )
    return _("%(size)s (model, bukan kewajiban: %(source)s)", size=size, source=model)


def step_text(step: ChainStep, holding: StepHolding | None) -> str:
    """Return a text such as "Menampung (penanggung jawab)"."""
    said = step_labels()[step]
    return f"{said} ({holding_labels()[holding].lower()})" if holding else said


def limit_of(row: Any) -> str:
    """Return the limit of a duty's row with what it rests on; empty where it has none."""
    if row.limit_value is None:
        return ""
    short = next(
        (
            one.instrument.short
            for one in row.citations
            if (one.instrument.key, one.article) == (row.limit_instrument, row.limit_article)
        ),
        "",
    )
    law = f"{short} {row.limit_article}".strip() if row.limit_article else None
    size = limit_size(row.limit_value, row.limit_unit, row.limit_at)
    is_decreed = row.status is BasisStatus.DECREE
    return limit_text(size, law, row.limit_source_label, is_decreed=is_decreed)

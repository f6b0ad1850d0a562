"""The step of a duty and its limit, between the form and the mapping."""

from collections.abc import Sequence
from typing import Any

from coordinator.errors import InvalidInput
from coordinator.forms import select_choices
from coordinator.mapping.duties.chain_labels import holding_labels, step_labels
from coordinator.mapping.duties.limits import LARGEST_LIMIT
from coordinator.mapping.duties.rules import ChainStep, LimitBound, LimitUnit, StepHolding
from coordinator.mapping.duties.seed import CitationPart, DutyPart, LimitPart, Mapping
from coordinator.mapping.versions.forms import CITATIONS, DutyForm
from coordinator.translation import gettext as _
from coordinator.typed import whole

ARTICLE, SOURCE = "pasal-", "sumber-"  # what a limit rests on: a row of the form, or a source


def set_choices(form: DutyForm, mapping: Mapping, part: DutyPart | None) -> None:
    """Give the fields about the chain what can be chosen."""
    form.step.choices = select_choices(
        [("", _("Bukan langkah rantai")), *((key.value, t) for key, t in step_labels().items())]
    )
    form.step_as.choices = select_choices(
        [("", _("Tidak ada")), *((key.value, t) for key, t in holding_labels().items())]
    )
    form.limit_at.choices = select_choices(
        [(LimitBound.MOST.value, _("Paling lama")), (LimitBound.LEAST.value, _("Paling sedikit"))]
    )
    form.limit_unit.choices = select_choices(
        [
            (LimitUnit.HOURS.value, _("jam")),
            (LimitUnit.DAYS.value, _("hari")),
            (LimitUnit.MONTHS.value, _("bulan")),
        ]
    )
    rows = max(CITATIONS, len(part.citations) if part else 0)
    form.limit_from.choices = select_choices(
        [
            ("", _("Pilih asalnya")),
            *((f"{ARTICLE}{n}", _("Pasal %(n)s di atas", n=n)) for n in range(1, rows + 1)),
            *(
                (f"{SOURCE}{source.id}", _("Hanya model: %(source)s", source=source.label))
                for source in mapping.sources
            ),
        ]
    )


def chain_data(part: DutyPart | None) -> dict[str, Any]:
    """Return the step and the limit of a duty (None: a new one) as the fields show them."""
    limit = part.limit if part else None
    if part is None or limit is None:
        return {
            "step": part.step.value if part and part.step else "",
            "step_as": part.step_as.value if part and part.step_as else "",
            "limit_at": LimitBound.MOST.value,
            "limit_unit": LimitUnit.DAYS.value,
        }
    cited = [(one.instrument, one.article) for one in part.citations]
    law = (limit.instrument or "", limit.article or "")
    origin = f"{SOURCE}{limit.source}" if limit.source else ""
    if law in cited:
        origin = f"{ARTICLE}{cited.index(law) + 1}"
    return {
        "step": part.step.value if part.step else "",
        "step_as": part.step_as.value if part.step_as else "",
        "limit_at": limit.at.value,
        "limit_value": str(limit.value),
        "limit_unit": limit.unit.value,
        "limit_from": origin,
    }


def chain_values(form: DutyForm, rows: Sequence[CitationPart | None]) -> dict[str, Any]:
    """Return what was typed as the step and the limit of a duty. `rows` are the citations by their
    place in the form, None where a row is empty. Raises InvalidInput by field."""
    return {
        "step": ChainStep(form.step.data) if form.step.data else None,
        "step_as": StepHolding(form.step_as.data) if form.step_as.data else None,
        "limit": _limit(form, rows),
    }


def _limit(form: DutyForm, rows: Sequence[CitationPart | None]) -> LimitPart | None:
    typed, origin = (form.limit_value.data or "").strip(), form.limit_from.data or ""
    if not typed:
        if origin:
            raise InvalidInput({"limit_value": _("Tulis angkanya, atau kosongkan asalnya.")})
        return None
    value = whole(typed)
    if not 1 <= value <= LARGEST_LIMIT:
        raise InvalidInput(
            {"limit_value": _("Tulis bilangan bulat dari 1 sampai %(n)s.", n=LARGEST_LIMIT)}
        )
    size = {
        "value": value,
        "unit": LimitUnit(form.limit_unit.data),
        "at": LimitBound(form.limit_at.data),
    }
    if origin.startswith(SOURCE):
        return LimitPart.made(**size, source=origin.removeprefix(SOURCE))
    place = whole(origin.removeprefix(ARTICLE)) - 1
    law = rows[place] if 0 <= place < len(rows) else None
    if law is None:
        raise InvalidInput(
            {
                "limit_from": _("Pasal itu belum diisi.")
                if origin
                else _("Pilih pasalnya, atau sumbernya bila hanya model.")
            }
        )
    return LimitPart.made(**size, instrument=law.instrument, article=law.article)

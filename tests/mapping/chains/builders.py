"""Steps of a chain, invented; and the bundled mapping with other ones."""

from dataclasses import replace

from coordinator.mapping.chains.rules import ChainGroup, StepDuty, StepHolder
from coordinator.mapping.duties.rules import ChainStep, StepHolding
from coordinator.mapping.duties.seed import Mapping

GROUPS = tuple(
    ChainGroup(number, f"pokja-{number}", numeral, f"Contoh {numeral}")
    for number, numeral in enumerate(("I", "II", "III"), start=1)
)
IDS = {"Dinsos": 1, "Dinkes": 2, "Polda": 3, "LPSK": 4}


def step_duty(
    group: int, step: ChainStep, agency: str, holding: str = "lead", *, is_proposal: bool = True
) -> StepDuty:
    """One duty of an agency in a step."""
    holder = StepHolder(IDS[agency], agency, agency.lower(), is_proposal)
    return StepDuty(group, step, StepHolding(holding), holder, "Contoh tugas")


def with_steps(mapping: Mapping, steps: dict[str, tuple[str, str]]) -> Mapping:
    """The mapping with these steps (step, standing) by duty, and no others."""
    duties = [
        replace(
            one,
            step=ChainStep(steps[one.id][0]) if one.id in steps else None,
            step_as=StepHolding(steps[one.id][1]) if one.id in steps else None,
            limit=one.limit if one.id in steps else None,
        )
        for one in mapping.duties
    ]
    return replace(mapping, duties=duties)

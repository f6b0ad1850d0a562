"""Who holds which step: every state, what counts as a gap, and the hand-overs of one agency."""

from collections.abc import Sequence

import pytest

from coordinator.mapping.chains.hand_over_rules import own_steps
from coordinator.mapping.chains.labels import gap_text, lines, own_step_text, summary
from coordinator.mapping.chains.rules import (
    HeldState,
    StepDuty,
    chains,
    gaps,
)
from coordinator.mapping.duties.rules import ChainStep
from tests.mapping.chains.builders import GROUPS, IDS, step_duty

FIND, SERVE, SHELTER, RETURN, PROSECUTE = ChainStep

# duties -> the state of "serve" in pokja I, II, III
STATES: list[tuple[str, list[StepDuty], tuple[str, str, str]]] = [
    ("nobody", [], ("nobody", "nobody", "nobody")),
    ("one lead", [step_duty(1, SERVE, "Dinsos")], ("held", "elsewhere", "elsewhere")),
    (
        "a lead and a support",
        [step_duty(1, SERVE, "Dinsos"), step_duty(1, SERVE, "LPSK", "support")],
        ("held", "elsewhere", "elsewhere"),
    ),
    (
        "two leads in one pokja",
        [step_duty(1, SERVE, "Dinsos"), step_duty(1, SERVE, "Dinkes")],
        ("two_leads", "elsewhere", "elsewhere"),
    ),
    (
        "two leads in two pokja",
        [step_duty(1, SERVE, "Dinsos"), step_duty(2, SERVE, "Dinkes")],
        ("held", "held", "elsewhere"),
    ),
    (
        "one agency that leads with two duties",
        [step_duty(1, SERVE, "Dinsos"), step_duty(1, SERVE, "Dinsos")],
        ("held", "elsewhere", "elsewhere"),
    ),
    (
        "one agency that leads and supports",
        [step_duty(1, SERVE, "Dinsos", "support"), step_duty(1, SERVE, "Dinsos")],
        ("held", "elsewhere", "elsewhere"),
    ),
    (
        "supports here, a lead elsewhere",
        [step_duty(1, SERVE, "LPSK", "support"), step_duty(3, SERVE, "Dinsos")],
        ("led_elsewhere", "elsewhere", "held"),
    ),
    (
        "supports alone",
        [step_duty(1, SERVE, "LPSK", "support"), step_duty(3, SERVE, "Dinkes", "support")],
        ("no_lead", "elsewhere", "no_lead"),
    ),
    ("another step alone", [step_duty(1, FIND, "Polda")], ("nobody", "nobody", "nobody")),
]


@pytest.mark.parametrize(
    ("duties", "states"), [row[1:] for row in STATES], ids=[row[0] for row in STATES]
)
def test_the_state_of_a_step_in_each_pokja(
    duties: Sequence[StepDuty], states: tuple[str, ...]
) -> None:
    found = [chain.links[1] for chain in chains(GROUPS, duties)]
    assert [link.step for link in found] == [SERVE] * 3
    assert tuple(link.state.value for link in found) == states


WHOLE = [
    step_duty(1, FIND, "Polda"),
    step_duty(2, SERVE, "Dinkes"),
    step_duty(3, SHELTER, "Dinsos"),
    step_duty(3, RETURN, "Dinsos"),
    step_duty(1, PROSECUTE, "Polda", is_proposal=False),
]


@pytest.mark.parametrize(
    ("duties", "said"),
    [
        (WHOLE, []),
        (
            WHOLE[1:],
            ["Menemukan: tidak ada instansi yang menjalankannya di pokja mana pun."],
        ),
        (
            [step_duty(1, FIND, "Polda", "support"), *WHOLE[1:]],
            ["Menemukan: belum ada penanggung jawab. Pendukungnya di Pokja I."],
        ),
        (
            [
                step_duty(1, FIND, "Polda", "support"),
                step_duty(2, FIND, "Dinkes", "support"),
                step_duty(3, FIND, "LPSK", "support"),
                *WHOLE[1:],
            ],
            ["Menemukan: belum ada penanggung jawab. Pendukungnya di Pokja I, II, dan III."],
        ),
        (
            [*WHOLE, step_duty(3, RETURN, "LPSK")],
            ["Memulangkan: lebih dari satu penanggung jawab di Pokja III."],
        ),
        # Led in two pokja is no gap: each pokja has its lead.
        ([*WHOLE, step_duty(1, RETURN, "LPSK")], []),
    ],
)
def test_what_the_chain_lacks_is_said_once(duties: Sequence[StepDuty], said: list[str]) -> None:
    assert [gap_text(one) for one in gaps(chains(GROUPS, duties))] == said


def test_of_one_pokja_its_own_gaps_are_said_and_what_nobody_holds() -> None:
    duties = [step_duty(1, SERVE, "Dinsos"), step_duty(1, SERVE, "Dinkes")]
    first, second, _third = chains(GROUPS, duties)
    assert [one.state for one in gaps([first])].count(HeldState.TWO_LEADS) == 1
    assert [one.state for one in gaps([second])] == [HeldState.NOBODY] * 4


def words(duties: Sequence[StepDuty], pokja: int, step: ChainStep) -> list[str]:
    """What is said of a step in a pokja."""
    chain = chains(GROUPS, duties)[pokja - 1]
    return [line.words for line in lines(next(one for one in chain.links if one.step is step))]


def test_the_lead_comes_first_and_proposals_say_so() -> None:
    duties = [
        step_duty(1, SERVE, "LPSK", "support", is_proposal=False),
        step_duty(1, SERVE, "Dinkes", "support"),
        step_duty(1, SERVE, "Dinsos"),
    ]
    assert words(duties, 1, SERVE) == [
        "Penanggung jawab: Dinsos (usulan)",
        "Pendukung: LPSK",
        "Pendukung (usulan): Dinkes",
    ]
    assert words(duties, 2, SERVE) == ["Di Pokja I: Dinsos (usulan)"]


def test_one_settled_duty_settles_an_agency_in_its_step() -> None:
    duties = [step_duty(1, SERVE, "Dinsos"), step_duty(1, SERVE, "Dinsos", is_proposal=False)]
    assert words(duties, 1, SERVE) == ["Penanggung jawab: Dinsos"]


def test_what_is_missing_is_said_in_words() -> None:
    two = [step_duty(1, SERVE, "Dinsos"), step_duty(1, SERVE, "Dinkes")]
    assert words(two, 1, SERVE)[0] == "Lebih dari satu penanggung jawab"
    alone = [step_duty(1, SERVE, "LPSK", "support")]
    assert words(alone, 1, SERVE)[0] == "Belum ada penanggung jawab"
    assert words(alone, 2, SERVE) == ["Di Pokja I, pendukung saja: 1 instansi"]
    assert words([], 1, SERVE) == ["Tidak ada instansi yang menjalankan langkah ini"]


def test_the_summary_names_leads_with_their_pokja_and_counts_the_others() -> None:
    duties = [
        step_duty(1, SERVE, "Dinsos", is_proposal=False),
        step_duty(2, SERVE, "Dinkes"),
        step_duty(2, SERVE, "LPSK", "support"),
        step_duty(3, SERVE, "LPSK", "support"),
        step_duty(3, SERVE, "Dinsos", "support"),
    ]
    assert [line.words for line in summary(chains(GROUPS, duties), 1)] == [
        "Penanggung jawab: Dinsos (Pokja I), Dinkes (Pokja II, usulan)",
        "Pendukung: 1 instansi di Pokja II dan III",
    ]
    assert [line.words for line in summary(chains(GROUPS, duties), 0)] == [
        "Tidak ada instansi yang menjalankan langkah ini"
    ]


def own(duties: Sequence[StepDuty], agency: str) -> list[str]:
    """What the card of an agency says."""
    return [own_step_text(one) for one in own_steps(GROUPS, duties, IDS[agency])]


def test_an_agency_reads_from_whom_and_to_whom_a_step_passes() -> None:
    assert own(WHOLE, "Dinkes") == [
        "Melayani (penanggung jawab), Pokja II. Sebelumnya menemukan, oleh Polda di Pokja I. "
        "Sesudahnya menampung, oleh Dinsos di Pokja III."
    ]
    assert own(WHOLE, "Dinsos")[0] == (
        "Menampung (penanggung jawab), Pokja III. Sebelumnya melayani, oleh Dinkes di Pokja II. "
        "Sesudahnya memulangkan, oleh instansi Anda sendiri."
    )
    assert own(WHOLE, "Polda") == [
        "Menemukan (penanggung jawab), Pokja I. Sesudahnya melayani, oleh Dinkes di Pokja II.",
        "Memproses hukum (penanggung jawab), Pokja I. "
        "Sebelumnya memulangkan, oleh Dinsos di Pokja III.",
    ]
    assert own(WHOLE, "LPSK") == []


def test_who_leads_in_the_own_pokja_is_named_before_others() -> None:
    duties = [*WHOLE, step_duty(3, SERVE, "LPSK")]
    assert "Sebelumnya melayani, oleh LPSK di Pokja III." in own(duties, "Dinsos")[0]
    assert "oleh Dinkes di Pokja II, LPSK di Pokja III" in " ".join(own(duties, "Polda"))


def test_a_step_that_nobody_leads_is_said_on_the_card() -> None:
    duties = [step_duty(3, SHELTER, "Dinsos", "support"), step_duty(1, SERVE, "LPSK", "support")]
    assert own(duties, "Dinsos") == [
        "Menampung (pendukung), Pokja III. Sebelumnya melayani (belum ada penanggung jawab). "
        "Sesudahnya memulangkan (belum ada penanggung jawab)."
    ]

"""A mapping written as YAML or JSON reads back as the same mapping, no matter what people typed."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordinator.mapping.duties.document import MAPPING_FORMAT
from coordinator.mapping.duties.lint import check
from coordinator.mapping.duties.seed import Mapping
from coordinator.typed import clean
from tests.mapping.duties.builders import KEY, reworded

HARD = [
    "no", "yes", "null", "~", "true", "007", "1e3", "0x1F", "12:30", "2026-10-13", "=", "<<",
    "a: b", "a #b", "# a", "- a", "? a", "[a]", "{a: b}", "&a", "*a", "!a", "|", ">", "%a", "@a",
    "`a`", '"a"', "'a'", "it's", "a\\nb", "a\nb", "a\n\n  b\nc", "a\n", "tab\tin", "dua  spasi",
    "🙂 emoji", "é ü ñ", "\u200ba", "a\u00a0b", "a\u2028b", "a\u0085b", "---",
    "...", "\ufeffa", "x" * 160,
]  # fmt: skip


def written(mapping: Mapping, folder: Path) -> Mapping:
    """The mapping after a trip through a YAML file."""
    file = folder / "peran.yaml"
    file.write_text(MAPPING_FORMAT.to_yaml(mapping), encoding="utf-8", newline="")
    found, findings = check(file)
    assert found is not None, findings
    return found


def test_the_real_mapping_comes_back_the_same(mapping: Mapping, tmp_path: Path) -> None:
    assert written(mapping, tmp_path) == mapping
    assert MAPPING_FORMAT.from_json(MAPPING_FORMAT.to_json(mapping)) == mapping
    # Written twice, it is the same file: a person can compare two exports.
    assert MAPPING_FORMAT.to_yaml(written(mapping, tmp_path)) == MAPPING_FORMAT.to_yaml(mapping)


def test_the_file_is_one_a_person_can_edit(mapping: Mapping) -> None:
    text = MAPPING_FORMAT.to_yaml(mapping)
    assert text.startswith("# Pemetaan pokja")
    assert "&" not in [line.strip()[:1] for line in text.splitlines()]
    assert "Mengawasi" in text
    assert "\\u" not in text


@pytest.mark.parametrize("value", HARD, ids=ascii)
def test_what_people_type_comes_back_as_they_see_it(
    mapping: Mapping, tmp_path: Path, value: str
) -> None:
    small = replace(
        mapping,
        duties=[d for d in mapping.duties if d.id == KEY],
        memberships=[m for m in mapping.memberships if m.agency == "dispora"],
    )
    changed = reworded(small, KEY, text=value, unit=value, evidence=[value, value], example=value)
    # Spaces around a text are trimmed when a file is read, and what nobody sees is dropped.
    plain = clean(value)
    cleaned = reworded(small, KEY, text=plain, unit=plain, evidence=[plain, plain], example=plain)
    assert written(changed, tmp_path) == Mapping.checked(cleaned.to_plain())
    assert MAPPING_FORMAT.from_json(MAPPING_FORMAT.to_json(changed)) == Mapping.checked(
        changed.to_plain()
    )


@given(
    text=st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")),
        min_size=1,
        max_size=60,
    )
    .map(lambda text: clean(text).strip())
    .filter(bool)
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_comes_back(mapping: Mapping, tmp_path: Path, text: str) -> None:
    small = replace(
        mapping,
        duties=[d for d in mapping.duties if d.id == KEY],
        memberships=[m for m in mapping.memberships if m.agency == "dispora"],
    )
    changed = reworded(small, KEY, text=text, evidence=[text])
    assert written(changed, tmp_path) == changed

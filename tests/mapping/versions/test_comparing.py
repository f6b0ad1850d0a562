"""Any two versions side by side: what is said on which side. Pure."""

from coordinator.mapping.duties.diff import compare
from coordinator.mapping.duties.differences import MappingChange
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions.comparing import by_agencies, sided, with_marks
from tests.mapping.duties.builders import KEY, reworded
from tests.mapping.versions.builders import changed


def words(side: tuple[tuple[bool, str], ...]) -> str:
    """A side with its marked words in brackets."""
    return "".join(f"[{text}]" if is_changed else text for is_changed, text in side)


def test_the_words_that_differ_are_marked_on_their_side() -> None:
    old, new = with_marks("Mengawasi pengiriman pemuda ke luar", "Mengawasi magang pemuda ke luar")
    assert words(old) == "Mengawasi [pengiriman] pemuda ke luar"
    assert words(new) == "Mengawasi [magang] pemuda ke luar"
    assert with_marks("", "Baru") == ((), ((False, "Baru"),))


def test_each_change_is_with_its_agency_old_left_new_right(mapping: Mapping) -> None:
    after = changed(mapping)
    groups = {one.key: one for one in by_agencies(compare(mapping, after), mapping, after)}
    own = [duty for duty in mapping.duties if duty.agency == "dispora"]
    found = {one.change: one for one in groups["dispora"].changes}
    assert words(found[MappingChange.REMOVED].old).startswith(own[1].text)
    assert found[MappingChange.REMOVED].new == ()
    assert found[MappingChange.ADDED].old == ()
    assert words(found[MappingChange.ADDED].new).startswith("Mencatat lembaga pelatihan")
    assert words(found[MappingChange.REWORDED].old).replace("[", "").replace("]", "") == own[0].text
    assert found[MappingChange.MOVED].label == own[2].text
    assert [one.change for one in groups["dinsos"].changes] == [MappingChange.MOVED]
    (only,) = by_agencies(compare(mapping, after), mapping, after, only="dinsos")
    assert only == groups["dinsos"]


def test_a_reworded_duty_is_not_named_twice(mapping: Mapping) -> None:
    (one,) = compare(mapping, reworded(mapping, KEY, text="Mengawasi magang"))
    assert sided(one).label == ""

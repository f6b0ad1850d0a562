"""Two people at one draft, in any order: nobody overwrites what they had not seen."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordinator.errors import Conflict
from coordinator.permissions import AccessKind, Viewer
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.drafts.queries import obligation_for
from tests import factories

EXAMPLES = 1000 if os.environ.get("SOAK") else 20

# Who (0 or 1) does what: reads the page again, types a word, saves (by hand or by the page itself),
# or sends the very same save again because the answer was lost.
STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["open", "type", "save", "autosave", "again"])),
    min_size=4,
    max_size=14,
)


class Editor:
    """Somebody at the form: what they saw stored, what is in their field, their version."""

    def __init__(self, viewer: Viewer, name: str) -> None:
        self.viewer = viewer
        self.name = name
        self.seen: set[str] = set()
        self.text = ""
        self.version = 0
        self.typed = 0


@pytest.fixture
def editors(in_app: None) -> tuple[str, list[Editor]]:
    """The focal point and the alternate of Dispora, and their report."""
    story = factories.story()
    alternate = factories.person(
        AccessKind.FOCAL_POINT, "dispora", email="dua@uji.example", alternate=True
    )
    obligation = factories.obligation_of(story.assignment, "dispora")
    return obligation.public_id, [Editor(story.focal_point, "satu"), Editor(alternate, "dua")]


def test_no_save_overwrites_in_silence(editors: tuple[str, list[Editor]]) -> None:
    report_id, people = editors
    conflicts = [0]
    accepted = [0]
    stored = {"text": "", "version": 0}

    def save(editor: Editor, *, is_autosave: bool) -> None:
        draft = {"kind": "achievement", "note": editor.text}
        try:
            report = drafts.save_draft(
                report_id, draft, version=editor.version, by=editor.viewer, is_autosave=is_autosave
            )
        except Conflict:
            conflicts[0] += 1
            assert editor.version != stored["version"]  # never refused for nothing
            return
        accepted[0] += 1
        # What stood there was seen by who replaces it, or is the same text.
        assert stored["text"] in editor.seen or stored["text"] == editor.text
        assert obligation_for(report_id, editor.viewer)[1].draft.get("note", "") == editor.text
        stored.update(text=editor.text, version=report.version)
        editor.version = report.version
        editor.seen.add(editor.text)

    def look(editor: Editor) -> None:
        editor.text, editor.version = str(stored["text"]), int(stored["version"])
        editor.seen.add(editor.text)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(steps=STEPS)
    def interleave(steps: list[tuple[int, str]]) -> None:
        for editor in people:
            look(editor)
        for who, step in steps:
            editor = people[who]
            if step == "open":
                look(editor)
            elif step == "type":
                editor.typed += 1
                editor.text += f" {editor.name}{editor.typed}"
                editor.text = editor.text[-300:]
            elif step == "again":
                before, version = editor.text, editor.version
                save(editor, is_autosave=False)
                editor.text, editor.version = before, version  # the answer never came
                save(editor, is_autosave=False)
            else:
                save(editor, is_autosave=step == "autosave")

    interleave()
    print(f"two editors: {EXAMPLES} interleavings, {accepted[0]} saves, {conflicts[0]} conflicts")
    assert conflicts[0] > 0
    assert accepted[0] > 0

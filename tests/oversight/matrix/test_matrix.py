"""The matrix of a small scenario: every number apart, on screen and in the CSV."""

import csv
import html
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.models import Assignment
from coordinator.assignments.obligations import extensions
from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.oversight.matrix import exports, queries
from coordinator.oversight.matrix.agency_queries import agency_lines
from coordinator.oversight.matrix.labels import cell_word
from coordinator.oversight.matrix.rules import Band, Counts, Layer
from coordinator.people.directory.models import Agency
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AccessLog
from coordinator.platform.documents.csvfile import FORMULA_STARTS
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.reports.rules import ShortfallReason
from coordinator.reporting.verification.rules import VerifyInput
from coordinator.reporting.verification.service import verify_report
from tests import factories
from tests.conftest import Browser

PAST_DUE = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)


@dataclass
class Scene:
    """Six agencies in pokja I, each with another fate; the period closed four days ago."""

    leadership: Viewer
    secretariat: Viewer
    period_id: int

    @property
    def period(self) -> ReportingPeriod:
        """The period, in the session of the moment."""
        return db.session.get_one(ReportingPeriod, self.period_id)

    def counts(self, viewer: Viewer | None = None) -> dict[str, Counts]:
        """Counts of every agency that was asked for something."""
        found = queries.matrix(viewer or self.leadership, self.period, Layer.LAPOR, on=today())
        return {row.slug: row.counts for row in found.rows if row.counts.total}

    def bands(self, layer: Layer) -> dict[str, Band]:
        """The colour of each asked agency in pokja I."""
        found = queries.matrix(self.leadership, self.period, layer, on=today())
        [group] = [g for g in found.groups if g.key == "pencegahan"]
        return {
            row.slug: row.cells[group.id].band
            for row in found.rows
            if row.counts.total and group.id in row.cells
        }


LEADS = {
    "dispora": "1.1",  # reported 5, verified 4
    "satpol-pp": "1.2",  # silent
    "disdikbud": "1.3",  # nil
    "dpmpd": "1.5",  # blocked
    "disnakertrans": "1.7",  # disputed
    "diskominfo": "1.8",  # has more time
}


def build(clock: time_machine.Traveller) -> Scene:
    """Make the scenario."""
    secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    leadership = factories.person(AccessKind.LEADERSHIP, home="biro-kesra")
    period = factories.open_period()
    assignments: dict[str, Assignment] = {}
    people: dict[str, Viewer] = {}
    for slug, code in LEADS.items():
        people[slug] = factories.person(AccessKind.FOCAL_POINT, slug)
        assignments[slug] = factories.assign(secretariat, code, slug, join=period)
    reported = factories.obligation_of(assignments["dispora"], "dispora")
    factories.submit(reported, people["dispora"], "5")
    first, second = drafts.asked_of(reported)
    given = VerifyInput(
        1,
        identity_checked=True,
        values={first.id: "4", second.id: "5"},
        shortfall_reason=ShortfallReason.COUNTED_TWICE,
    )
    verify_report(reported.public_id, given, by=secretariat)
    factories.submit(
        factories.obligation_of(assignments["disdikbud"], "disdikbud"),
        people["disdikbud"],
        **{"kind": "nil", "nil_reason": "Sekolah libur."},
    )
    factories.submit(
        factories.obligation_of(assignments["dpmpd"], "dpmpd"),
        people["dpmpd"],
        kind="blocked",
        blocked_by="Menunggu data desa.",
    )
    for link in assignments["disnakertrans"].lead.duties:
        answer_duty(
            link.duty_id, Answer.NOT_OURS, reason="Kewenangan pusat.", by=people["disnakertrans"]
        )
    extensions.grant_extension(
        period.id,
        factories.agency("diskominfo").id,
        until_on=date(2026, 10, 30),
        reason="Pindah kantor",
        by=secretariat,
    )
    scene = Scene(leadership, secretariat, period.id)
    clock.move_to(PAST_DUE)
    return scene


@pytest.fixture
def scene(
    app: flask.Flask,
    clock: time_machine.Traveller,
    remember: Callable[[str, Callable[[], Scene]], Scene],
) -> Iterator[Scene]:
    """The scenario inside an app context."""
    found = remember("matrix", lambda: build(clock))
    with app.app_context():
        yield found


DONE = Counts(total=1, due=1, in_time=1, reported=1)


def test_silent_nil_blocked_disputed_and_not_due_are_numbers_of_their_own(scene: Scene) -> None:
    assert scene.counts() == {
        "dispora": replace(DONE, verified=1),
        "satpol-pp": Counts(total=1, due=1, silent=1),
        "disdikbud": replace(DONE, waiting=1, nil=1),
        "dpmpd": replace(DONE, waiting=1, blocked=1),
        "disnakertrans": Counts(total=1, disputed=1),
        "diskominfo": Counts(total=1),
    }
    found = queries.matrix(scene.leadership, scene.period, Layer.LAPOR, on=today())
    assert found.totals == Counts(
        total=6,
        disputed=1,
        due=4,
        in_time=3,
        reported=3,
        verified=1,
        waiting=2,
        nil=1,
        blocked=1,
        silent=1,
    )


@pytest.mark.parametrize(
    ("layer", "bands"),
    [
        (
            Layer.LAPOR,
            {
                "dispora": Band.ON_TARGET,
                "satpol-pp": Band.SILENT,
                "disdikbud": Band.ON_TARGET,
                "dpmpd": Band.ON_TARGET,
                "disnakertrans": Band.DISPUTED,
                "diskominfo": Band.NOT_DUE,
            },
        ),
        (
            Layer.CAPAIAN,
            {
                # 4 verified of 9 due in the third quarter; the second indicator has no target.
                "dispora": Band.BELOW,
                "satpol-pp": Band.SILENT,
                "disdikbud": Band.NIL,
                "dpmpd": Band.BLOCKED,
                "disnakertrans": Band.DISPUTED,
                "diskominfo": Band.NOT_DUE,
            },
        ),
    ],
)
def test_the_colours_of_a_layer(scene: Scene, layer: Layer, bands: dict[str, Band]) -> None:
    assert scene.bands(layer) == bands


def test_reported_and_verified_stand_side_by_side(scene: Scene) -> None:
    [line] = agency_lines(scene.leadership, factories.agency("dispora"), scene.period)
    assert [str(value) for value, _unit in line.reported] == ["5", "5"]
    assert [str(value) for value, _unit in line.verified] == ["4", "5"]


def test_a_supporters_report_never_counts_towards_the_target(
    in_app: None, clock: time_machine.Traveller
) -> None:
    story = factories.story()
    factories.submit(
        factories.obligation_of(story.assignment, "disnakertrans"),
        story.supporter,
        contribution="99",
    )
    clock.move_to(PAST_DUE)
    found = queries.matrix(story.leadership, story.period, Layer.CAPAIAN, on=today())
    [group] = [g for g in found.groups if g.key == "pencegahan"]
    cells = {row.slug: row.cells.get(group.id) for row in found.rows}
    assert cells["dispora"] is not None
    assert cells["dispora"].band is Band.SILENT
    assert cells["disnakertrans"] is not None
    assert cells["disnakertrans"].total == 0


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (
            Layer.LAPOR,
            {
                "dispora": "Lewat batas",
                "disnakertrans": "Lewat batas",
                "diskominfo": "Belum jatuh tempo",
                "satpol-pp": "Belum jatuh tempo",
                "dpmpd": "Tanpa tugas",
                "disdikbud": "Tanpa tugas",
            },
        ),
        (
            Layer.CAPAIAN,
            {
                "dispora": "Lewat batas",
                "disnakertrans": "Pendukung saja",
                "diskominfo": "Belum jatuh tempo",
                "satpol-pp": "Pendukung saja",
                "dpmpd": "Tanpa tugas",
                "disdikbud": "Tanpa tugas",
            },
        ),
    ],
)
def test_not_due_only_supporting_and_without_a_task_are_three_words(
    in_app: None, clock: time_machine.Traveller, layer: Layer, words: dict[str, str]
) -> None:
    # Of a closed period: one leads and was silent, one supports it; two hold an action that is not
    # reported in it; one was given something only after it; one was never given anything.
    story = factories.story()
    factories.assign(story.secretariat, "1.2", "diskominfo", ("satpol-pp",))
    clock.move_to(PAST_DUE)
    factories.assign(story.secretariat, "1.3", "dpmpd")
    found = queries.matrix(story.leadership, story.period, layer, on=today())
    [group] = [g for g in found.groups if g.key == "pencegahan"]
    said = {
        row.slug: cell_word(layer, row.cells[group.id])
        for row in found.rows
        if row.slug in words and group.id in row.cells
    }
    assert said == words
    for row in found.rows:
        bands = {cell.band for cell in row.cells.values()}
        assert row.is_without_task == (bands <= {Band.NO_TASK, Band.SUPPORT})
        assert not (row.is_without_task and row.needs_attention)


def test_a_member_without_duties_is_no_stranger_to_the_pokja(scene: Scene) -> None:
    found = queries.matrix(scene.leadership, scene.period, Layer.PAHAM, on=today())
    cells = [cell for row in found.rows for cell in row.cells.values()]
    assert all(cell_word(Layer.PAHAM, cell) for cell in cells)


def test_a_court_has_a_row_and_no_colour(scene: Scene) -> None:
    for layer in Layer:
        found = queries.matrix(scene.leadership, scene.period, layer, on=today())
        [court] = [row for row in found.rows if row.slug == "pengadilan-tinggi"]
        assert court.is_court
        assert court.cells == {}
        assert not court.needs_attention


def test_another_task_force_has_none_of_it(scene: Scene) -> None:
    elsewhere = replace(scene.leadership, task_force_id=factories.task_force("64.72").id)
    assert queries.matrix(elsewhere, scene.period, Layer.LAPOR, on=today()).rows == []
    assert scene.counts(elsewhere) == {}
    agency = factories.agency("dispora")
    assert agency_lines(elsewhere, agency, scene.period) == []


def test_a_pokja_filter_narrows_cells_and_counts(scene: Scene) -> None:
    found = queries.matrix(
        scene.leadership, scene.period, Layer.LAPOR, on=today(), working_group="koordinasi"
    )
    assert [group.key for group in found.groups] == ["koordinasi"]
    assert found.totals.total == 0


# --- screen and CSV ------------------------------------------------------------------------------


@pytest.fixture
def reader(
    app: flask.Flask, browser: Callable[[], Browser], clock: time_machine.Traveller
) -> Browser:
    """The leadership, signed in, with the scenario behind them."""
    with app.app_context():
        address = factories.email_of(build(clock).leadership)
    return browser().sign_in(address, factories.PASSWORD)


def read_csv(data: bytes) -> list[dict[str, str]]:
    """The rows of the export, as Excel with Indonesian settings reads them."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("layer", list(Layer))
def test_the_csv_says_what_the_screen_says(app: flask.Flask, reader: Browser, layer: Layer) -> None:
    page = reader.get(f"/matriks?lapis={layer.value}").text
    answer = reader.get(f"/matriks.csv?lapis={layer.value}")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    exported = {row["Singkatan"]: row for row in read_csv(answer.data)}
    shown = 0
    for name, cells in _screen_rows(page).items():
        row = exported[name]
        for text, cell in zip(list(row.values())[2:8], cells, strict=False):
            if cell.startswith("·"):
                assert text == ""  # not a member
            elif ":" not in text:  # several actions are said in full only in the export
                shown += 1
                assert cell == text
    assert shown > 10
    dispora = exported["Dispora"]
    assert [dispora[key] for key in ("Laporan", "Dilaporkan", "Terverifikasi", "Lewat batas")] == [
        "1",
        "1",
        "1",
        "0",
    ]
    with app.app_context():
        logged = db.session.scalars(sa.select(AccessLog)).all()
        assert [entry.what for entry in logged] == ["export"]


def test_the_head_and_the_groups_tell_agencies_without_a_task_apart(reader: Browser) -> None:
    for layer, title in (("lapor", "Tanpa tugas"), ("capaian", "Tanpa tugas atau pendukung saja")):
        page = html.unescape(reader.get(f"/matriks?lapis={layer}").text)
        [(counted, asked)] = re.findall(r"(\d+) dari (\d+) instansi perlu perhatian", page)
        groups = dict(
            re.findall(
                r'<tr class="group"><th[^>]*>(?:<a.*?</a><span[^>]*>)?([^<(]+?)'
                r" \((\d+)\)",
                page,
            )
        )
        assert groups["Perlu perhatian"] == counted
        assert int(groups[title]) > 10
        assert f"{groups.pop(title)} instansi lain: {title.lower()}." in page
        assert sum(map(int, groups.values())) == int(asked)
        assert "Belum waktu" not in page


def _screen_rows(page: str) -> dict[str, list[str]]:
    """Agency -> the words of its first six cells."""
    rows: dict[str, list[str]] = {}
    for line in re.findall(r"<tr>.*?</tr>", page, re.S):
        head = re.search(r'<th scope="row"><a[^>]*>(.*?)</a>', line, re.S)
        if head:
            cells = re.findall(r"<td.*?</td>", line, re.S)[:6]
            texts = [re.sub(r"<[^>]+>", " ", cell) for cell in cells]
            rows[html.unescape(head[1])] = [html.unescape(" ".join(t.split())) for t in texts]
    return rows


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_a_name_that_looks_like_a_formula_is_made_harmless(scene: Scene, start: str) -> None:
    name = f'{start}HYPERLINK("http://x.example";"klik")'
    with db.engine.begin() as connection:
        connection.execute(
            sa.update(Agency).where(Agency.slug == "dispora").values(abbreviation=name, name=name)
        )
    db.session.rollback()
    found = queries.matrix(scene.leadership, scene.period, Layer.LAPOR, on=today())
    text = exports.matrix_csv(found, {}).decode("utf-8-sig")
    fields = [
        cell
        for row in csv.reader(io.StringIO(text), delimiter=";")
        for cell in row
        if "klik" in cell
    ]
    assert len(fields) == 2
    assert all(field == f"'{name}" for field in fields)
    assert all(
        not cell.startswith(FORMULA_STARTS)
        for row in csv.reader(io.StringIO(text), delimiter=";")
        for cell in row
    )

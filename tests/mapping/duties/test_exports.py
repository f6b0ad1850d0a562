"""The responsibility matrix: what counts as a gap, and what the files hold."""

import csv
import io

import openpyxl
import pytest
import sqlalchemy as sa

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.mapping.duties import exports
from coordinator.mapping.duties.models import Membership, WorkingGroup
from coordinator.mapping.duties.queries import duties
from coordinator.mapping.duties.responsibility import MappingFilter, Responsibility, responsibility
from coordinator.mapping.duties.rules import BasisStatus, MembershipKind
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.oversight.cards.builders import pages

pytestmark = pytest.mark.usefixtures("in_app")
ZONE = "Asia/Makassar"


@pytest.fixture
def office() -> Viewer:
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")


@pytest.fixture
def holes(in_app: None) -> None:
    """Pokja IV loses its koordinator, Dispora joins it without a duty, an agency has nothing."""
    _tear()
    db.session.rollback()


@transactional
def _tear() -> None:
    group = db.session.scalars(sa.select(WorkingGroup).where(WorkingGroup.numeral == "IV")).one()
    lead = db.session.scalars(
        sa.select(Membership).where(
            Membership.working_group_id == group.id, Membership.kind == MembershipKind.LEAD
        )
    ).one()
    lead.until = 2
    force = factories.task_force()
    db.session.add(
        Membership(
            working_group_id=group.id,
            agency_id=factories.agency("dispora").id,
            kind=MembershipKind.MEMBER,
            status=BasisStatus.PROPOSAL,
            source_label="usulan sekretariat",
            since=1,
        )
    )
    db.session.add(
        Agency(
            task_force_id=force.id,
            key="uji",
            slug="uji",
            name="=Instansi Uji",
            abbreviation="=Uji",
            kind=AgencyKind.LEMBAGA,
        )
    )
    db.session().info["audited"] = True


def test_the_workbook_lists_the_duties_that_the_matrix_counts(office: Viewer) -> None:
    asked = MappingFilter(group="penegakan-hukum", status=BasisStatus.REGULATION)
    matrix = responsibility(office, asked)
    head, *lines = exports.duty_table(matrix, duties(office))
    assert head[-3:] == ["Pencocokan naskah", "Langkah rantai", "Batas waktu"]
    assert len(lines) == matrix.duties > 0
    assert {line[1] for line in lines} == {"V Penegakan Hukum"}
    assert {line[4] for line in lines} == {"Peraturan"}
    assert {line[7] for line in lines} == {"belum dicocokkan dengan naskah JDIH"}


def names(matrix: Responsibility) -> list[str]:
    """Return the slugs of the rows, in order."""
    return [row.agency.slug for row in matrix.rows]


def test_the_seed_has_no_gap(office: Viewer) -> None:
    matrix = responsibility(office, MappingFilter())
    assert (len(matrix.rows), len(matrix.columns), matrix.duties, matrix.gaps) == (42, 6, 203, 0)
    assert [column.lead for column in matrix.columns] == [
        "DKP3A",
        "Dinkes",
        "Dinsos",
        "Kanwil Kemenkum",
        "Polda Kaltim",
        "DKP3A",
    ]
    assert sum(column.duties for column in matrix.columns) == 203
    assert sum(column.members for column in matrix.columns) == 80


@pytest.mark.usefixtures("holes")
def test_every_kind_of_gap_is_found_and_said(office: Viewer) -> None:
    matrix = responsibility(office, MappingFilter(gaps_only=True))
    assert set(names(matrix)) == {"dispora", "kanwil-kemenkum", "uji"}
    assert matrix.gaps == 4
    rows = exports.table(matrix)
    head, body = rows[0], {row[0]: row for row in rows[1:]}
    column = head.index("IV Norma Hukum")
    assert body["Dispora"][column] == "Anggota · belum ada tugas"
    assert body["Kanwil Kemenkum"][column] == "Bukan anggota · 4 tugas"
    assert body["Koordinator"][column] == "belum ada koordinator"
    assert body["=Uji"][-1] == "belum di pokja mana pun"
    assert body["Dispora"][-1] == "belum ada tugas di 1 pokja"
    assert body["Kanwil Kemenkum"][-1] == "tugas di 1 pokja tanpa keanggotaan"


def test_filters_narrow_rows_and_columns(office: Viewer) -> None:
    one = responsibility(office, MappingFilter(group="norma-hukum"))
    assert [column.group.key for column in one.columns] == ["norma-hukum"]
    assert "biro-hukum" in names(one)
    assert "dispora" not in names(one)
    courts = responsibility(office, MappingFilter(kind=AgencyKind.PENGADILAN))
    assert names(courts) == ["pengadilan-tinggi"]
    proposals = responsibility(office, MappingFilter(status=BasisStatus.PROPOSAL))
    settled = responsibility(office, MappingFilter(status=BasisStatus.REGULATION))
    assert proposals.duties + settled.duties == 203
    assert "lpsk" not in names(proposals)
    polda = next(row for row in settled.rows if row.agency.slug == "polda")
    assert sum(part.duties for part in polda.parts.values()) > polda.shown > 0


def test_nothing_of_another_task_force() -> None:
    office = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    elsewhere = Viewer(
        account_id=office.account_id,
        kind=office.kind,
        task_force_id=factories.task_force("64.01").id,
    )
    matrix = responsibility(elsewhere, MappingFilter())
    assert (matrix.rows, matrix.columns) == ([], [])


@pytest.mark.usefixtures("holes")
def test_the_csv_opens_in_indonesian_excel(office: Viewer) -> None:
    body = exports.matrix_csv(responsibility(office, MappingFilter()))
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert {len(row) for row in rows} == {11}
    assert len(rows) == 1 + 43 + 2
    assert not [cell for row in rows for cell in row if cell.startswith("=")]


@pytest.mark.usefixtures("holes")
def test_the_workbook_says_when_and_how_filtered(office: Viewer) -> None:
    matrix = responsibility(office, MappingFilter(gaps_only=True))
    said = ["hanya yang ada kurangnya"]
    body = exports.matrix_xlsx(matrix, duties(office), said, at=now(), zone=ZONE)
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames == ["Peran", "Uraian tugas", "Keterangan"]
    said = [row[0].value for row in book["Keterangan"].iter_rows(min_row=2)]
    assert said == [
        "Dibuat Selasa, 13 Oktober 2026 pukul 10.00 WITA",
        "Saringan: hanya yang ada kurangnya",
        "Versi pemetaan 1",
    ]
    cells = {cell.value: cell.data_type for row in book["Peran"].iter_rows() for cell in row}
    assert cells["=Uji"] == "s"
    assert "f" not in cells.values()


@pytest.mark.usefixtures("holes")
def test_the_paper_is_landscape_and_marks_gaps(office: Viewer) -> None:
    matrix = responsibility(office, MappingFilter())
    body = exports.matrix_pdf(
        matrix, [], directory.letterhead(factories.task_force()), at=now(), zone=ZONE
    )
    text = pages(body)
    for number, page in enumerate(text, start=1):
        assert f"Halaman {number} dari {len(text)}" in page
        assert "VI Koordinasi" in page  # the head is repeated
    whole = " ".join(text)
    assert "PEMERINTAH PROVINSI KALIMANTAN TIMUR" in whole
    assert "! belum ada koordinator" in whole
    assert "! belum di pokja mana pun" in whole
    assert "! Bukan anggota · 4 tugas" in whole

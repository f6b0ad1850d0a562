"""What nobody holds, who holds nothing, and the list of loads."""

import io

import flask
import openpyxl
import pytest

from coordinator.home.workload import free_actions, idle_agencies, loads, shown
from tests import factories
from tests.assignments.letters.builders import seated, session_of


def test_counts_follow_what_is_given(in_app: None) -> None:
    story = factories.story()
    free = free_actions(story.secretariat)
    assert free.total == 41
    assert [code for code, _title in free.first] == ["1.2", "1.3", "1.4", "1.5", "1.6"]
    idle = [slug for slug, _name in idle_agencies(story.secretariat)]
    assert "dispora" not in idle
    assert "dinkes" in idle
    every = {load.slug: load for load in loads(story.secretariat)}
    assert not any("pengadilan" in slug or slug.startswith("pt-") for slug in every)
    assert sorted(load.slug for load in every.values() if load.is_idle) == sorted(idle)
    dispora, supporter = every["dispora"], every["disnakertrans"]
    assert (dispora.leads, dispora.supports, dispora.reports) == (1, 0, 1)
    assert (supporter.leads, supporter.supports, supporter.reports) == (0, 1, 1)
    assert dispora.groups == ("I",)
    # Sending a report leaves one less to send; the assignment stays.
    factories.submit(factories.obligation_of(story.assignment, "dispora"), story.focal_point)
    after = {load.slug: load for load in loads(story.secretariat)}["dispora"]
    assert (after.leads, after.reports) == (1, 0)

    rows = shown(every.values(), working_group="pencegahan", only_idle=False, order="-utama")
    assert rows[0].slug == "dispora"
    assert all("pencegahan" in load.group_keys for load in rows)
    names = [
        load.abbreviation.lower()
        for load in shown(every.values(), working_group="", only_idle=True, order="instansi")
    ]
    assert names == sorted(names)
    assert len(names) == len(idle)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_home_and_the_list_with_its_files(app: flask.Flask) -> None:
    with app.app_context():
        session = session_of(factories.story().secretariat)
    office = seated(app, session)
    home = office.get("/beranda").text
    assert "Aksi yang belum ditugaskan" in home
    assert "dan 36 aksi lain" in home
    assert "Instansi tanpa penugasan" in home
    page = office.get("/penugasan/instansi?urut=-utama&tanpa=x&pokja=").text
    assert page.index('href="/penugasan?instansi=dispora"') < page.index(
        "Badan Pengelolaan Keuangan"
    )
    assert 'aria-sort="descending"' in page
    idle = office.get("/penugasan/instansi?tanpa=1").text
    assert ">Dispora<" not in idle
    lines = office.get("/penugasan/instansi.csv?tanpa=1").data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Singkatan;Instansi;Pokja")
    assert not any(line.startswith("Dispora;") for line in lines)
    book = openpyxl.load_workbook(
        io.BytesIO(office.get("/penugasan/instansi.xlsx?urut=-utama").data)
    )
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[1][0] == "Dispora"
    assert rows[1][4] == 1
    assert (
        office.get("/penugasan/instansi?urut=%27;drop&tanpa=1&pokja=tidak-ada").status_code == 200
    )

"""The floors: what the same rows cost with nothing but Flask, sqlite3, Jinja2 and csv.

Served by gunicorn with the product's worker settings, so that both sides pay the same for HTTP.
`BENCH_FLOOR` names a JSON file with the database, the statements that the product's own query
functions sent (captured, see bench/capture.py) and the ids.
"""

import csv
import io
import json
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

import flask

PAGE = """<!doctype html><html lang="id"><head><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1>
{% for rows in sets if rows %}<table>
{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>
{% endfor %}</table>{% endfor %}</body></html>"""
MATRIX = """<!doctype html><html lang="id"><head><title>Matriks</title></head><body><table>
<tr><th>Instansi</th>{% for group in groups %}<th>{{ group[1] }}</th>{% endfor %}</tr>
{% for agency in agencies %}<tr><th>{{ agency[1] }}</th>
{% for group in groups %}{% set cell = cells.get((agency[0], group[0])) %}
<td>{% if cell %}<b>{{ cell[2] }}</b> {{ cell[3] }}/{{ cell[4] }}{% else %}-{% endif %}</td>
{% endfor %}</tr>
{% endfor %}</table></body></html>"""
LAPOR = """
SELECT agency_id, working_group_id, count(*), sum(in_time), sum(overdue OR reported),
       sum(reported), sum(verified), sum(kind = 'nil'), sum(kind = 'blocked'),
       sum(overdue AND NOT reported)
FROM (
  SELECT o.agency_id, o.working_group_id, r.kind,
         coalesce(r.state IN ('submitted', 'returned', 'verified'), 0) AS reported,
         coalesce(r.state = 'verified', 0) AS verified,
         max(o.due_on, coalesce(e.until_on, '')) < :today AS overdue,
         coalesce(date(r.first_submitted_at, '+8 hours')
                  <= max(o.due_on, coalesce(e.until_on, '')), 0) AS in_time
  FROM obligation o
  LEFT JOIN extension e ON e.period_id = o.period_id AND e.agency_id = o.agency_id
  LEFT JOIN report r ON r.obligation_id = o.id
  WHERE o.period_id = :period AND o.task_force_id = :force AND o.ended_as IS NULL
) GROUP BY agency_id, working_group_id
"""
CAPAIAN = """
WITH verified AS (
  SELECT p.assignment_id, vv.indicator_id, sum(vv.value) AS value
  FROM reporting_period now
  JOIN reporting_period rp ON rp.task_force_id = now.task_force_id AND rp.year = now.year
                          AND rp.position <= now.position
  JOIN obligation o ON o.period_id = rp.id
  JOIN assignment_party p ON p.id = o.party_id AND p.kind = 'lead'
  JOIN report r ON r.obligation_id = o.id AND r.state = 'verified'
  JOIN report_revision rv ON rv.report_id = r.id
  JOIN verification v ON v.revision_id = rv.id
  JOIN verified_value vv ON vv.verification_id = v.id
  WHERE now.id = :period
  GROUP BY p.assignment_id, vv.indicator_id
)
SELECT o.agency_id, o.working_group_id, min(1.0 * v.value / t.value),
       sum(v.value >= 0.9 * t.value), count(*)
FROM obligation o
JOIN assignment_party p ON p.id = o.party_id AND p.kind = 'lead'
JOIN reporting_period now ON now.id = o.period_id
LEFT JOIN report r ON r.obligation_id = o.id
LEFT JOIN assignment_target t ON t.assignment_id = p.assignment_id AND t.year = now.year
                             AND t.period_id IS NULL
LEFT JOIN verified v ON v.assignment_id = p.assignment_id AND v.indicator_id = t.indicator_id
WHERE o.period_id = :period AND o.task_force_id = :force AND o.ended_as IS NULL
GROUP BY o.agency_id, o.working_group_id
"""
INSERT = "INSERT INTO kept (kind, subject, note) VALUES (?, ?, ?)"
MATRICES = {"lapor": LAPOR, "capaian": CAPAIAN}

app = flask.Flask("floor")
facts: dict[str, Any] = json.loads(Path(os.environ["BENCH_FLOOR"]).read_text())
_page = app.jinja_env.from_string(PAGE)
_matrix = app.jinja_env.from_string(MATRIX)
_constant = "<!doctype html><title>Tetap</title>" + "<p>Halaman yang tidak berubah.</p>" * 400
_local = threading.local()


def _database(name: str = "database") -> sqlite3.Connection:
    found: sqlite3.Connection | None = getattr(_local, name, None)
    if found is None:
        found = sqlite3.connect(facts[name], isolation_level=None)
        found.execute("PRAGMA synchronous=FULL")
        setattr(_local, name, found)
    return found


@app.get("/sehat")
def alive() -> dict[str, bool]:
    """Answer that the process is alive."""
    return {"alive": True}


@app.get("/tetap")
def constant() -> str:
    """Return a page that costs nothing but HTTP and Flask."""
    return _constant


@app.get("/halaman/<name>")
def page(name: str) -> str:
    """Run every statement that the product's page needs; return the rows in a plain table."""
    database = _database()
    statements = facts["pages"][name]
    sets = [database.execute(sql, values).fetchall() for sql, values in statements]
    return _page.render(title=name, sets=sets)


def _matrix_rows() -> tuple[list[Any], list[Any], dict[tuple[int, int], Any]]:
    database = _database()
    values = {name: facts[name] for name in ("force", "period", "today")}
    layer = flask.request.args.get("lapis", "lapor")
    rows = database.execute(MATRICES[layer], values).fetchall()
    agencies = database.execute(
        "SELECT id, abbreviation, name FROM agency WHERE task_force_id = ? ORDER BY abbreviation",
        (facts["force"],),
    ).fetchall()
    groups = database.execute(
        "SELECT id, numeral, short FROM working_group WHERE task_force_id = ? ORDER BY position",
        (facts["force"],),
    ).fetchall()
    return agencies, groups, {(row[0], row[1]): row for row in rows}


@app.get("/matriks")
def matrix() -> str:
    """Run one aggregating statement; return a plain table."""
    agencies, groups, cells = _matrix_rows()
    return _matrix.render(agencies=agencies, groups=groups, cells=cells)


@app.get("/matriks.csv")
def matrix_csv() -> flask.Response:
    """Return the same aggregate through the csv module."""
    agencies, groups, cells = _matrix_rows()
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Singkatan", "Instansi", *(f"{group[1]} {group[2]}" for group in groups)])
    for agency in agencies:
        found = [cells.get((agency[0], group[0])) for group in groups]
        counts = [sum(cell[n] or 0 for cell in found if cell) for n in (2, 3, 4)]
        writer.writerow(
            [agency[1], agency[2], *(f"{c[3]}/{c[4]}" if c else "" for c in found), *counts]
        )
    return flask.Response(out.getvalue().encode(), mimetype="text/csv")


@app.post("/kirim/<number>")
def write(number: str) -> tuple[str, int]:
    """Write the rows of a submission in one durable transaction."""
    database = _database("writing")
    note = flask.request.form.get("note", "")
    database.execute("BEGIN IMMEDIATE")
    for kind in ("report", "revision", "value", "audit", "audit"):
        database.execute(
            "INSERT INTO kept (kind, subject, note) VALUES (?, ?, ?)", (kind, number, note)
        )
    database.execute("COMMIT")
    return "", 303

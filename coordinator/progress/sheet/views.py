"""Filling many reports at once in a spreadsheet."""

import json
import secrets
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordinator import edge, web
from coordinator.clock import today
from coordinator.directory import queries as directory
from coordinator.documents.making import XLSX_TYPE
from coordinator.errors import InvalidInput
from coordinator.permissions import Permission
from coordinator.progress.approval.asking import asks_head
from coordinator.progress.sheet import exports, queries, service
from coordinator.progress.sheet.rules import Line
from coordinator.typed import clean, whole

bp = flask.Blueprint("sheet", __name__)


def _words() -> dict[str, str]:
    return {
        "twice": _("Laporan ini sudah ada di baris lain"),
        "unknown": _("Laporan ini tidak dikenali, sudah dikirim, atau bukan milik instansi Anda"),
        "kind": _("Pilih jenis laporan dari daftar"),
        "indicators": _("Indikatornya sudah berubah. Unduh lembar baru"),
        "choice": _("Pilih Sudah atau Belum"),
        "long": _("Terlalu panjang"),
        "ditto": _("Tulis isinya. “Sama dengan di atas” tidak dibaca di lembar ini"),
        "send": _("Isi ya atau tidak"),
        "stale": _("Laporan ini diubah sejak lembar diunduh. Unduh lembar baru"),
        "identity": _("Ada angka seperti NIK di sini. Hapus angka itu"),
    }


@bp.get("/tugas-saya/lembar.xlsx")
@web.requires(Permission.WRITE_REPORTS)
def sheet() -> ResponseReturnValue:
    """The agency's own sheet: every open report, with what its draft holds."""
    viewer = web.viewer()
    agency = directory.agency(viewer)
    body = exports.sheet(queries.open_reports(viewer))
    name = f"laporan_{agency.slug if agency else 'instansi'}_{today(viewer.zone).isoformat()}.xlsx"
    return edge.download(body, XLSX_TYPE, name)


@bp.route("/tugas-saya/lembar", methods=["GET", "POST"])
@web.requires(Permission.WRITE_REPORTS)
def upload() -> ResponseReturnValue:
    """Download, fill, upload; what would happen is shown. Nothing is kept until it is applied."""
    viewer = web.viewer()
    lines: list[Line] | None = None
    said: list[str] = []
    error = ""
    if flask.request.method == "POST":
        upload = flask.request.files.get("sheet")
        try:
            data = upload.stream.read(service.LARGEST + 1) if upload else b""
            checked = service.preview(data, by=viewer)
            lines, said = checked.lines, checked.said
        except InvalidInput as refused:
            error = refused.fields.get("sheet", "")
    return _page(lines, error=error, said=said), (422 if error else 200)


def _page(lines: list[Line] | None, *, error: str = "", **more: Any) -> str:
    viewer = web.viewer()
    found = lines or []
    wrong = [line for line in found if line.problems]
    acting = [line for line in found if not line.problems and (line.is_changed or line.send)]
    words = _words()
    return flask.render_template(
        "progress/sheet.html",
        open_reports=len(queries.open_reports(viewer)),
        lines=lines,
        wrong=[
            (line, [(p.cell, words.get(p.what, p.what)) for p in line.problems]) for line in wrong
        ],
        to_send=[line for line in acting if line.send],
        to_keep=[line for line in acting if not line.send],
        shown=lambda line: [
            text for name, text in line.draft.items() if name.startswith(("value-", "contribution"))
        ],
        same=len(found) - len(wrong) - len(acting),
        payload=json.dumps(
            [
                {"key": one.key, "version": one.version, "draft": one.draft, "send": one.send}
                for one in acting
            ]
        ),
        form_key=more.get("form_key") or secrets.token_urlsafe(16),
        error=error,
        said=more.get("said") or [],
        agency=directory.agency(viewer),
        asks_head=asks_head(viewer.own_agency_id, viewer.zone),
        done=flask.request.args.get("selesai", ""),
    )


@bp.post("/tugas-saya/lembar/terapkan")
@web.requires(Permission.WRITE_REPORTS)
def apply() -> ResponseReturnValue:
    """Do what the preview said: all of it, or nothing."""
    try:
        drafts, sent = service.apply_sheet(
            _wanted(flask.request.form.get("payload", "")),
            form_key=flask.request.form.get("form_key", "") or secrets.token_urlsafe(16),
            confirmed=flask.request.form.get("confirmed") == "y",
            by=web.viewer(),
        )
    except InvalidInput as error:
        return _page(None, error=" ".join(error.fields.values())), 422
    return flask.redirect(flask.url_for("sheet.upload", selesai="1", draf=drafts, kirim=sent), 303)


def _wanted(payload: str) -> list[service.Wanted]:
    """Read what the preview page sent back; it is checked again like anything typed."""
    try:
        rows = json.loads(payload)
        return [
            service.Wanted(
                key=clean(str(row["key"])),
                version=whole(row["version"], -1),
                draft={clean(str(k)): clean(str(v)) for k, v in dict(row["draft"]).items()},
                send=bool(row["send"]),
            )
            for row in list(rows)[:500]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput({"sheet": _("Pratinjau ini tidak lengkap. Unggah lagi.")}) from error

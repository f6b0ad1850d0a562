"""Filling many reports at once in a spreadsheet."""

import json
import secrets

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import today
from coordinator.errors import InvalidInput
from coordinator.people.directory import queries as directory
from coordinator.permissions import Permission
from coordinator.platform.documents.rendering import XLSX_TYPE
from coordinator.reporting.approval.asking import asks_head
from coordinator.reporting.reports.labels import field_labels, kind_labels
from coordinator.reporting.reports.rules import SURE
from coordinator.reporting.sheet import exports, queries, service
from coordinator.reporting.sheet.rules import TYPED, SheetLine, SheetProblem, SheetQuestion
from coordinator.translation import gettext as _
from coordinator.typed import clean, whole

bp = flask.Blueprint("sheet", __name__)


def _problem_texts() -> dict[str, str]:
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
    checked: service.Checked | None = None
    error = ""
    if flask.request.method == "POST":
        upload = flask.request.files.get("sheet")
        try:
            data = upload.stream.read(service.LARGEST + 1) if upload else b""
            checked = service.preview(data, by=viewer)
        except InvalidInput as refused:
            error = refused.fields.get("sheet", "")
    return _page(checked, error=error), (422 if error else 200)


def _page(checked: service.Checked | None, *, error: str = "", form_key: str = "") -> str:
    viewer = web.viewer()
    lines = checked.lines if checked else []
    found = [line for line in lines if not line.is_hidden]
    wrong = [line for line in lines if line.problems and not line.is_hidden]
    acting = [line for line in found if not line.problems and (line.is_changed or line.send)]
    hidden = [line for line in lines if line.is_hidden and (line.is_changed or line.send)]
    texts = _problem_texts()
    return flask.render_template(
        "reporting/sheet/sheet.html",
        open_reports=len(queries.open_reports(viewer)),
        checked=checked,
        wrong=[
            (line, [(_where(p, line, checked), texts.get(p.what, p.what)) for p in line.problems])
            for line in wrong
        ],
        hidden=hidden,
        where=lambda one, line: _where(one, line, checked),
        why=lambda problem: texts.get(problem.what, problem.what),
        to_send=[line for line in acting if line.send],
        to_keep=[line for line in acting if not line.send],
        shown=lambda line: _shown(line, checked),
        same=len(found) - len(wrong) - len(acting),
        payload=json.dumps(
            [
                {
                    "key": one.key,
                    "version": one.version,
                    "draft": one.draft,
                    "send": one.send,
                    "row": one.row,
                    "hidden": one.is_hidden,
                }
                for one in [*acting, *(line for line in hidden if not line.problems)]
            ]
        ),
        chosen=flask.request.form.getlist("baris"),
        form_key=form_key or secrets.token_urlsafe(16),
        error=error,
        said=checked.said if checked else [],
        agency=directory.agency(viewer),
        asks_head=asks_head(viewer.own_agency_id, viewer.zone),
        done=flask.request.args.get("selesai", ""),
    )


def _where(
    one: SheetProblem | SheetQuestion, line: SheetLine, checked: service.Checked | None
) -> str:
    """Return a place as people find it on a telephone too: indicator, column, then the cell."""
    heads = (
        dict(zip(checked.layout.columns, exports.heads(checked.layout), strict=True))
        if checked
        else {}
    )
    report = checked.reports.get(line.key) if checked else None
    head, name = heads.get(one.column, ""), ""
    if report:
        names = {f"value{n}": each.name for n, each in enumerate(report.indicators, start=1)}
        name = names.get(one.column, "")
    column = _("kolom %(head)s", head=head) if head else ""
    named = ", ".join(text for text in (name, column) if text)
    return f"{named} ({one.cell})" if named else one.cell


def _shown(line: SheetLine, checked: service.Checked | None) -> list[tuple[str, str]]:
    """Return what a line would keep, as (label, text) in the order of the form."""
    report = checked.reports.get(line.key) if checked else None
    labels = field_labels()
    kinds = {kind.value: str(label) for kind, label in kind_labels().items()}
    found = [(labels["kind"], kinds.get(line.draft.get("kind", ""), ""))]
    for indicator in report.indicators if report else []:
        text = line.draft.get(f"value-{indicator.id}", "")
        if indicator.kind in exports.CHOICES:
            text = exports.choice_labels().get(text, text)
        found.append((f"{indicator.name} ({indicator.unit})", text))
    found += [(labels[name], line.draft.get(name, "")) for name in ("contribution", *TYPED)]
    return [(label, text) for label, text in found if text]


@bp.post("/tugas-saya/lembar/terapkan")
@web.requires(Permission.WRITE_REPORTS)
def apply() -> ResponseReturnValue:
    """Do what the preview said: all of it, or nothing."""
    form = flask.request.form
    form_key = form.get("form_key", "") or secrets.token_urlsafe(16)
    wanted: list[service.ConfirmedLine] = []
    try:
        wanted = _wanted(form.get("payload", ""))
        chosen = set(form.getlist("baris"))
        drafts, sent = service.apply_sheet(
            [one for one in wanted if not one.is_hidden or one.key in chosen],
            form_key=form_key,
            confirmed=form.get("confirmed") == "y",
            by=web.viewer(),
        )
    except InvalidInput as error:
        checked = service.recheck(wanted, by=web.viewer()) if wanted else None
        return _page(checked, error=" ".join(error.fields.values()), form_key=form_key), 422
    return flask.redirect(
        flask.url_for("reporting.sheet.upload", selesai="1", draf=drafts, kirim=sent), 303
    )


def _answered(key: str, draft: dict[str, str]) -> dict[str, str]:
    """Return a row's draft with the ticks "memang benar" of the preview: each is about one text."""
    ticks = {name: flask.request.form.get(f"{SURE}{key}-{name}") for name in draft}
    return draft | {
        SURE + name: text for name, text in draft.items() if text and ticks[name] == text
    }


def _wanted(payload: str) -> list[service.ConfirmedLine]:
    """Read what the preview page sent back; it is checked again like anything typed."""
    try:
        rows = json.loads(payload)
        return [
            service.ConfirmedLine(
                key=clean(str(row["key"])),
                version=whole(row["version"], -1),
                draft=_answered(
                    str(row["key"]),
                    {clean(str(k)): clean(str(v)) for k, v in dict(row["draft"]).items()},
                ),
                send=bool(row["send"]),
                row=whole(row.get("row", 0), 0),
                is_hidden=bool(row.get("hidden")),
            )
            for row in list(rows)[:500]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput({"sheet": _("Pratinjau ini tidak lengkap. Unggah lagi.")}) from error

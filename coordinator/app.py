"""The application factory: registers every part, in order. No logic."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import flask
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from coordinator import commands, edge, formatting, tags, translation, web
from coordinator.assignments.letters import views as letters_views
from coordinator.assignments.pages import bulk_views as assignment_bulk_views
from coordinator.assignments.pages import change_views
from coordinator.assignments.pages import views as assignment_views
from coordinator.assignments.proposals import views as proposals_views
from coordinator.db import db
from coordinator.home import (
    first_page_views,
    first_step_views,
    list_views,
    search_views,
    settings_views,
    shell,
)
from coordinator.home import views as home_views
from coordinator.mapping.answers import views as answers_views
from coordinator.mapping.chains import views as chains_views
from coordinator.mapping.copies import views as copies_views
from coordinator.mapping.decrees import views as decrees_views
from coordinator.mapping.duties import text_labels
from coordinator.mapping.duties import views as duties_views
from coordinator.mapping.text_checks import text_views as law_text_views
from coordinator.mapping.text_checks import views as text_checks_views
from coordinator.mapping.units import views as units_views
from coordinator.mapping.versions import comparison_views as mapping_comparison_views
from coordinator.mapping.versions import part_views as mapping_part_views
from coordinator.mapping.versions import views as mapping_versions_views
from coordinator.oversight.calendar import day_off_views
from coordinator.oversight.calendar import views as calendar_views
from coordinator.oversight.campaigns import views as campaigns_views
from coordinator.oversight.cards import views as cards_views
from coordinator.oversight.commitments import views as commitments_views
from coordinator.oversight.handover import views as handover_views
from coordinator.oversight.matrix import summary_service as matrix_summary
from coordinator.oversight.matrix import views as matrix_views
from coordinator.oversight.opening import index_views, period_views
from coordinator.oversight.opening import views as opening_views
from coordinator.oversight.reminders import views as reminders_views
from coordinator.oversight.rulings import views as rulings_views
from coordinator.oversight.stuck import views as stuck_views
from coordinator.people.accounts import entrance_views, invitation_views
from coordinator.people.accounts import views as accounts_views
from coordinator.people.accounts.returning import pages as returning
from coordinator.people.accounts.session import login_manager
from coordinator.people.directory import views as directory_views
from coordinator.people.importing import views as importing_views
from coordinator.people.onboarding import task_force_views
from coordinator.people.onboarding import views as onboarding_views
from coordinator.people.rights import views as rights_views
from coordinator.periods import year_views
from coordinator.plans.importing import views as plan_importing_views
from coordinator.plans.versions import editing_views as plan_editing_views
from coordinator.plans.versions import sample_views as plan_sample_views
from coordinator.plans.versions import undo_views as plan_undo_views
from coordinator.plans.versions import views as plan_versions_views
from coordinator.platform.audit import views as audit_views
from coordinator.platform.background_jobs import views as background_jobs_views
from coordinator.platform.holding import views as holding_views
from coordinator.platform.mail import views as mail_views
from coordinator.platform.operations.rules import REBUILDS
from coordinator.platform.saved_views import views as saved_views
from coordinator.reporting.approval import views as approval_views
from coordinator.reporting.decisions import views as decisions_views
from coordinator.reporting.evidence.taking_in import MOST_FILES
from coordinator.reporting.evidence_pages import review_views as review_views
from coordinator.reporting.evidence_pages import views as evidence_views
from coordinator.reporting.links import views as links_views
from coordinator.reporting.on_behalf import views as on_behalf_views
from coordinator.reporting.receipts import views as receipts_views
from coordinator.reporting.report_form import views as report_form_views
from coordinator.reporting.report_pages import views as report_pages_views
from coordinator.reporting.sampling import views as sampling_views
from coordinator.reporting.settings import views as reporting_settings_views
from coordinator.reporting.sheet import views as sheet_views
from coordinator.reporting.threads import views as threads_views
from coordinator.reporting.verification import preview_views
from coordinator.reporting.verification import undo_views as verification_undo_views
from coordinator.reporting.verification import views as verification_views
from coordinator.template_cache import TemplateCache
from coordinator.template_indentation import WithoutIndentation

VIEWS = (
    home_views,
    first_page_views,
    settings_views,
    search_views,
    list_views,
    first_step_views,
    saved_views,
    accounts_views,
    entrance_views,
    invitation_views,
    directory_views,
    onboarding_views,
    task_force_views,
    importing_views,
    rights_views,
    handover_views,
    duties_views,
    chains_views,
    text_checks_views,
    law_text_views,
    cards_views,
    answers_views,
    units_views,
    campaigns_views,
    rulings_views,
    mapping_versions_views,
    mapping_part_views,
    mapping_comparison_views,
    decrees_views,
    plan_versions_views,
    plan_editing_views,
    plan_sample_views,
    plan_undo_views,
    plan_importing_views,
    commitments_views,
    letters_views,
    proposals_views,
    index_views,
    year_views,
    opening_views,
    period_views,
    evidence_views,
    review_views,
    report_pages_views,
    receipts_views,
    sheet_views,
    approval_views,
    on_behalf_views,
    reporting_settings_views,
    report_form_views,
    links_views,
    verification_views,
    verification_undo_views,
    preview_views,
    threads_views,
    decisions_views,
    sampling_views,
    assignment_views,
    change_views,
    assignment_bulk_views,
    calendar_views,
    day_off_views,
    stuck_views,
    matrix_views,
    reminders_views,
    background_jobs_views,
    mail_views,
    holding_views,
    audit_views,
    copies_views,
)

MEGABYTE = 1024 * 1024
FORM_AROUND_THEM = 5 * MEGABYTE


def create_app(settings: config.Settings | None = None, **overrides: Any) -> flask.Flask:
    """Return the application for `settings` (default: read from the environment).

    `overrides` are Flask configuration keys, for tests.
    """
    settings = settings or config.load()
    app = flask.Flask(
        "coordinator",
        template_folder=str(config.ROOT / "templates"),
        static_folder=str(config.ROOT / "coordinator" / "static"),
    )
    edge.register(app)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings.database_url),
        SESSION_COOKIE_NAME="__Host-sesi" if settings.is_https else "sesi",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MOST_FILES * settings.evidence_mb * MEGABYTE + FORM_AROUND_THEM,
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        WTF_CSRF_TIME_LIMIT=None,
        # The token's cookie is __Host-, which no other host can set; and pages with a secret in
        # their address send no Referer: asking for one would refuse their forms.
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE="id",
        BABEL_DEFAULT_TIMEZONE="UTC",
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
    )
    app.config.update(overrides)
    if settings.trusted_proxies:
        # The host is never taken from a proxy: TRUSTED_HOSTS checks the requested one.
        # The nearest proxy says which scheme was used: each proxy replaces that header.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=1)  # type: ignore[method-assign]

    db.init_app(app)
    Babel(app)
    translation.register(app)
    CSRFProtect(app)
    login_manager.init_app(app)
    web.register(app)
    returning.register(app)
    formatting.register(app)
    tags.register(app)
    text_labels.register(app)
    shell.register(app)
    app.jinja_env.globals["asset"] = cache(_asset_address)
    app.jinja_env.bytecode_cache = TemplateCache(settings.data_dir)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(WithoutIndentation)
    _register_views(app)
    matrix_summary.watch()
    app.extensions[REBUILDS] = (matrix_summary.rebuild,)
    commands.register(app)
    return app


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 5}, "hide_parameters": True}
    return {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 5, "hide_parameters": True}


def _asset_address(name: str) -> str:
    """Return the address of a static file; its content's hash in it lets it be kept for a year."""
    path = Path(config.ROOT / "coordinator" / "static" / name)
    return f"/static/{name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:10]}"


def _register_views(app: flask.Flask) -> None:
    """Register each capability's views below its package.

    An endpoint therefore says where its view and its template are: `reporting.verification.queue`.
    """
    rooms: dict[str, flask.Blueprint] = {}
    for blueprint in dict.fromkeys(module.bp for module in VIEWS):
        room, *capability = blueprint.import_name.split(".")[1:-1]
        if not capability:
            rooms[room] = blueprint
            continue
        rooms.setdefault(room, flask.Blueprint(room, f"coordinator.{room}"))
        rooms[room].register_blueprint(blueprint)
    for blueprint in rooms.values():
        app.register_blueprint(blueprint)

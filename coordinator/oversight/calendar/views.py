"""All dates on one page, and the feed for a phone's calendar."""

import hashlib
from datetime import date

import flask
from flask.typing import ResponseReturnValue

from coordinator import child, web
from coordinator.clock import today
from coordinator.formatting import month_and_year
from coordinator.oversight.calendar import queries, service
from coordinator.oversight.calendar.blueprint import bp
from coordinator.people.directory import queries as directory
from coordinator.permissions import AGENCY_KINDS, Permission

WRITER = "coordinator.oversight.calendar.feedwriter"
FEED_AGE = 900  # seconds a calendar may keep what it read


@bp.get("/kalender")
@web.requires(Permission.SEE_PERIODS)
def calendar() -> ResponseReturnValue:
    """Show windows, last days, extensions, reminder days and days off, by month."""
    viewer = web.viewer()
    on = today(viewer.zone)
    settings = flask.current_app.config["SETTINGS"]
    feed = queries.own_feed(viewer, on)
    address = ""
    if feed is not None:
        token = service.token_of(feed, flask.current_app.config["SECRET_KEY"])
        address = f"{settings.base_url}/kalender/{token}.ics"
    days = _days(on)
    return flask.render_template(
        "oversight/calendar/calendar.html",
        months=days,
        on=on,
        feed=feed,
        address=address,
        webcal=address.replace("https://", "webcal://").replace("http://", "webcal://"),
        may_edit_days_off=viewer.may(Permission.EDIT_DAYS_OFF),
        zone=viewer.zone,
    )


def _days(on: date) -> list[tuple[str, list[tuple[date, list[tuple[str, str, str]]]]]]:
    """Return the months, each with its days, each with what happens: (kind, text, path)."""
    viewer = web.viewer()
    found: dict[date, list[tuple[str, str, str]]] = {}
    this_month = on.replace(day=1)
    for event in queries.events(viewer, on):
        # An agency's past events are reports it still owes; for others, past months are omitted.
        if event.on < this_month and viewer.kind not in AGENCY_KINDS:
            continue
        found.setdefault(event.on, []).append(("event", event.summary, event.path))
    for day, count in queries.reminder_days(viewer, on).items():
        found.setdefault(day, []).append(("reminder", str(count), "/pengingat"))
    first = min([*found, this_month]).replace(day=1)
    last = max([*found, on.replace(month=12, day=31)])
    for year in range(first.year, last.year + 1):
        for holiday in directory.holidays_of(year):
            if first <= holiday.on <= last:
                found.setdefault(holiday.on, []).insert(0, ("off", holiday.name, ""))
    months: dict[str, list[tuple[date, list[tuple[str, str, str]]]]] = {}
    for day in sorted(found):
        months.setdefault(month_and_year(day), []).append((day, found[day]))
    return list(months.items())


@bp.post("/kalender")
@web.requires(Permission.SEE_PERIODS)
def feed_address() -> ResponseReturnValue:
    """Make the secret address, make a new one, or end it."""
    if flask.request.form.get("act") == "matikan":
        service.end_feed(by=web.viewer())
        return flask.redirect(flask.url_for("oversight.calendar.calendar", selesai="mati"), 303)
    service.make_feed(by=web.viewer(), secret_key=flask.current_app.config["SECRET_KEY"])
    return flask.redirect(flask.url_for("oversight.calendar.calendar", selesai="alamat"), 303)


@bp.get("/kalender/<token>.ics")
@web.public
def feed(token: str) -> ResponseReturnValue:
    """Return a person's dates for a calendar program; store only the revisions it has shown."""
    feed_id, viewer = service.reader_of(token, address=web.client_address())
    settings = flask.current_app.config["SETTINGS"]
    content = service.feed_content(
        feed_id, viewer, on=today(viewer.zone), base_url=settings.base_url
    )
    etag = hashlib.sha256(content).hexdigest()[:32]
    is_known = flask.request.if_none_match.contains_weak(etag)
    body = b"" if is_known else child.run(WRITER, content)
    response = flask.Response(body, status=304 if is_known else 200, mimetype="text/calendar")
    response.set_etag(etag)
    response.headers["Cache-Control"] = f"private, max-age={FEED_AGE}"
    response.headers["X-Robots-Tag"] = "noindex"
    return response

"""A calendar feed (RFC 5545). Runs in a child process (`coordinator.child`).

icalendar folds and escapes; what an event says, its id and its alarms are ours to decide.
"""

import json
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

# At 08.00 of the day, three days before and one day before: counted from the event's midnight.
ALARMS = (timedelta(days=-3, hours=8), timedelta(days=-1, hours=8))


def main(payload: bytes) -> bytes:
    """Return the calendar for what `agenda.service.feed_content` wrote."""
    wanted = json.loads(payload)
    calendar = Calendar()
    calendar.add("prodid", "-//Koordinator TPPO//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", wanted["name"])
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for one in wanted["events"]:
        calendar.add_component(_event(one))
    answer: bytes = calendar.to_ical()
    return answer


def _event(one: dict[str, object]) -> Event:
    on = date.fromisoformat(str(one["on"]))
    changed_at = datetime.fromisoformat(str(one["changed_at"]))
    event = Event()
    event.add("uid", one["uid"])
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", one["sequence"])
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", one["summary"])
    event.add("url", one["url"])
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    for before in ALARMS if one["alarm"] else ():
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", one["summary"])
        alarm.add("trigger", before)
        event.add_component(alarm)
    return event

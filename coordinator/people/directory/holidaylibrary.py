"""The days off that the library `holidays` knows. Runs in a child process (`coordinator.child`)."""

import json

import holidays


def main(payload: bytes) -> bytes:
    """Return `{"days": [[iso date, kind, name], ...]}` for `{"year": ...}`."""
    year = json.loads(payload)["year"]
    public = holidays.country_holidays(
        "ID", years=year, categories=(holidays.PUBLIC,), language="id"
    )
    every = holidays.country_holidays(
        "ID", years=year, categories=(holidays.PUBLIC, holidays.GOVERNMENT), language="id"
    )
    days = [
        [day.isoformat(), "national" if day in public else "joint_leave", name]
        for day, name in sorted(every.items())
    ]
    return json.dumps({"days": days}).encode()

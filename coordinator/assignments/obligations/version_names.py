"""Names of agencies for rows that carry the mapping version of their period."""

from coordinator.mapping.duties.queries import AgencyName, names_at


class AgencyVersionNames:
    """What agencies of a task force were called under mapping versions.

    A page's own statement brings the version of each period, the newest version and today's names;
    so nothing is asked where a period has the newest version, and once for each other one.
    Make one for a query, never one to keep: a mapping may be published in between.
    """

    def __init__(self, task_force_id: int, newest: int | None) -> None:
        self._task_force_id = task_force_id
        self._newest = newest
        self._by_version: dict[int, dict[int, AgencyName]] = {}

    def agency(self, version: int | None, present: AgencyName) -> AgencyName:
        """Return what an agency was called under a version, by what it is called today.

        A period without a version is only planned.
        """
        if version is None or version == self._newest:
            return present
        if version not in self._by_version:
            found = names_at(self._task_force_id, version).agencies
            self._by_version[version] = {one.id: one for one in found}
        return self._by_version[version].get(present.id, present)

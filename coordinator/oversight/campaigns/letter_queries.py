"""What the letter of a campaign to an agency says."""

from dataclasses import dataclass
from datetime import date

from coordinator.assignments.letters.formatting import duty_basis
from coordinator.assignments.letters.rules import addressee
from coordinator.mapping.answers.campaign_queries import all_standings
from coordinator.mapping.answers.rules import AnswerState
from coordinator.mapping.duties.queries import amendments, duties
from coordinator.oversight.campaigns.queries import running
from coordinator.people.directory import queries as directory
from coordinator.people.directory.queries import PrintedLetterhead
from coordinator.permissions import Permission, Viewer


@dataclass(frozen=True, slots=True)
class CampaignLetterLine:
    """A duty that a letter asks about."""

    text: str
    group: str
    basis: str


@dataclass(frozen=True, slots=True)
class CampaignLetter:
    """What the letter to an agency says: for those who do not read mail."""

    agency: str
    addressee: str
    region: str
    target_on: date | None
    message: str
    lines: tuple[CampaignLetterLine, ...]
    letterhead: PrintedLetterhead


def letter(viewer: Viewer, slug: str) -> CampaignLetter | None:
    """Return the letter that asks an agency about its open duties; None where nothing is open."""
    agency = directory.agency_by_slug(viewer, slug)
    force = directory.task_force(viewer)
    if agency is None or force is None or not viewer.may(Permission.RUN_CAMPAIGNS):
        return None
    campaign = running(viewer)
    group_id = campaign.working_group_id if campaign else None
    waiting = {
        one.duty_id
        for one in all_standings(force.id)
        if one.agency_id == agency.id
        and one.state is AnswerState.OPEN
        and group_id in (None, one.working_group_id)
    }
    chains = amendments()
    lines = tuple(
        CampaignLetterLine(
            duty.text,
            f"{duty.working_group.numeral} {duty.working_group.short}",
            duty_basis(duty, chains),
        )
        for duty in duties(viewer, agency_id=agency.id)
        if duty.duty_id in waiting
    )
    if not lines:
        return None
    return CampaignLetter(
        agency=agency.name,
        addressee=addressee(agency.name),
        region=force.region,
        target_on=campaign.target_on if campaign else None,
        message=campaign.message if campaign else "",
        lines=lines,
        letterhead=directory.letterhead(force),
    )

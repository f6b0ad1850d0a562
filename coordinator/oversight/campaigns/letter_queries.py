"""What the letter of a campaign to an agency says."""

from dataclasses import dataclass
from datetime import date

from coordinator.assignments.letters.formatting import duty_basis
from coordinator.assignments.letters.rules import addressee
from coordinator.mapping.answers.campaign_queries import all_standings
from coordinator.mapping.answers.rules import AnswerState
from coordinator.mapping.duties.queries import amendments, duties
from coordinator.oversight.campaigns.candidate_queries import answering_agencies
from coordinator.oversight.campaigns.queries import asked_agencies, running
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
    open: int  # all duties of the agency without an answer
    group: str  # the pokja whose duties alone are asked about, "" where all are
    lines: tuple[CampaignLetterLine, ...]
    letterhead: PrintedLetterhead


def letter(viewer: Viewer, slug: str) -> CampaignLetter | None:
    """Return the letter that asks an agency about its open duties; None where nothing is open.

    What the running campaign asks of the agency comes with its day and its sentence; an agency that
    it does not ask gets a letter about all it has open. A court gets none: it is never asked.
    """
    agency = directory.agency_by_slug(viewer, slug)
    force = directory.task_force(viewer)
    if agency is None or force is None or not viewer.may(Permission.RUN_CAMPAIGNS):
        return None
    if agency.id not in answering_agencies(viewer):
        return None
    campaign = running(viewer)
    if campaign is not None and agency.id not in asked_agencies(viewer, campaign.id):
        campaign = None
    waiting = {
        one.duty_id: campaign is None or campaign.asks_about(one)
        for one in all_standings(force.id)
        if one.agency_id == agency.id and one.state is AnswerState.OPEN
    }
    if not any(waiting.values()):  # what the campaign asks is answered: the rest, without its day
        campaign, waiting = None, dict.fromkeys(waiting, True)
    chains = amendments()
    lines = tuple(
        CampaignLetterLine(
            duty.text,
            f"{duty.working_group.numeral} {duty.working_group.short}",
            duty_basis(duty, chains),
        )
        for duty in duties(viewer, agency_id=agency.id)
        if waiting.get(duty.duty_id)
    )
    if not lines:
        return None
    return CampaignLetter(
        agency=agency.name,
        addressee=addressee(agency.name),
        region=force.region,
        target_on=campaign.target_on if campaign else None,
        message=campaign.message if campaign else "",
        open=len(waiting),
        group=campaign.group if campaign else "",
        lines=lines,
        letterhead=directory.letterhead(force),
    )

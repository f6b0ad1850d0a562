"""Labels of proposals and of their answers."""

from coordinator.assignments.changes.bulk import Obstacle
from coordinator.assignments.proposals.rules import ProposalState
from coordinator.translation import gettext as _


def state_labels() -> dict[ProposalState, str]:
    """What became of a proposal, in words."""
    return {
        ProposalState.OPEN: _("Menunggu"),
        ProposalState.ACCEPTED: _("Diterima"),
        ProposalState.DECLINED: _("Ditolak"),
        ProposalState.WITHDRAWN: _("Ditarik provinsi"),
    }


def advice(obstacle: Obstacle | None) -> str:
    """What to do on the page of the proposal itself, in words."""
    if obstacle is None or obstacle is Obstacle.HELD:
        return ""
    if obstacle in (Obstacle.NO_GROUP, Obstacle.GONE):
        return remedies()[obstacle]
    return _("Pilih instansi lain sebagai penanggung jawabnya.")


def remedies() -> dict[Obstacle, str]:
    """What the receiver can do about an item that it cannot simply take, in words."""
    choose = _("Buka, lalu pilih sendiri penanggung jawabnya.")
    return {
        Obstacle.HELD: _("Buka, lalu catat sebagai diterima: tidak ada yang ditugaskan dua kali."),
        Obstacle.NO_LEAD_IN_PLAN: choose,
        Obstacle.LEAD_NOT_HERE: _(
            "Buka, lalu pilih instansi lain; atau tambahkan instansinya di Peran."
        ),
        Obstacle.LEAD_IS_COURT: choose,
        Obstacle.NO_GROUP: _("Lengkapi pokja di Peran dulu."),
        Obstacle.NO_COORDINATOR: choose,
        Obstacle.GONE: _("Tolak, atau tunggu provinsi menariknya."),
    }

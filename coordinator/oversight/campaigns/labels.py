"""Labels of campaigns."""

from coordinator.oversight.campaigns.rules import CampaignScope, CampaignStep
from coordinator.translation import gettext as _


def scope_labels() -> dict[CampaignScope, str]:
    """Return the labels of each scope, as its option is called."""
    return {
        CampaignScope.ALL: _("Semua yang belum menjawab seluruh tugasnya"),
        CampaignScope.GROUP: _("Satu pokja"),
        CampaignScope.SILENT: _("Yang belum pernah menjawab"),
        CampaignScope.CHANGED: _("Yang tugasnya baru atau berubah"),
        CampaignScope.CONFIRM: _("Konfirmasi tugas tahunan"),
    }


def scope_hints() -> dict[CampaignScope, str]:
    """Return what each scope means, in a line."""
    return {
        CampaignScope.ALL: _("Hanya tugas yang belum dijawab yang ditanyakan."),
        CampaignScope.GROUP: _("Tugas pokja itu saja, pada tiap instansinya."),
        CampaignScope.SILENT: _("Instansi tanpa satu pun jawaban."),
        CampaignScope.CHANGED: _("Sesudah versi pemetaan baru; jawaban lain tetap berlaku."),
        CampaignScope.CONFIRM: _(
            "Tugas yang belum dijawab atau berubah, dan tugas yang diterima sebelum kepala yang "
            "sekarang menjabat."
        ),
    }


def step_labels() -> dict[CampaignStep, str]:
    """Return the labels of each step of a campaign."""
    return {
        CampaignStep.OPENING: _("email pertama"),
        CampaignStep.WEEK_BEFORE: _("H-7"),
        CampaignStep.DAY_BEFORE: _("H-1"),
        CampaignStep.AFTER: _("H+3"),
    }

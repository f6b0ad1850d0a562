"""What rights are called on screen."""

from coordinator.permissions import Right
from coordinator.translation import gettext as _


def right_labels() -> dict[Right, str]:
    """Return the label of each right."""
    return {Right.CHECK_TEXTS: _("Mencocokkan naskah hukum")}

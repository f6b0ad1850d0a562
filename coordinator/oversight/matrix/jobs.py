"""The nightly check of the summary of the matrix."""

from coordinator import logs
from coordinator.clock import local, now
from coordinator.oversight.matrix import summary_service

HOUR = 2  # at night, when nobody waits for the database


def compare_matrix() -> str:
    """Recount every period at night, correct wrong counts, and log them.

    A change that the summary did not notice is a bug.
    """
    if local(now()).hour != HOUR:
        return "menunggu pukul 02.00"
    if not summary_service.differing_periods():
        return "ringkasan matriks sama dengan kewajibannya"
    wrong = summary_service.rebuild()
    if wrong:
        logs.warning(
            "the summary of the matrix was wrong and was counted again", job=compare_matrix.__name__
        )
    return f"{wrong} periode dihitung ulang"

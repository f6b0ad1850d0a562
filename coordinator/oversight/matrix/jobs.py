"""The nightly look whether the summary of the matrix is right."""

from coordinator import logs
from coordinator.clock import local, now
from coordinator.oversight.matrix import summary_service

HOUR = 2  # of the night, when nobody waits for the database


def compare_matrix() -> str:
    """Count every period again in the small hours, put right what was written otherwise, and say
    so: a writer that the summary does not notice is a fault of the code."""
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

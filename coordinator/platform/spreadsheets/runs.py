"""The runs of a cell's text, each with a font of its own: what is struck out is no part of the
text, and what is raised stays apart from what it is raised behind (5¹ is no 51). Pure."""

PLAIN = "0123456789+-=()abcdefghijklmnoprstuvwxyz"
RAISED = str.maketrans(PLAIN, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
LOWERED = str.maketrans(PLAIN[:15], "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


class Runs:
    """Gathers a text run by run. `is_struck` and `shift` ("superscript", "subscript") are those of
    the run that is read."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin a text."""
        self.is_struck, self.shift = False, ""
        self.has_struck = False
        self._has_shift = self._has_plain = False
        self._shown: list[str] = []
        self._plain: list[str] = []

    def add(self, piece: str) -> None:
        """Take a piece of the run."""
        if self.is_struck:
            self.has_struck = True
            return
        table = {"superscript": RAISED, "subscript": LOWERED}.get(self.shift)
        self._has_shift |= table is not None
        self._has_plain |= table is None and bool(piece.strip())
        self._plain.append(piece)
        self._shown.append(piece.translate(table) if table else piece)

    @property
    def is_changed(self) -> bool:
        """Whether the text is not simply all that was written."""
        return self.has_struck or (self._has_shift and self._has_plain)

    @property
    def text(self) -> str:
        """What is left; a text that is raised as a whole is a text like others."""
        return "".join(self._shown if self._has_plain else self._plain)

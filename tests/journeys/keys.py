"""The keyboard on the pages of verdicts."""

from tests.journeys.screens import Person

KEYS_A_REPORT = 4


class Keys:
    """The keyboard, with a count of what was pressed."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.pressed = 0

    def press(self, *names: str) -> None:
        """Press one key after the other."""
        for name in names:
            self.person.page.keyboard.press(name)
            self.pressed += 1

    def enter(self) -> None:
        """Press the button that has the focus; the next page is looked at."""
        with self.person.page.expect_navigation():
            self.press("Enter")
        self.person.look()

    def approve(self) -> None:
        """Tick what must be looked at, from where the page puts the focus, and approve."""
        button = "document.activeElement.matches('#putusan button')"
        for _key in range(2 * KEYS_A_REPORT):
            if self.person.page.evaluate(button):
                break
            self.press("Enter")
        self.enter()

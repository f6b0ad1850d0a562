"""What a page must hold for people who see, hear or move otherwise."""

from tests.engines import ROOT
from tests.journeys.screens import Person

AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text()
AXE_RUN = """async () => {
  const found = await axe.run(document, {
    resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  });
  return found.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' | '));
}"""
# Of each target the size that can be hit: its own box, or that of a ::after put over its row, of
# the label around or next to a native input. Links inside a sentence are exempt (WCAG 2.5.8), and
# so is what is hidden until it gets the focus, or from all (a form's first button, for Enter).
SMALL_TARGETS = """([least, selector]) => [...document.querySelectorAll(selector)].flatMap(e => {
  if (!e.checkVisibility({visibilityProperty: true})) return [];
  if (e.tabIndex < 0 && e.getAttribute('aria-hidden') === 'true') return [];
  let box = e.getBoundingClientRect();
  if (box.right <= 0 || !box.width) return [];
  const outer = e.closest('label') || document.querySelector(`label[for="${e.id}"]`);
  const label = e.matches('input') && outer;
  if (label) {
    const other = label.getBoundingClientRect();
    box = {width: Math.max(box.width, other.width), height: Math.max(box.height, other.height)};
  }
  const over = getComputedStyle(e, '::after');
  if (over.content !== 'none' && over.position === 'absolute') {
    box = {width: parseFloat(over.width), height: parseFloat(over.height)};
  }
  if (e.matches('a') && getComputedStyle(e).display === 'inline') {
    const around = [...e.parentElement.childNodes].filter(n => n !== e)
      .map(n => n.textContent.trim()).join('');
    if (around) return [];
  }
  if (box.width >= least - 0.5 && box.height >= least - 0.5) return [];
  return [`${e.outerHTML.slice(0, 120)} ${Math.round(box.width)}x${Math.round(box.height)}`];
})"""


def axe(one: Person) -> list[str]:
    """Return axe's violations on the page that is shown."""
    one.page.evaluate(AXE)
    violations: list[str] = one.page.evaluate(AXE_RUN)
    return violations


def look_closely(one: Person) -> None:
    """Check the shown page, also with all of axe's usual rules where scripts run."""
    one.look()
    if not one.screen.script:
        return
    one.page.evaluate(AXE)
    found = one.page.evaluate("async () => (await axe.run()).violations.map(v => v.id)")
    assert found == [], f"{one.page.url}: {found}"

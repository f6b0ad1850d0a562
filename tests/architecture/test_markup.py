"""What the rules of valid HTML notice, and what they leave alone."""

import pytest

from tests.architecture.markup import faults_of

PAGE = (
    '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>x</title></head>'
    "<body><main><h1>x</h1>{}</main></body></html>"
)


@pytest.mark.parametrize(
    "body",
    [
        "<p>a<br>b <a href='/x'><b>c</b></a></p>",
        "<ul><li><p>a</p></li><li><a href='/x'><p>b</p></a></li></ul>",
        "<dl><dt>a</dt><dd>b</dd><dt>c</dt><dt>d</dt><dd>e</dd></dl>",
        "<dl><div><dt>a</dt><dd>b</dd></div><div><dt>c</dt><dd>d</dd></div></dl>",
        "<details open><summary><h2>a</h2></summary><p>b</p></details>",
        "<table><caption>a</caption><tr><th scope='row'>b</th><td colspan='2'>c</td></tr></table>",
        "<label for='a'>b</label><input id='a' type='date' required aria-describedby='c'>"
        "<p id='c'>d</p>",
        "<label>a <select name='b' required><option value=''>c</option></select></label>",
        "<time datetime='2026-11-30'>a</time> <time>2026-11-30</time>",
        "<svg viewBox='0 0 1 1'><symbol id='a'><path d='M0 0'/></symbol></svg><a href='#a'>b</a>",
    ],
)
def test_valid_markup_has_no_fault(body: str) -> None:
    assert faults_of(PAGE.format(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        # What a browser has to repair.
        "<p>a<div>b</div></p>",
        "<form method='post'><form method='get'></form></form>",
        "<a href='/x'>a<a href='/y'>b</a></a>",
        "<div>a",
        "a</span>",
        "<b><small>a</b></small>",
        "<p class='a' class='b'>c</p>",
        "<div><tr><td>a</td></tr></div>",
        # Elements where they may not be.
        "<span><div>a</div></span>",
        "<ul><p>a</p></ul>",
        "<ul>a<li>b</li></ul>",
        "<div><li>a</li></div>",
        "<dl><p>a</p></dl>",
        "<dl><dt>a</dt></dl>",
        "<dl><div><dt>a</dt><dd>b</dd><dt>c</dt><dd>d</dd></div></dl>",
        "<p><a href='/x'><div>a</div></a></p>",
        "<button type='button'><p>a</p></button>",
        "<a href='/x'><button type='button'>a</button></a>",
        "<fieldset><p>a</p><legend>b</legend></fieldset>",
        "<details><p>a</p></details>",
        "<marquee>a</marquee>",
        # Controls and their labels.
        "<label for='a'>b</label>",
        "<label for='a'>b</label><p id='a'>c</p>",
        "<label>a <input name='b'><input name='c'></label>",
        "<select name='a' required><option value='b'>c</option></select>",
        # Attributes.
        "<p align='center'>a</p>",
        "<p id='a b'>c</p>",
        "<p id='a'>b</p><p id='a'>c</p>",
        "<svg><symbol id='M5 5'></symbol></svg>",
        "<input type='datum' name='a'>",
        "<input type='date' placeholder='a' name='b'>",
        "<input type='hidden' required name='a'>",
        "<input name='a' aria-describedby='b'>",
        "<textarea name='a' rows='0'></textarea>",
        "<img src='/x'>",
        "<a href='#a'>b</a>",
        "<time datetime='kemarin'>a</time>",
    ],
)
def test_invalid_markup_is_noticed(body: str) -> None:
    assert faults_of(PAGE.format(body)) != []

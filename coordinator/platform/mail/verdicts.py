"""What a mail system's answer says of a mailbox. Pure; the one place that decides it.

An enhanced status code (RFC 3463) is read by its class. Where there is none, or one that says
nothing (5.0.0, 5.5.x, 5.6.x), the basic code and the phrases of common servers are read. In doubt
a mailbox exists: nobody's mail is stopped by a guess.
"""

import re

from coordinator.platform.mail.rules import BounceKind

GONE_CODES = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1"})
# RFC 3463: 5.1.5 says that an address is right; 5.1.7 to 5.1.9 are about the sender or the way.
SOFT_CLASSES = ("5.1.", "5.2.", "5.3.", "5.4.", "5.7.")
LONGEST_ANSWER = 8000  # characters of an answer that are read
ENHANCED = re.compile(
    r"(?:^|(?<![\d.])[245]\d\d[ -]#?|#|\(|[Ss]tatus(?: code)?:? {0,3})"
    r"(?P<code>[245]\.\d{1,3}\.\d{1,3})(?!\d|\.\d)"
)
BASIC = re.compile(r"(?<![\d.])(?P<code>[45]\d\d)(?=[ \-]|$)")
GONE = re.compile(
    r"no such (?:user|mailbox|recipient|address|person|account|local user)"
    r"|(?:user|recipient|mailbox|account|address|alias)(?: name)? (?:is )?(?:unknown|not found)"
    r"|unknown (?:user|recipient|mailbox|account|address|local part|virtual)"
    r"|no mailbox|not our customer|not local\b|mailbox name not allowed"
    r"|(?:user|recipient|mailbox|account|address|person|domain)\b.{0,80}"
    r"(?:does ?n[o']t|do not|doesn\u2019t) (?:seem to )?exist"
    r"|(?:no longer|not) (?:a )?valid (?:recipient|mailbox|user|address|account)"
    r"|no longer (?:valid|active|available|exists?|in use|employed|works?)"
    r"|invalid (?:recipient|mailbox|user|address)"
    r"|(?:account|mailbox|user|address) (?:has been|is|was) (?:currently )?"
    r"(?:disabled|deactivated|closed|inactive|deleted)"
    r"|(?:address|domain|recipient|mailbox|user|account)(?: you entered)?"
    r" (?:could|was|is)(?:n[o']t| not|n\u2019t) (?:be )?found|was(?:n['\u2019]t| not) found at"
    r"|bad destination (?:mailbox|system)|unrouteable address|unroutable address"
    r"|host or domain name not found|recip(?:ient)?notfound"
    r"|alamat (?:surel |email )?(?:tidak|tak) (?:dapat )?(?:ditemukan|dikenal|ada\b)"
    r"|(?:pengguna|penerima|kotak surat) (?:tidak|tak) (?:dapat )?(?:ditemukan|dikenal|ada\b)",
    re.IGNORECASE,
)
NOT_GONE = re.compile(
    r"quota|\bfull\b|penuh|(?:exceed|over)\w* (?:its |the |their )?(?:storage|size|limit|allotted)"
    r"|insufficient|too (?:large|big|many|much)|message size|\bspam\b|\bblocked\b|black ?list"
    r"|block ?list|policy|\bdmarc\b|\bspf\b|\bdkim\b|not authori[sz]ed|unauthori[sz]ed"
    r"|access denied|relay(?:ing)? (?:denied|not|access|is)|(?:unable|permitted|allowed) to relay"
    r"|authenticat|gr[ea]ylist|try again|temporar|\brate\b|throttl"
    r"|timed? ?out|time limit|virus|malware|reputation|from address"
    r"|sender (?:address|denied|rejected|refused|verif|is|not|domain|policy)|rejected due to"
    r"|content (?:rejected|filter|denied|blocked)"
    r"|delayed|deferred|no route to host|still being retried"
    r"|will (?:be retried|keep trying|continue)|ditunda"
    r"|akan dicoba|connection (?:refused|reset)|loop|too many hops|network unreachable",
    re.IGNORECASE,
)
# The mail was refused, not the mailbox: as spam, or by a rule about who sends.
POLICY = re.compile(
    r"\bspam\b|\bblocked\b|black ?list|block ?list|policy|\bdmarc\b|\bspf\b|\bdkim\b|reputation"
    r"|content (?:rejected|filter|denied|blocked)",
    re.IGNORECASE,
)
WAITING = re.compile(
    r"delayed|still being retried|will (?:be retried|keep trying|continue)|ditunda|akan dicoba",
    re.IGNORECASE,
)
RATE = re.compile(r"at a rate|too quickly|rate limit", re.IGNORECASE)
FULL = "552"  # RFC 5321: exceeded storage allocation


def verdict(said: str, *, action: str = "failed", status: str = "") -> BounceKind | None:
    """Return what an answer says of the mailbox, or None where it is unclear.

    `said` is the server's own words, `action` and `status` the fields of a delivery status
    notification (RFC 3464). HARD: the mailbox is not there. SOFT: it is, or nothing says that it
    is not. Where two codes of one answer disagree, the mailbox exists.
    """
    if action == "delayed":
        return BounceKind.SOFT
    said = said[:LONGEST_ANSWER]
    codes = [match["code"] for match in ENHANCED.finditer(said)]
    kinds = {_by_code(code) for code in (status, *codes)}
    is_elsewhere = NOT_GONE.search(said) is not None
    says_gone = GONE.search(said) is not None
    if BounceKind.SOFT in kinds or RATE.search(said):
        return BounceKind.SOFT
    if BounceKind.HARD in kinds:
        if not is_elsewhere or says_gone:
            return BounceKind.HARD
        # "5.1.1 temporarily blocked": the code says one thing, the words another.
        is_coded = any(code in GONE_CODES - {"5.1.0"} for code in codes)
        return None if is_coded else BounceKind.SOFT
    basic = {match["code"] for match in BASIC.finditer(said)}
    if is_elsewhere or FULL in basic:
        return BounceKind.SOFT
    if basic and all(code.startswith("4") for code in basic):
        return BounceKind.SOFT
    return BounceKind.HARD if says_gone else None


def _by_code(code: str) -> BounceKind | None:
    if code.startswith("4."):
        return BounceKind.SOFT
    if code in GONE_CODES:
        return BounceKind.HARD
    return BounceKind.SOFT if code.startswith(SOFT_CLASSES) else None


def is_policy(said: str, *, status: str = "") -> bool:
    """Tell whether an answer refuses the mail as spam or by policy: that a mailbox exists helps
    nobody whose mail never gets there."""
    said = said[:LONGEST_ANSWER]
    codes = {status, *(match["code"] for match in ENHANCED.finditer(said))}
    if any(code.startswith("4.") for code in codes):
        return False
    return any(code.startswith("5.7.") for code in codes) or POLICY.search(said) is not None


def is_waiting(said: str) -> bool:
    """Tell whether an answer says that the mail has not come back: its server still tries."""
    return WAITING.search(said[:LONGEST_ANSWER]) is not None

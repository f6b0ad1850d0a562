"""Mails that came back, and what each says of its address."""

WRITTEN_TO = "sri.wahyuni@contoh.example"
POLICY = {"address": WRITTEN_TO, "kind": "soft", "stopped": False}
GONE = {"address": WRITTEN_TO, "kind": "hard", "stopped": True}
UNCLEAR = {"address": WRITTEN_TO, "kind": "unclear", "stopped": False}
# What is noted where the report gives back our mail, and what is said of addresses that nobody
# wrote to.
CASES: dict[str, tuple[dict[str, object], str]] = {
    "40-dsn-policy-571.eml": (POLICY, ""),
    "41-dsn-original-recipient.eml": (UNCLEAR, ""),  # a mailbox behind the address
    "42-dsn-angle.eml": (GONE, ""),
    "48-exim-x-failed.eml": (GONE, ""),
    "49-dsn-two-recipients-forwarded.eml": (
        POLICY,
        "lain@contoh.example: tidak pernah disurati dari sini, tidak dicatat.\n",
    ),
}

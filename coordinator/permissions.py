"""Who may do what, in one table.

`Access` is what an account may do. The word *role* means a duty in the regulation and is never
used for accounts. A `Right` adds to one person's access for a time (`coordinator.people.rights`).
"""

from dataclasses import dataclass
from enum import StrEnum, auto


class AccessKind(StrEnum):
    """The kinds of access a grant can give."""

    SECRETARIAT = auto()
    FOCAL_POINT = auto()
    AGENCY_HEAD = auto()
    LEADERSHIP = auto()
    AUDITOR = auto()
    ADMINISTRATOR = auto()


AGENCY_KINDS = frozenset({AccessKind.FOCAL_POINT, AccessKind.AGENCY_HEAD})


class Right(StrEnum):
    """What the secretariat may give to one person for a time, on top of their access."""

    CHECK_TEXTS = auto()


class Permission(StrEnum):
    """One thing a signed-in person may do. Guards name one of these."""

    SEE_MAPPING = auto()
    SEE_PLAN = auto()
    SEE_OWN_TASKS = auto()
    ANSWER_DUTIES = auto()
    SEE_ANSWERS = auto()
    RUN_CAMPAIGNS = auto()
    SEE_QUESTIONS = auto()
    RULE_ON_DUTIES = auto()
    EDIT_MAPPING = auto()
    EDIT_PLAN = auto()
    SEE_TASK_FORCES_BELOW = auto()
    WRITE_REPORTS = auto()
    SEE_REPORTS = auto()
    VERIFY_REPORTS = auto()
    SEE_ASSIGNMENTS = auto()
    ASSIGN_ACTIONS = auto()
    SEE_PERIODS = auto()
    RUN_PERIODS = auto()
    EDIT_DAYS_OFF = auto()
    SEE_MATRIX = auto()
    SEE_REMINDERS = auto()
    SEE_OUTBOX = auto()
    SEND_AGAIN = auto()
    CONFIRM_CLOCK = auto()
    SEE_PEOPLE = auto()
    INVITE_PEOPLE = auto()
    KEEP_TASK_FORCES = auto()
    KEEP_CONTACTS = auto()
    HAND_OVER = auto()
    SEE_AUDIT = auto()
    EDIT_LETTERHEAD = auto()
    PUBLISH_CARDS = auto()
    APPROVE_REPORTS = auto()
    TYPE_ON_BEHALF = auto()
    SET_REPORTING = auto()
    KEEP_EVIDENCE = auto()
    SEE_RESTRICTED_EVIDENCE = auto()
    SEE_EVIDENCE_REVIEWS = auto()
    DECIDE_EVIDENCE = auto()
    COMMENT_ON_REPORTS = auto()
    SEE_DECISIONS = auto()
    NOTE_DECISIONS = auto()
    DECIDE_REQUESTS = auto()
    SEE_SAMPLE = auto()
    SAMPLE_REPORTS = auto()
    SET_UP = auto()
    CHECK_TEXTS = auto()
    GIVE_RIGHTS = auto()


_P = Permission
_EVERYBODY_IN_A_TASK_FORCE = {_P.SEE_MAPPING, _P.SEE_PLAN, _P.SEE_PERIODS}
_READS_REPORTS = {_P.SEE_REPORTS, _P.SEE_MATRIX, _P.SEE_ASSIGNMENTS} | {
    _P.SEE_DECISIONS,
    _P.SEE_SAMPLE,
    _P.SEE_EVIDENCE_REVIEWS,
}

TABLE: dict[AccessKind, frozenset[Permission]] = {
    AccessKind.SECRETARIAT: frozenset(
        _EVERYBODY_IN_A_TASK_FORCE
        | _READS_REPORTS
        | {_P.VERIFY_REPORTS, _P.ASSIGN_ACTIONS, _P.SEE_REMINDERS, _P.SEE_OUTBOX}
        | {_P.SEND_AGAIN, _P.CONFIRM_CLOCK, _P.SEE_PEOPLE, _P.INVITE_PEOPLE, _P.SEE_AUDIT}
        | {_P.SEE_QUESTIONS, _P.RULE_ON_DUTIES, _P.EDIT_MAPPING, _P.SEE_TASK_FORCES_BELOW}
        | {_P.EDIT_PLAN, _P.SEE_ANSWERS, _P.RUN_CAMPAIGNS}
        | {_P.EDIT_LETTERHEAD, _P.PUBLISH_CARDS, _P.KEEP_CONTACTS, _P.HAND_OVER}
        | {_P.TYPE_ON_BEHALF, _P.SET_REPORTING, _P.COMMENT_ON_REPORTS, _P.NOTE_DECISIONS}
        | {_P.RUN_PERIODS, _P.EDIT_DAYS_OFF, _P.SET_UP}
        | {_P.KEEP_EVIDENCE, _P.SEE_RESTRICTED_EVIDENCE, _P.DECIDE_EVIDENCE}
        | {_P.CHECK_TEXTS, _P.GIVE_RIGHTS}
    ),
    AccessKind.FOCAL_POINT: frozenset(
        _EVERYBODY_IN_A_TASK_FORCE
        | {_P.SEE_OWN_TASKS, _P.ANSWER_DUTIES, _P.WRITE_REPORTS, _P.SEE_REMINDERS}
        | {_P.SEE_QUESTIONS, _P.HAND_OVER, _P.KEEP_EVIDENCE, _P.COMMENT_ON_REPORTS}
    ),
    AccessKind.AGENCY_HEAD: frozenset(
        _EVERYBODY_IN_A_TASK_FORCE
        | {_P.SEE_OWN_TASKS, _P.ANSWER_DUTIES, _P.SEE_REMINDERS, _P.SEE_QUESTIONS}
        | {_P.HAND_OVER, _P.APPROVE_REPORTS, _P.COMMENT_ON_REPORTS}
    ),
    AccessKind.LEADERSHIP: frozenset(
        _EVERYBODY_IN_A_TASK_FORCE
        | _READS_REPORTS
        | {_P.SEE_TASK_FORCES_BELOW, _P.DECIDE_REQUESTS, _P.SEE_ANSWERS}
    ),
    AccessKind.AUDITOR: frozenset(
        _EVERYBODY_IN_A_TASK_FORCE
        | _READS_REPORTS
        | {
            _P.SEE_AUDIT,
            _P.SEE_OUTBOX,
            _P.SEE_QUESTIONS,
            _P.SEE_RESTRICTED_EVIDENCE,
            _P.SEE_ANSWERS,
        }
        # Its own rows alone: the draw and the findings.
        | {_P.SAMPLE_REPORTS}
    ),
    # Accounts, settings, mail, backups; no report, and so no matrix either.
    AccessKind.ADMINISTRATOR: frozenset(
        {_P.SEE_OUTBOX, _P.SEND_AGAIN, _P.SEE_PEOPLE, _P.INVITE_PEOPLE, _P.SEE_AUDIT}
        | {_P.EDIT_DAYS_OFF, _P.KEEP_TASK_FORCES, _P.CONFIRM_CLOCK, _P.SET_UP}
    ),
}

# What each right allows besides the access it was given to.
RIGHTS: dict[Right, frozenset[Permission]] = {Right.CHECK_TEXTS: frozenset({_P.CHECK_TEXTS})}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, with the access chosen after sign-in. Every query and service takes one.

    `task_force_id` is None only for an administrator of the whole installation; `agency_id` is set
    only for access on behalf of one agency. `home_agency_id` is where the person works: nobody
    verifies a report of it. `rights` are those in force that were given to this access.
    """

    account_id: int | None
    kind: AccessKind
    task_force_id: int | None = None
    agency_id: int | None = None
    home_agency_id: int | None = None
    zone: str = "Asia/Makassar"
    rights: frozenset[Right] = frozenset()

    def may(self, permission: Permission) -> bool:
        """Return whether this access, or a right given to it, holds `permission`."""
        return permission in TABLE[self.kind] or any(
            permission in RIGHTS[right] for right in self.rights
        )

    @property
    def own_task_force_id(self) -> int:
        """Return the viewer's task force; -1, which matches nothing, if there is none."""
        return -1 if self.task_force_id is None else self.task_force_id

    @property
    def own_agency_id(self) -> int:
        """Return the viewer's agency; -1, which matches nothing, if there is none."""
        return -1 if self.agency_id is None else self.agency_id

"""The tables of a store. Events, firings and the audit log only ever grow.

Instants are milliseconds since 1970 (UTC). Structured values are JSON texts, so that SQLite and PostgreSQL hold the same.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
    true,
)

from coach.store.coaching_tables import coaching_tables
from coach.store.lead_tables import lead_tables
from coach.store.learning_tables import learning_tables
from coach.store.offer_tables import offer_tables
from coach.store.review_tables import review_tables
from coach.store.target_tables import target_tables

SCHEMA_VERSION = 6

metadata = MetaData()

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)

record = Table(
    "record",
    metadata,
    Column("row", Integer, primary_key=True, autoincrement=False),  # from 0 without gaps, in order of registration
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("unit", Text),  # unit that owns it; of a unit its own id
    Column("owner", Text),
    Column("status", Text),
    Column("parent", Text),  # of a unit: the unit above
    Column("stage", Float),
    Column("amount", Float),
    Column("registered_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("values", Text, nullable=False),  # JSON: field -> value, what is missing left out
    Column("open_rules", Text, nullable=False),  # JSON: ids of the rules with an open to-do or flag
    UniqueConstraint("kind", "id"),
    Index("record_by_unit", "unit", "kind", "status"),
    Index("record_by_kind", "kind", "status", "stage"),
    Index("record_by_parent", "kind", "parent"),
    Index("record_by_owner", "owner"),
)

event = Table(
    "event",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("record", Integer, ForeignKey("record.row"), nullable=False),
    Column("unit", Text),
    Column("acted_at", BigInteger, nullable=False),
    Column("stamped_at", BigInteger),  # the source's own stamp
    Column("recorded_at", BigInteger, nullable=False),  # the stamp, or receipt if that instant was already processed
    Column("payload", Text, nullable=False),  # JSON
    Column("voids", Text),
    Column("dated", Boolean, nullable=False, server_default=true()),  # false: nobody knows when it happened
    UniqueConstraint("source", "key"),
    Index("event_by_record", "record", "sequence"),
    Index("event_by_instant", "recorded_at", "sequence"),
)

firing = Table(
    "firing",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("rule", Text, nullable=False),
    Column("record", Integer, ForeignKey("record.row"), nullable=False),
    Column("event", Text, nullable=False),  # one of records.EFFECT_EVENTS
    Column("argument", Text),  # role, colour, field, offer or gate
    Column("value", Float),
    Column("due_at", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),  # instant at which it took hold in the order of things
    Column("fired_at", BigInteger, nullable=False),  # wall clock at which it was worked off
    Column("since", BigInteger, nullable=False),
    Column("late", Boolean, nullable=False),
    Index("firing_by_record", "record", "number"),
    Index("firing_by_instant", "at"),
    Index(
        "fired_once",
        "rule",
        "record",
        "since",
        "at",
        unique=True,
        sqlite_where=text("event = 'fired'"),
        postgresql_where=text("event = 'fired'"),
    ),
)

streak = Table(
    "streak",
    metadata,
    Column("rule", Text, primary_key=True),
    Column("record", Integer, ForeignKey("record.row"), primary_key=True),
    Column("looks", Integer, nullable=False),
)

todo = Table(
    "todo",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("firing", BigInteger, ForeignKey("firing.number"), nullable=False),  # that opened or last renewed it
    Column("rule", Text, nullable=False),
    Column("record", Integer, ForeignKey("record.row"), nullable=False),
    Column("role", Text, nullable=False),
    Column("unit", Text),  # unit whose people it is for
    Column("due_at", BigInteger, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("done_at", BigInteger),  # somebody said so
    Column("done_by", Text),
    Column("closed_at", BigInteger),  # the rule saw so
    Index("todo_by_unit", "unit", "closed_at", "done_at"),
    Index("todo_by_rule", "rule", "record", "role"),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("firing", BigInteger, ForeignKey("firing.number"), nullable=False),
    Column("rule", Text, nullable=False),
    Column("record", Integer, ForeignKey("record.row"), nullable=False),
    Column("effect", Text, nullable=False),  # notified, todo_opened or escalated
    Column("role", Text, nullable=False),
    Column("unit", Text),
    Column("due_at", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("sent", Boolean, nullable=False),  # false: its cause was gone by the end of a catch-up
    Column("read_at", BigInteger),
    Column("leaves_at", BigInteger, nullable=False),  # when it may leave the house: after quiet hours, or with the digest
    Column("in_digest", Boolean, nullable=False),
    Column("told_at", BigInteger),  # when it left; none: it waits, or is not sent
    Column("told_to", Text),  # unit that it went to: a deputy's where the addressee was on leave
    Index("notice_by_unit", "unit", "id"),
    Index("notice_waiting", "told_at", "leaves_at"),
    Index("notice_told", "told_to", "told_at"),
)

breach = Table(
    "breach",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("record", Integer, ForeignKey("record.row"), nullable=False),
    Column("gate", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("missing", Text, nullable=False),  # JSON: names of fields
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

apart = Table(
    "apart",
    metadata,
    Column("record", Integer, ForeignKey("record.row"), primary_key=True),
    Column("other", Integer, ForeignKey("record.row"), primary_key=True),  # that somebody says is another customer
    Column("said_by", Text, nullable=False),
    Column("said_at", BigInteger, nullable=False),
)

pursuit = Table(
    "pursuit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("record", Integer, ForeignKey("record.row"), nullable=False),  # of the customer whom two pursue together
    Column("asked_by", Text, nullable=False),
    Column("asked_unit", Text, nullable=False),
    Column("owner_unit", Text),  # that owned the record when it was asked
    Column("reason", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # asked, joint, declined or ended
    Column("decided_by", Text),  # who last changed the state
    Column("decided_at", BigInteger),
    Index("pursuit_by_asker", "asked_unit", "state"),
    Index("pursuit_by_owner", "owner_unit", "state"),
)

pursuit_task = Table(
    "pursuit_task",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("pursuit", Integer, ForeignKey("pursuit.number"), nullable=False),
    Column("text", Text, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("taken_by", Text),
    Column("taken_at", BigInteger),
    Column("done_by", Text),
    Column("done_at", BigInteger),
    Index("task_by_pursuit", "pursuit", "number"),
)

review, review_cause, review_evidence, improvement = review_tables(metadata)
rule_feedback, rule_lesson = learning_tables(metadata)
assignment, photo, waiting_lead = lead_tables(metadata)
offer_page = offer_tables(metadata)
coaching_mark = coaching_tables(metadata)
target_set, commitment, adjustment, resource_move = target_tables(metadata)

webhook = Table(
    "webhook",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("format", Text, nullable=False),
    Column("url", Text, nullable=False),  # a secret: never shown, never logged
    Column("secret", Text),  # signs messages where the format knows that
    Column("unit", Text),  # only what is for this unit and those below; none: everything
    Column("language", Text, nullable=False),
    Column("active", Boolean, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("webhook", Integer, ForeignKey("webhook.id"), nullable=False),
    Column("notice", Integer, ForeignKey("notice.id"), nullable=False),
    Column("body", Text, nullable=False),  # JSON: what is told, before it takes the form of the target
    Column("created_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Column("given_up_at", BigInteger),
    Column("problem", Text),  # of the last attempt; without addresses
    UniqueConstraint("webhook", "notice"),
    Index("outbox_waiting", "sent_at", "given_up_at", "webhook", "id"),
)

policy_version = Table(
    "policy_version",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("document", Text, nullable=False),  # JSON
    Column("activations", Text, nullable=False),  # JSON: rule -> instant; null: it catches up on the past
    Column("activated_at", BigInteger, nullable=False),
    Column("activated_by", Text, nullable=False),
    Column("change", Text, nullable=False),  # activate, mode or rollback
    Column("previous", Integer),  # version that a rollback returns to
)

validation = Table(
    "validation",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False),  # of the document without its modes
    Column("policy", Text, nullable=False),  # its name
    Column("passed", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Index("validation_by_digest", "digest", "number"),
)

request = Table(
    "request",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("policy", Text, nullable=False),  # its name
    Column("document", Text, nullable=False),  # JSON
    Column("catch_up", Boolean, nullable=False),
    Column("change", Text, nullable=False),  # activate or mode
    Column("base", Integer),  # version in force when it was asked
    Column("validation", Integer, ForeignKey("validation.number")),  # the latest of that policy; none: never validated
    Column("decided_at", BigInteger),
    Column("decided_by", Text),
    Column("decision", Text),  # confirmed, refused or withdrawn
    Column("version", Integer),  # that it became
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),  # JSON
    Index("audit_by_instant", "at"),
)

person = Table(
    "person",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("unit", Text),
    Column("language", Text, nullable=False),
    Column("password", Text),  # argon2 hash
    Column("active", Boolean, nullable=False),
)

token = Table(
    "token",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("person", Text, ForeignKey("person.name"), nullable=False),
    Column("digest", Text, nullable=False, unique=True),  # of the secret, which is shown once and kept nowhere
    Column("label", Text, nullable=False),
    Column("session", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
)

run = Table(
    "run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("result", Text, nullable=False),  # JSON
    Column("page", Text, nullable=False),  # HTML
)

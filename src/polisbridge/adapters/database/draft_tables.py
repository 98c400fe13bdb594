"""The tables of drafts and of law that was published at a node. They are kept beside those of the registry."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from polisbridge.adapters.database.tables import METADATA

DRAFT = Table(
    "draft",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("subject", Text, nullable=False),  # what it changes: the id of a provision, an insurer
    Column("title", JSONB, nullable=False),
    Column("change", JSONB, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("status IN ('open', 'proposed', 'published', 'withdrawn')", name="draft_has_a_status"),
)
Index(
    "draft_of_one_thing_once",
    DRAFT.c.kind,
    DRAFT.c.state,
    DRAFT.c.subject,
    unique=True,
    postgresql_where=DRAFT.c.status.in_(["open", "proposed"]),
)
DRAFT_STEP = Table(  # who did what with a draft, when and why; nothing is ever changed here
    "draft_step",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("draft", BigInteger, ForeignKey("draft.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("account", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("change", JSONB, nullable=False),  # the draft as it stood after the step
    UniqueConstraint("draft", "version", name="draft_step_once"),
)
LAW_RELEASE = Table(
    "law_release",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("draft", BigInteger, ForeignKey("draft.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("who", Text, nullable=False),
    Column("before", Text, nullable=False),  # hash of the law in use before
    Column("after", Text, nullable=False),
    UniqueConstraint("state", "version", name="law_release_once"),
)
LAW_RELEASE_FILE = Table(  # the files that a release brought; of each name the newest is in use
    "law_release_file",
    METADATA,
    Column("release", BigInteger, ForeignKey("law_release.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

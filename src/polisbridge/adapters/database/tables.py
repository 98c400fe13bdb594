"""The tables of a node. `thing` gives every thing its number and keeps its name unique; the others say what holds of it.

Columns of a table that remembers are the fields of its record in `core.registry`. Names, birth days and documents of
persons lie in `sealed`, encrypted; what they are looked up by is a keyed hash.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from polisbridge.adapters.database.history import once_at_a_time, remembering

METADATA = MetaData()


def _thing(name: str, *, optional: bool = False) -> Column[Any]:
    return Column(name, BigInteger, ForeignKey("thing.id"), nullable=optional)


def _said(name: str, kind: Any = Text) -> Column[Any]:
    return Column(name, kind, nullable=False)


THING = Table(
    "thing",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _said("kind"),
    _said("owner", BigInteger),  # the thing that it belongs to; 0 for none
    _said("code"),
    UniqueConstraint("kind", "owner", "code", name="thing_has_one_name"),
)
Index("thing_by_code", THING.c.code)

AUTHORITY = remembering("authority", METADATA, _said("state"), _said("title", JSONB))
INSURER = remembering("insurer", METADATA, _said("state"), _said("title", JSONB), _said("phone"))
LICENCE = remembering(
    "licence", METADATA, _thing("insurer"), _said("state"), _said("number"), _said("lines", ARRAY(Text))
)
INSURER_KEY = remembering("insurer_key", METADATA, _thing("insurer"), _said("spki", LargeBinary))
EMPLOYER = remembering("employer", METADATA, _said("state"), _said("title", JSONB))
CLINIC = remembering("clinic", METADATA, _said("state"), _said("title", JSONB), Column("region", Text))
PRODUCT = remembering("product", METADATA, _thing("seller"), _said("title", JSONB), _said("terms", JSONB))
CONTRACT = remembering(
    "contract",
    METADATA,
    _thing("seller"),
    _said("terms", JSONB),
    _thing("product", optional=True),
    _thing("employer", optional=True),
)
PERSON = remembering("person", METADATA, _said("sealed", LargeBinary))
ENROLMENT = remembering(
    "enrolment",
    METADATA,
    _thing("contract"),
    _thing("person"),
    _said("role"),
    _said("sealed", LargeBinary),
    Column("birth_hash", LargeBinary),
)
KINSHIP = remembering("kinship", METADATA, _thing("worker"), _thing("person"), _said("role"))
CERTIFICATE = remembering(
    "certificate",
    METADATA,
    _thing("contract"),
    _thing("person"),
    _said("key"),
    _said("list", Integer),
    _said("index", Integer),
    _said("sealed", LargeBinary),
)
VISIT = remembering(
    "visit",
    METADATA,
    _thing("clinic"),
    _thing("person"),
    _thing("contract"),
    _said("sealed", LargeBinary),
)
CONSENT = remembering("consent", METADATA, _thing("employer"), _thing("person"))
once_at_a_time(ENROLMENT, "contract", "person", name="enrolment_of_a_person_once")
once_at_a_time(KINSHIP, "worker", "person", name="kinship_once")
for _table, _column in (
    (LICENCE, "insurer"),
    (INSURER_KEY, "insurer"),
    (PRODUCT, "seller"),
    (CONTRACT, "seller"),
    (ENROLMENT, "person"),
    (KINSHIP, "person"),
    (CERTIFICATE, "contract"),
    (CERTIFICATE, "person"),
    (VISIT, "clinic"),
    (VISIT, "person"),
    (CONSENT, "employer"),
    (CONSENT, "person"),
    (CONTRACT, "employer"),
):
    Index(f"{_table.name}_by_{_column}", _table.c[_column])

DOCUMENT = Table(  # an identity document belongs to one person, for ever
    "document",
    METADATA,
    Column("hash", LargeBinary, primary_key=True),
    _thing("person"),
)
Index("document_by_person", DOCUMENT.c.person)

STATUS_LINE = Table(  # the journal of a status register, line by line
    "status_line",
    METADATA,
    Column("register", Text, primary_key=True),
    Column("offset", BigInteger, primary_key=True, autoincrement=False),
    _said("line", LargeBinary),  # whole lines, one or more
)
STATUS_ENTRY = Table(  # which place of which list was given out, to which certificate: each once
    "status_entry",
    METADATA,
    Column("register", Text, primary_key=True),
    Column("list", Integer, primary_key=True, autoincrement=False),
    Column("index", Integer, primary_key=True, autoincrement=False),
    _said("key"),
    Column("status", Integer, nullable=False, server_default="0"),  # what the journal says of it, to look up quickly
    Column("ends", Date),  # the first day on which it no longer counts, when that is told
    UniqueConstraint("register", "key", name="status_entry_once"),
)
STATUS_LIST = Table(  # the lists of this node's insurers, and each as it was last signed
    "status_list",
    METADATA,
    Column("state", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("register", Text, nullable=False, unique=True),
    Column("issued", DateTime(timezone=True)),
    Column("data", LargeBinary),
    Column("upto", BigInteger),  # where the journal ended when it was signed
)

UPLOAD = Table(  # files with many contracts, kept sealed until they are put on record
    "upload",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _thing("insurer"),
    _said("account", BigInteger),
    _said("name"),
    _said("at", DateTime(timezone=True)),
    _said("sealed", LargeBinary),
    Column("done", DateTime(timezone=True)),
    Column("contracts", ARRAY(BigInteger)),
    Column("refused", Integer),
)
Index("upload_by_insurer", UPLOAD.c.insurer)

DECISION = Table(
    "decision",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _said("asked_at", DateTime(timezone=True)),
    _said("asked_by"),
    _thing("contract", optional=True),
    _thing("person", optional=True),
    _said("state"),
    _said("gate"),
    _said("as_of", Date),
    _said("verdict"),
    _said("law"),
    _said("sealed", LargeBinary),  # the decision's document; it tells facts of the person
)
Index("decision_by_person", DECISION.c.person, DECISION.c.asked_at)
ACCESS = Table(
    "access",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _said("at", DateTime(timezone=True)),
    _said("who"),
    _said("role"),
    _said("what"),
    _thing("person"),
    _said("purpose"),
)
Index("access_by_person", ACCESS.c.person, ACCESS.c.at)
LOOKUP = Table(  # a look-up by number and birth date: who asked, and whether anybody was found
    "lookup",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _said("at", DateTime(timezone=True)),
    _said("who"),
    _said("role"),
    _said("found", Boolean),
)
Index("lookup_by_who", LOOKUP.c.who, LOOKUP.c.at)
ERASURE = Table(
    "erasure",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _thing("person"),
    _said("at", DateTime(timezone=True)),
    _said("who"),
    _said("why"),
)

ACCOUNT = Table(
    "account",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    _said("role"),
    _said("state"),
    _thing("thing", optional=True),  # the insurer, employer, clinic or person acted for
    _said("password_hash"),
    Column("second_factor", LargeBinary),  # sealed for "Account.<id>"
    _said("closed", Boolean),
    _said("failures", Integer),
    Column("locked_until", DateTime(timezone=True)),
    Column("last_step", BigInteger),  # of the second factor: a code counts once
    Column("elsewhere", Boolean, nullable=False, server_default=text("false")),  # another provider vouches for it
)
VOUCHED = Table(  # whom a provider of OpenID Connect knows as which account
    "vouched",
    METADATA,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("account", BigInteger, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
)
RECOVERY_CODE = Table(
    "recovery_code",
    METADATA,
    Column("account", BigInteger, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
)
HELPER = Table(  # whom a person named as helper, and until when
    "helper",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _thing("person"),
    Column("account", BigInteger, ForeignKey("account.id"), nullable=False),
    _said("named", DateTime(timezone=True)),
    Column("ended", DateTime(timezone=True)),
)
Index("helper_once", HELPER.c.person, HELPER.c.account, unique=True, postgresql_where=HELPER.c.ended.is_(None))
Index("helper_by_account", HELPER.c.account)
CLIENT_KEY = Table(
    "client_key",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("key_hash", LargeBinary, nullable=False, unique=True),
    _said("role"),
    _said("state"),
    _thing("thing", optional=True),
    _said("created", DateTime(timezone=True)),
    _said("ends", DateTime(timezone=True)),
    _said("closed", Boolean),
    Column("certificate", LargeBinary, unique=True),  # SHA-256 of the client's certificate, where it shows one
)
RATE = Table(  # requests of a sender (a keyed hash) in a minute; may be lost when the server crashes
    "rate",
    METADATA,
    Column("window", DateTime(timezone=True), primary_key=True),
    Column("sender", LargeBinary, primary_key=True),
    _said("count", Integer),
    prefixes=["UNLOGGED"],
)
SESSION = Table(
    "session",
    METADATA,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("account", BigInteger, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    _said("created", DateTime(timezone=True)),
    _said("ends", DateTime(timezone=True)),
)
Index("session_by_account", SESSION.c.account)
JOB = Table(
    "job",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _said("kind"),
    Column("account", BigInteger),  # whose job it is; of a machine none, and then `client_key`
    _said("asked", JSONB),
    _said("state"),
    _said("done", BigInteger),
    Column("total", BigInteger),
    Column("answer", JSONB),
    _said("created", DateTime(timezone=True)),
    Column("heartbeat", DateTime(timezone=True)),
    _said("role"),
    _said("who"),
    _said("owner_state"),
    Column("organisation", BigInteger),
    _said("tries", Integer),
    Column("claim", Text),  # the token of the worker that has it
    Column("ended", DateTime(timezone=True)),
    Column("expires", DateTime(timezone=True)),
    Column("failure", LargeBinary),  # sealed for "Job.<id>"; it may quote a file
    Column("client_key", BigInteger),
    Column("once", Text, unique=True),  # by what a program sends the same job again
    CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="job_has_a_state"),
)
Index("job_to_do", JOB.c.id, postgresql_where=JOB.c.state.in_(("waiting", "running")))
JOB_FILE = Table(  # what a job was given (`input/…`) and what it made
    "job_file",
    METADATA,
    Column("job", BigInteger, ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    _said("media_type"),
    _said("size", BigInteger),
    _said("sha256"),
)
JOB_PIECE = Table(  # the bytes of these files, in order
    "job_piece",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("job", BigInteger, ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
    _said("name"),
    _said("sealed", LargeBinary),  # for "Job.<job>"
)
Index("job_piece_by_file", JOB_PIECE.c.job, JOB_PIECE.c.name, JOB_PIECE.c.id)
IDEMPOTENCY = Table(
    "idempotency",
    METADATA,
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    _said("request_hash", LargeBinary),
    Column("status", Integer),
    Column("answer", JSONB),
    _said("created", DateTime(timezone=True)),
)
Index("idempotency_by_age", IDEMPOTENCY.c.created)
NODE = Table(  # one row: what node this is
    "node",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("state", Text),
    _said("made", DateTime(timezone=True)),
    _said("synthetic", Boolean),  # filled with made-up persons
    _said("law"),  # the hash of the law that it was last filled from
    _said("key_check", LargeBinary),  # a hash by the node's own key, so that another node's keys are noticed
    CheckConstraint("id = 1", name="node_is_one"),
)

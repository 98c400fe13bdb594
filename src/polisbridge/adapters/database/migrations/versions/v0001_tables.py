"""The tables of a node."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "idempotency",
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account", "key"),
    )
    op.create_table(
        "node",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("key_check", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name="node_is_one"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "status_entry",
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("list", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("register", "list", "index"),
        sa.UniqueConstraint("register", "key", name="status_entry_once"),
    )
    op.create_table(
        "status_line",
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("register", "offset"),
    )
    op.create_table(
        "thing",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "owner", "code", name="thing_has_one_name"),
    )
    op.create_table(
        "access",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("access_by_person", "access", ["person", "at"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("thing", sa.BigInteger(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("second_factor", sa.LargeBinary(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["thing"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "authority",
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(id, id, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="authority_says_one_thing",
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index("authority_by_id", "authority", ["id"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("contract", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("list", sa.Integer(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(id, id, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="certificate_says_one_thing",
        ),
        sa.ForeignKeyConstraint(
            ["contract"],
            ["thing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["thing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index("certificate_by_contract", "certificate", ["contract"], unique=False)
    op.create_index("certificate_by_id", "certificate", ["id"], unique=False)
    op.create_index("certificate_by_person", "certificate", ["person"], unique=False)
    op.create_table(
        "clinic",
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(id, id, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="clinic_says_one_thing",
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index("clinic_by_id", "clinic", ["id"], unique=False)
    op.create_table(
        "contract",
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seller", sa.BigInteger(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("product", sa.BigInteger(), nullable=True),
        sa.Column("employer", sa.BigInteger(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(id, id, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="contract_says_one_thing",
        ),
        sa.ForeignKeyConstraint(
            ["employer"],
            ["thing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["thing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["product"],
            ["thing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["seller"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index("contract_by_id", "contract", ["id"], unique=False)
    op.create_index("contract_by_seller", "contract", ["seller"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("contract", sa.BigInteger(), nullable=True),
        sa.Column("person", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract"],
            ["thing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("decision_by_person", "decision", ["person", "asked_at"], unique=False)
    op.create_table(
        "document",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("document_by_person", "document", ["person"], unique=False)
    op.create_table(
        "employer",
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(id, id, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="employer_says_one_thing",
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index("employer_by_id", "employer", ["id"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("contract", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("birth_hash", sa.LargeBinary(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(contract, contract, '[]')"), "&&"),
            (sa.text("int8range(person, person, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="enrolment_of_a_person_once",
        ),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(id, id, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="enrolment_says_one_thing",
        ),
        sa.ForeignKeyConstraint(
            ["contract"],
            ["thing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["thing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index("enrolment_by_id", "enrolment", ["id"], unique=False)
    op.create_index("enrolment_by_person", "enrolment", ["person"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "insurer",
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(id, id, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="insurer_says_one_thing",
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index("insurer_by_id", "insurer", ["id"], unique=False)
    op.create_table(
        "insurer_key",
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("insurer", sa.BigInteger(), nullable=False),
        sa.Column("spki", sa.LargeBinary(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(id, id, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="insurer_key_says_one_thing",
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["thing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["insurer"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index("insurer_key_by_id", "insurer_key", ["id"], unique=False)
    op.create_index("insurer_key_by_insurer", "insurer_key", ["insurer"], unique=False)
    op.create_table(
        "kinship",
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("worker", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(id, id, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="kinship_says_one_thing",
        ),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(worker, worker, '[]')"), "&&"),
            (sa.text("int8range(person, person, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="kinship_once",
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["thing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person"],
            ["thing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["worker"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index("kinship_by_id", "kinship", ["id"], unique=False)
    op.create_index("kinship_by_person", "kinship", ["person"], unique=False)
    op.create_table(
        "licence",
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("insurer", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.ARRAY(sa.Text()), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(id, id, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="licence_says_one_thing",
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["thing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["insurer"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index("licence_by_id", "licence", ["id"], unique=False)
    op.create_index("licence_by_insurer", "licence", ["insurer"], unique=False)
    op.create_table(
        "person",
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(id, id, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="person_says_one_thing",
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index("person_by_id", "person", ["id"], unique=False)
    op.create_table(
        "product",
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seller", sa.BigInteger(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(id, id, '[]')"), "&&"),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="product_says_one_thing",
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["thing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["seller"],
            ["thing.id"],
        ),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index("product_by_id", "product", ["id"], unique=False)
    op.create_index("product_by_seller", "product", ["seller"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heartbeat", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="job_has_a_state"),
        sa.ForeignKeyConstraint(
            ["account"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )

"""How far a backlog is decided is told by an index alone, whatever its size."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the index."""
    columns = ["backlog", "pile", "decided", "disputed", "attribute"]
    op.create_index("document_standing", "document", columns, unique=False)

"""Decisions and the trail can be added to and read, never changed or removed, not even by hand in the database."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
TABLES = {"decision": "id", "trail": "seq"}


def upgrade() -> None:
    """Make the triggers."""
    append_only(TABLES)


def append_only(tables: dict[str, str]) -> None:
    """Make the triggers of tables, by name with their key."""
    if op.get_bind().dialect.name == "postgresql":
        _postgresql(tables)
    else:
        _sqlite(tables)


def _sqlite(tables: dict[str, str]) -> None:
    for table, key in tables.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        # INSERT OR REPLACE removes a row without asking the trigger above
        same = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {same} {refuse}")


def _postgresql(tables: dict[str, str]) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23000'; END $$"
    )
    for table in tables:
        once = "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        op.execute(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} {once}")

"""The database itself lets the audit only be appended to, and its head only follow.

On SQLite a REPLACE deletes without its delete triggers, so inserts are looked at as well.
"""

from typing import Final

from alembic import op

revision = "0004"
down_revision = "0003"

_SQLITE: Final = """
CREATE TRIGGER audit_is_appended BEFORE INSERT ON audit
WHEN NEW.number IS NOT (SELECT number + 1 FROM audit_head WHERE id = 1)
BEGIN SELECT RAISE(ABORT, 'the audit can only be appended to'); END

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit can only be appended to'); END

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit can only be appended to'); END

CREATE TRIGGER audit_head_follows BEFORE UPDATE ON audit_head
WHEN NEW.id IS NOT OLD.id OR NEW.number IS NOT OLD.number + 1
    OR NOT EXISTS (SELECT 1 FROM audit WHERE number = NEW.number AND hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'the head of the audit can only follow'); END

CREATE TRIGGER audit_head_is_single BEFORE INSERT ON audit_head
BEGIN SELECT RAISE(ABORT, 'the head of the audit can only follow'); END

CREATE TRIGGER audit_head_is_not_deleted BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the head of the audit can only follow'); END
"""

# 23000, a violated integrity constraint, is what SQLite makes of its refusals.
_POSTGRESQL: Final = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'the audit can only be appended to' USING ERRCODE = '23000';
END $$

CREATE FUNCTION audit_append() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.number IS DISTINCT FROM
        (SELECT head.number + 1 FROM audit_head AS head WHERE head.id = 1)
    THEN
        RAISE EXCEPTION 'the audit can only be appended to' USING ERRCODE = '23000';
    END IF;
    RETURN NEW;
END $$

CREATE FUNCTION audit_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.id <> OLD.id OR NEW.number <> OLD.number + 1 OR NOT EXISTS
        (SELECT 1 FROM audit AS entry WHERE entry.number = NEW.number AND entry.hash = NEW.hash)
    THEN
        RAISE EXCEPTION 'the head of the audit can only follow' USING ERRCODE = '23000';
    END IF;
    RETURN NEW;
END $$

CREATE TRIGGER audit_is_appended BEFORE INSERT ON audit
FOR EACH ROW EXECUTE FUNCTION audit_append()

CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()

CREATE TRIGGER audit_head_follows BEFORE UPDATE ON audit_head
FOR EACH ROW EXECUTE FUNCTION audit_follow()

CREATE TRIGGER audit_head_is_kept BEFORE INSERT OR DELETE OR TRUNCATE ON audit_head
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
"""


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in (_SQLITE if is_sqlite else _POSTGRESQL).strip().split("\n\n"):
        op.execute(statement)

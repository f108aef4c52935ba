"""What Alembic runs: the migrations, on the connection it is handed."""

from alembic import context

from bot.store.migrate import VERSION_TABLE
from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()

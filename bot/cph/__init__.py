"""The cloud's phones over HTTP: the adapter behind `bot.divert.ports.Cloud`."""

from hypothesis import settings

# How long an example takes says what else the machine does, not whether the bot is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

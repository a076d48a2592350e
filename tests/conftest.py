"""What holds for every test: Hypothesis prints what repeats a failure, and has no deadline."""

from hypothesis import settings

settings.register_profile("ward", deadline=None, print_blob=True)
settings.load_profile("ward")

"""The declaration of a profile: what it can say, in one place."""

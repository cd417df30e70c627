"""The connection to a vendor: requests, answers, sign-in."""

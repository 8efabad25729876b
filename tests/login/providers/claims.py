"""What a provider and we have agreed on beforehand."""

CLIENT_ID, CLIENT_SECRET = "trepart", "a secret between the two"

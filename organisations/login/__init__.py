"""How people log in: identity providers of organisations, second factors, and what is sealed."""

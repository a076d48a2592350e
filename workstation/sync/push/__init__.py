"""Sending what the server does not have yet: plan it, send it, understand each answer."""

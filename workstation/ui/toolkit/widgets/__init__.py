"""The pieces that screens are built of; each draws itself from the theme's tokens."""

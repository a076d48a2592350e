"""The vital-signs round: a whole ward measured in one pass of the keyboard."""

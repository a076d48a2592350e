"""What every layer may use: errors, ids, clock, words, settings, packaged resources."""

"""Safety alerts: records that are each valid and together must not be."""

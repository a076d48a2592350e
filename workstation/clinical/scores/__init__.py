"""Published scales and scores, each from its own publication: values in, points out."""

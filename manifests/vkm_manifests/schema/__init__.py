"""The forms of objects and of their values: schemas, names, versions."""

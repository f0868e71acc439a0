"""Our speed beside our peers': one file a subject, one harness, one table (``RESULTS.md``)."""

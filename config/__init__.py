"""The only place that lists everything."""

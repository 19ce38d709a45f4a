"""The Flask application; the only room that knows HTTP."""

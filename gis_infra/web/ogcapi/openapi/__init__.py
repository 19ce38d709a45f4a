"""The API definition, a part of it a module; `definition` puts them together for who asks."""

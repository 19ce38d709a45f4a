"""What clients ask, by URL or by XML, as frozen values. Pure: nothing here knows Flask or the database."""

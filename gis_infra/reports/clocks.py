"""The clocks of the city, by which days begin and moments are told, wherever the server stands."""

from datetime import timedelta, timezone

# Viet Nam is seven hours ahead of Greenwich, summer and winter.
CITY_TIME = timezone(timedelta(hours=7))

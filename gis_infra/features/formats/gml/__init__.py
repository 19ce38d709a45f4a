"""Features as GML, and the XML Schema that says what may stand in them."""

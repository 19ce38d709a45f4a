"""The places a service is to reach, and the administrative units results are given by. Reads; decides nothing."""

"""What proxies say of the client's own address: believed of those that are trusted, and of nobody else."""

from dataclasses import replace
from ipaddress import ip_network

import pytest
from lxml import etree

from gis_infra.web.app import create_app

CAPABILITIES = "/wfs?service=WFS&request=GetCapabilities&version="
FORWARDED = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "gis.example.vn",
    "X-Forwarded-Prefix": "/city",
    "X-Forwarded-For": "203.0.113.9",
}


@pytest.fixture(scope="module")
def client(settings, engine):
    """An application behind proxies on this machine and in one network."""
    trusted = (ip_network("127.0.0.1/32"), ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
    return create_app(replace(settings, trusted_proxies=trusted), engine).test_client()


def list_hrefs(client, peer, version="2.0.0", **headers):
    """The addresses that capabilities tell to a request that came from a peer."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.get(CAPABILITIES + version, headers=FORWARDED | names, environ_base={"REMOTE_ADDR": peer})
    root = etree.fromstring(answer.data)
    found = root.xpath("//*[local-name()='Get' or local-name()='Post']")
    return {next(iter(each.attrib.values())) for each in found}


@pytest.mark.parametrize("version", ["2.0.0", "1.1.0", "1.0.0"])
@pytest.mark.parametrize("peer", ["127.0.0.1", "10.1.200.3", "fd12::7"])
def test_behind_a_trusted_proxy_addresses_are_those_the_client_sees(client, version, peer):
    assert list_hrefs(client, peer, version) == {"https://gis.example.vn/city/wfs"}


@pytest.mark.parametrize("peer", ["203.0.113.9", "10.2.0.1", "fe80::1", "", "unix", "127.0.0.1.example"])
def test_nobody_else_is_believed(client, peer):
    assert list_hrefs(client, peer) == {"http://localhost/wfs"}


def test_without_the_setting_nobody_is_believed(settings, engine):
    assert list_hrefs(create_app(settings, engine).test_client(), "127.0.0.1") == {"http://localhost/wfs"}


def test_a_port_that_the_proxy_tells_is_in_the_addresses(client):
    assert list_hrefs(client, "127.0.0.1", X_Forwarded_Port="8443") == {"https://gis.example.vn:8443/city/wfs"}


def test_of_several_values_the_one_the_trusted_proxy_wrote_counts(client):
    forged = "evil.example, gis.example.vn"
    assert list_hrefs(client, "127.0.0.1", X_Forwarded_Host=forged) == {"https://gis.example.vn/city/wfs"}


def test_the_other_services_tell_the_same_address(client):
    answer = client.get("/ogc/", headers=FORWARDED, environ_base={"REMOTE_ADDR": "127.0.0.1"})
    links = [each["href"] for each in answer.get_json()["links"]]
    assert links and all(each.startswith("https://gis.example.vn/city/ogc") for each in links)


def test_the_address_that_is_set_comes_before_what_a_proxy_says(settings, engine):
    fixed = replace(settings, public_url="https://maps.example.vn", trusted_proxies=(ip_network("127.0.0.1/32"),))
    assert list_hrefs(create_app(fixed, engine).test_client(), "127.0.0.1") == {"https://maps.example.vn/wfs"}

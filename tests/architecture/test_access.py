"""Every view of ours has a door, and the support screens are for staff; see test_access_matrix."""

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLResolver, path, reverse
from django.urls.resolvers import RegexPattern

from sbs_workflow.doors import DoorMiddleware
from sbs_workflow.management.commands.access_matrix import NO_DOOR, Address, addresses
from tests.cast import Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def test_every_view_has_a_door():
    ours = (address for address in addresses() if not address.route.startswith("admin/"))
    assert [address.name for address in ours if address.door == NO_DOOR] == []


def test_admin_is_for_staff_only(cast: Cast, client: Client):
    plain = [
        "/" + address.route
        for address in addresses()
        if address.route.startswith("admin/")
        and "<" not in address.route
        and "(" not in address.route
    ]
    assert len(plain) > 3
    for user in (None, cast.outsider, cast.agency_manager):
        if user:
            client.force_login(user)
        for url in plain:
            response = client.get(url)
            if response.status_code == 200:
                assert url == reverse("admin:login")
            else:
                assert response.status_code in (302, 404), url


# --- a net that cannot fail proves nothing -------------------------------------------------


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hemligt")


def test_a_view_without_a_door_lets_nobody_in_and_shows_in_the_matrix(cast: Cast):
    request = RequestFactory().get("/")
    request.user = cast.agency_manager
    with pytest.raises(Http404):
        DoorMiddleware(forgotten).process_view(request, forgotten, [], {})
    resolver = URLResolver(RegexPattern(r"^/"), [path("glomd/", forgotten, name="forgotten")])
    assert list(addresses(resolver)) == [Address("forgotten", "glomd/", NO_DOOR)]

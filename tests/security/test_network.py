"""Nothing here reaches a network, and what would is caught."""

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable

import pytest

from tests.conftest import clean_environment
from tests.security.guard import NetworkForbidden
from tests.security.hook.sitecustomize import FORBIDDEN

ATTEMPTS: dict[str, Callable[[], object]] = {
    "a connection": lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
    "a name": lambda: socket.getaddrinfo("localhost", 80),
    "a socket": lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
    "a page": lambda: urllib.request.urlopen("http://127.0.0.1:9/", timeout=1),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_no_test_reaches_a_network(attempt: str) -> None:
    with pytest.raises(NetworkForbidden):
        ATTEMPTS[attempt]()


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
        "import urllib.request as u; u.urlopen('http://127.0.0.1:9/')",
    ],
)
def test_no_program_that_a_test_starts_does(code: str) -> None:
    hidden = f"try:\n    {code}\nexcept BaseException:\n    pass"
    ran = subprocess.run(
        [sys.executable, "-c", hidden], env=clean_environment(), capture_output=True, check=False
    )
    assert ran.returncode == FORBIDDEN
    assert ran.stderr.startswith(b"network: socket.")


@pytest.mark.loopback
def test_a_test_that_says_so_may_use_the_loopback() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())


def test_the_guard_is_up_again_afterwards() -> None:
    with pytest.raises(NetworkForbidden):
        socket.create_server(("127.0.0.1", 0))

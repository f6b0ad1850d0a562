"""A web process: serves people's everyday pages, and prints the modules it holds then."""

import sys

from coordinator.permissions import AccessKind
from tests import factories
from tests.conftest import Browser
from wsgi import app

EVERYDAY_PAGES = {
    AccessKind.SECRETARIAT: ("/beranda", "/verifikasi", "/matriks", "/peran", "/sampel"),
    AccessKind.FOCAL_POINT: ("/tugas-saya", "/peran", "/tanya"),
}

if __name__ == "__main__":
    for kind, pages in EVERYDAY_PAGES.items():
        with app.app_context():
            email = factories.email_of(factories.person(kind, "dinsos"))
        browser = Browser(app)
        browser.get("/masuk")
        browser.sign_in(email, factories.PASSWORD)
        for path in pages:
            browser.get(path)
    sys.stdout.write(" ".join(sys.modules))

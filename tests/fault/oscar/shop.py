"""A django-oscar shop on this machine, as its own documentation sets one up: `shop.py prepare | serve PORT`.

It runs in an environment of its own, which has Django and django-oscar and nothing of Docket. Its database is
named by DATABASE_URL; everything it sells is one article, of which STOCK pieces are there.
"""

import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings
from django.core.management import call_command

WHERE = urlsplit(os.environ["DATABASE_URL"])


ORDER_FIELDS = (
    "id", "number", "basket", "url", "lines", "owner", "billing_address", "currency", "total_incl_tax",
    "total_excl_tax", "shipping_incl_tax", "shipping_excl_tax", "shipping_address", "shipping_method",
    "shipping_code", "status", "email", "date_placed", "payment_url", "offer_discounts", "voucher_discounts",
    "surcharges",
)  # fmt: skip
"""What the API shows of an order: the usual, and the number under which it is asked for."""
LINE_FIELDS = (
    "attributes",
    "url",
    "id",
    "partner_sku",
    "title",
    "quantity",
    "price_incl_tax",
    "price_excl_tax",
)


def configure() -> None:
    """Set Django up with Oscar's own defaults."""
    from oscar import defaults

    told = {name: getattr(defaults, name) for name in dir(defaults) if name.startswith("OSCAR_")}
    settings.configure(
        **told
        | {
            "DEBUG": False,
            "SECRET_KEY": "of a shop that lives for one test",
            "ALLOWED_HOSTS": ["127.0.0.1"],
            "SITE_ID": 1,
            "USE_TZ": True,
            "TIME_ZONE": "UTC",
            "ROOT_URLCONF": "urls",
            "STATIC_URL": "/static/",
            "MEDIA_ROOT": os.environ.get("MEDIA_ROOT", ""),
            "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
            "OSCAR_ALLOW_ANON_CHECKOUT": True,
            "OSCAR_DEFAULT_CURRENCY": "GBP",
            "OSCARAPI_BLOCK_ADMIN_API_ACCESS": False,
            "OSCARAPI_ORDER_FIELDS": ORDER_FIELDS,
            "OSCARAPI_ORDERLINE_FIELDS": LINE_FIELDS,
            "OSCAR_INITIAL_ORDER_STATUS": "Pending",
            "OSCAR_INITIAL_LINE_STATUS": "Pending",
            "OSCAR_ORDER_STATUS_PIPELINE": {
                "Pending": ("Being processed", "Cancelled"), "Being processed": (), "Cancelled": (),
            },
            "HAYSTACK_CONNECTIONS": {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
            "DATABASES": {
                "default": {
                    "ENGINE": "django.db.backends.postgresql", "NAME": WHERE.path.lstrip("/"),
                    "USER": unquote(WHERE.username or ""), "PASSWORD": unquote(WHERE.password or ""),
                    "HOST": unquote(WHERE.hostname or os.environ.get("DATABASE_HOST", "")),
                    "PORT": str(WHERE.port or ""), "ATOMIC_REQUESTS": True,
                }
            },
            "AUTHENTICATION_BACKENDS": ("django.contrib.auth.backends.ModelBackend",),
            "REST_FRAMEWORK": {
                "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
                "PAGE_SIZE": 50,
            },
            "MIDDLEWARE": (
                "django.contrib.sessions.middleware.SessionMiddleware",
                "django.contrib.auth.middleware.AuthenticationMiddleware",
                "django.contrib.messages.middleware.MessageMiddleware",
                "oscarapi.middleware.ApiBasketMiddleWare",
            ),
            "TEMPLATES": [
                {
                    "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
                    "OPTIONS": {
                        "context_processors": (
                            "django.template.context_processors.request",
                            "django.contrib.auth.context_processors.auth",
                            "django.contrib.messages.context_processors.messages",
                        )
                    },
                }
            ],
            "INSTALLED_APPS": APPS,
        }
    )  # fmt: skip
    django.setup()


PARTS = (
    "analytics", "checkout", "address", "shipping", "catalogue", "communication", "partner", "basket",
    "payment", "offer", "order", "customer", "search", "voucher", "wishlists", "dashboard",
)  # fmt: skip
BOARDS = (
    "reports", "users", "orders", "catalogue", "offers", "partners", "pages", "ranges", "reviews", "vouchers",
    "communications", "shipping",
)  # fmt: skip
APPS = [
    *(f"django.contrib.{name}" for name in ("admin", "auth", "contenttypes", "sessions", "messages")),
    *(f"django.contrib.{name}" for name in ("staticfiles", "sites", "flatpages")),
    "oscar.config.Shop",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    *(f"oscar.apps.{name}.apps.{name.capitalize()}Config" for name in PARTS),
    *(f"oscar.apps.dashboard.{name}.apps.{name.capitalize()}DashboardConfig" for name in BOARDS),
    "widget_tweaks",
    "haystack",
    "treebeard",
    "django_tables2",
    "rest_framework",
    "oscarapi",
]


def prepare() -> None:
    """Lay the tables out, and put one article on the shelf."""
    from decimal import Decimal

    from django.contrib.auth import get_user_model
    from oscar.core.loading import get_model

    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser("docket", "docket@example.com", os.environ["PASSWORD"])
    country = get_model("address", "Country")
    country.objects.create(iso_3166_1_a2="GB", printable_name="United Kingdom", is_shipping_country=True)
    kind = get_model("catalogue", "ProductClass").objects.create(name="Lamp", requires_shipping=True)
    lamp = get_model("catalogue", "Product").objects.create(title="Desk lamp", product_class=kind)
    seller = get_model("partner", "Partner").objects.create(name="Docket")
    get_model("partner", "StockRecord").objects.create(
        product=lamp, partner=seller, partner_sku="A-1", price=Decimal("320.00"), price_currency="GBP",
        num_in_stock=int(os.environ["STOCK"]),
    )  # fmt: skip


def serve(port: str) -> None:
    """Answer, several callers at once, until somebody ends this process."""
    call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, verbosity=0)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    configure()
    match sys.argv[1:]:
        case ["prepare"]:
            prepare()
        case ["serve", port]:
            serve(port)

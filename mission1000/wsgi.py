"""What gunicorn serves. With EMBED the web process also carries the worker, as a thread."""

import os
import warnings

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mission1000.settings")

application = get_wsgi_application()

from django.conf import settings  # noqa: E402 -- Django is set up above

from records import embedded  # noqa: E402 -- Django is set up above

if settings.EMBED:
    # A trial as root is one of the promised ways to run this shape; the image for production has a user of its own.
    warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
    embedded.start()

"""How a password is kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with the parameters OWASP recommends first: 19 MiB, two passes, one lane.

    Django's own (100 MiB, eight lanes) take nine times the CPU, and 800 MiB when eight people sign in at once: at a
    deadline that is a standstill. A password kept with other parameters is kept with these after its next sign-in.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1

# What comes from the command line of the server is not from a request.
import os

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("folder")

    def handle(self, *args, **options):
        os.system("ls " + options["folder"])  # ok: command

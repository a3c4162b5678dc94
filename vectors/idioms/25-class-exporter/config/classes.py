"""A home-made class of settings that writes its attributes into the module that asks."""

import inspect
import sys


class Settings:
    @classmethod
    def load_settings(cls, module_name):
        self = cls()
        module = sys.modules[module_name]
        for member, value in inspect.getmembers(self):
            if member.isupper():
                setattr(module, member, value)

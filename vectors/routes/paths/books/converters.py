from django.urls import register_converter
from django.urls.converters import StringConverter


class IsbnConverter:
    regex = r"[0-9]{9}[0-9X]"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class RomanConverter(StringConverter):
    regex = "[ivxlc]+"


def register():
    register_converter(RomanConverter, "roman")


register_converter(IsbnConverter, "isbn")

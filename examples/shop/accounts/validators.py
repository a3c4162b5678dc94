from django.core.exceptions import ValidationError

MAX_IMAGE_BYTES = 2 * 1024 * 1024


def validate_image_size(upload):
    if upload.size > MAX_IMAGE_BYTES:
        raise ValidationError("Images may be 2 MB at most.")

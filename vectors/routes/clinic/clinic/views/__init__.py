from .base import HomeView as Home

__all__ = ["Home"]

from .bases import *
from .bases import TenantMixin as Tenant
from .bases import _Hidden

__all__ = ["Audited", "TenantMixin", "Secured"]

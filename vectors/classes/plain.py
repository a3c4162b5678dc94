"""Hierarchies of the language alone."""

import abc
import enum
import threading
from collections import OrderedDict, UserDict
from typing import Generic, TypeVar

T = TypeVar("T")


class A:
    login_url = "a"


class B(A):
    pass


class C(A):
    login_url = "c"
    raise_exception = True


class D(B, C):
    pass


class E(D, A):
    raise_exception = False


class F(B, A):
    lookup_field = "f"


class G(C, A):
    pass


class H(F, G, B):
    pass


class Outer(A):
    class Inner(B):
        login_url = "inner"

    class Second(Inner, C):
        pass

    class Third(Inner):
        raise_exception = None


class FromOuter(Outer.Second, Outer):
    pass


class Store(Generic[T]):
    lookup_field = "store"


class IntStore(Store[int]):
    pass


class Early(Generic[T], Store[T]):
    pass


class Late(Store[T], Generic[T]):
    pass


class Abstract(abc.ABC, A):
    pass


class Colour(str, enum.Enum):
    RED = "red"


class Local(threading.local, A):
    pass


class Ordered(OrderedDict, A):
    pass


class Wrapped(UserDict):
    pass


class Failing(ValueError, A):
    pass


class WithMeta(B, metaclass=type):
    pass


if T:
    class Chosen(A):
        login_url = "chosen"
else:
    class Chosen(B):
        pass

try:
    from no_such_package_here import Base
except ImportError:
    Base = C


class Fallback(Base, A):
    pass


Short = D


class FromAlias(Short):
    pass


class Removed(C):
    login_url = "removed"
    del login_url


class Several(A):
    login_url, raise_exception = "x", True

# An unpickler of the project that chooses its classes, and one that takes any.
import io
import pickle


class Careful(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) != ("datetime", "date"):
            raise pickle.UnpicklingError(name)
        return super().find_class(module, name)


class Named(Careful):
    def __init__(self, file, name):
        super().__init__(file)  # ok: deserialize
        self.name = name


class Counting(pickle.Unpickler):
    def __init__(self, file):
        super().__init__(file)  # bad: deserialize
        self.count = 0


class Plain(pickle.Unpickler):
    pass


def view(request):
    Careful(io.BytesIO(request.body)).load()  # ok: deserialize
    Named(io.BytesIO(request.body), "cart").load()  # ok: deserialize
    Counting(io.BytesIO(request.body)).load()
    Plain(io.BytesIO(request.body)).load()  # bad: deserialize
    pickle.Unpickler(io.BytesIO(request.body)).load()  # bad: deserialize

use super::project;

#[test]
fn an_inherited_handler_is_judged_by_what_each_class_has_under_the_names_it_calls() {
    let found = project(
        "",
        r"
from django.core.exceptions import PermissionDenied
from django.views import View

class Base(View):
    def dispatch(self, request):
        self.before(request)
        return super().dispatch(request)

    def get(self, request):
        self.check(request)
        return render(request, 'page.html')

    def before(self, request):
        pass

    def check(self, request):
        pass

class Open(Base):
    pass

class AlsoOpen(Base):
    pass

class Checked(Base):
    def check(self, request):
        if not request.user.is_staff:
            raise PermissionDenied

class CheckedBefore(Base):
    def before(self, request):
        if not request.user.is_authenticated:
            raise PermissionDenied
",
        "path('open/', views.Open.as_view()), path('checked/', views.Checked.as_view()), path('also/', views.AlsoOpen.as_view()), path('before/', views.CheckedBefore.as_view()), path('again/', views.Checked.as_view()),",
    );
    assert_eq!(found.access("open/"), "* public");
    assert_eq!(found.access("also/"), "* public");
    assert_eq!(found.access("checked/"), "* staff");
    assert_eq!(found.access("again/"), "* staff");
    assert_eq!(found.access("before/"), "* authenticated");
}

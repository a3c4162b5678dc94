from django import forms

from .models import Review


class SearchForm(forms.Form):
    SORTS = [("name", "Name"), ("price", "Price"), ("-created", "Newest")]

    category = forms.SlugField(required=False)
    sort = forms.ChoiceField(choices=SORTS, required=False)


class ReviewForm(forms.ModelForm):
    class Meta:
        model = Review
        fields = ["rating", "title", "text", "attachment"]


class ImageImportForm(forms.Form):
    url = forms.URLField(assume_scheme="https")

"""What the shop answers: the API of django-oscar."""

from django.urls import include, path

urlpatterns = [path("api/", include("oscarapi.urls"))]

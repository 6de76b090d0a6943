"""The admin of rows that machines write: people look. Django-Q's own pages would let staff run any function."""

from typing import Any

import django_q.admin as queue  # registers its pages: they have to be there before they can be taken away
from django.contrib import admin
from django.http import HttpRequest
from django_q.models import Failure, OrmQ, Schedule, Success


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


admin.site.unregister([Schedule, OrmQ, Success, Failure])


@admin.register(Schedule)
class ScheduleAdmin(ReadOnly, queue.ScheduleAdmin):
    pass


@admin.register(OrmQ)
class QueueAdmin(ReadOnly, queue.QueueAdmin):
    pass


@admin.register(Success)
class SuccessAdmin(ReadOnly, queue.TaskAdmin):
    actions = None


@admin.register(Failure)
class FailureAdmin(ReadOnly, queue.FailAdmin):
    actions = None

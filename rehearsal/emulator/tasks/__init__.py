"""ECS's tasks, those of a service and those that RunTask starts. A scheduler outside runs them and reports."""

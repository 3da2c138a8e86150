resource "aws_ecs_cluster" "this" {
  #checkov:skip=CKV_AWS_65:Container Insights follows has_container_insights: its 31 metrics cost more than a small task.
  name = local.prefix

  setting {
    name  = "containerInsights"
    value = var.has_container_insights ? "enabled" : "disabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]

  # For what is started by hand; the service brings a strategy of its own.
  default_capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    weight            = 1
  }
}

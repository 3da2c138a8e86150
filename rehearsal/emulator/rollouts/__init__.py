"""ECS's rolling deployments: their history, their states and their events. Tasks are run by a scheduler outside."""

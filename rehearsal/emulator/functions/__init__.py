"""Runs Lambda functions for real, in child processes of Node."""

"""Selective reporting without the joint model: bounds, checks, older estimators."""

"""Lessons and quizzes written on the hub: drafts, their parts, and how they come onto the shelf.

A draft belongs to this hub alone: one row with all that was typed, and its pictures and sounds as files beside the
records. What is published is an ordinary package that comes onto the shelf through the same door as any other. See
docs/decisions/0031-writing-on-the-hub.md.
"""

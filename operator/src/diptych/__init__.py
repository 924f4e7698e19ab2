"""Diptych: does version B of a training framework behave like version A?"""

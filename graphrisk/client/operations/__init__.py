"""Operations, by what they are about.

Written by ``make docs``.
"""

"""What people look at: lists and circuits with values, the page that plays backprop, numeric checks, notebooks.

Every view is made of the Wengert list and of what was derived from it, run line by line (`play.py`).
"""

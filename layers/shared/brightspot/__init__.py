"""Brightspot: how good is this address as the site of a child-care centre, and why?"""

VERSION = "0.1.0"

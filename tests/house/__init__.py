"""Does the house stand as CONTRIBUTING says: imports, wheel, locks?"""

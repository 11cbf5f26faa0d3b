"""How is a fact stored so that nobody can quietly change it?"""

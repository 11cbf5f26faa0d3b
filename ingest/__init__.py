"""How do people's words, sheets and messages become commands?"""

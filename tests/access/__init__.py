"""Who may see what, and who looked?"""

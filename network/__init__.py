"""Who is tied to whom, through whom, and around which places?"""

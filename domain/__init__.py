"""What may be recorded about a child's safety, and by which rules?"""

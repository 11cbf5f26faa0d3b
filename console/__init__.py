"""How do the questions and answers appear in a terminal?"""

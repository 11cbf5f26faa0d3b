"""Access: who may see and do what, who is signed in, and the rules behind both."""

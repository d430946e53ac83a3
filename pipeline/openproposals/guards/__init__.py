"""What a stranger's input may not do: name a file that is none, eat the machine, or speak to the reader's terminal.

In: paths, bytes and texts from outside. Out: the same, read, bounded or made harmless; or an error in one sentence.
"""

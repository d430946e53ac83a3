"""The commands, a module for each thing one comes for; each calls one stage, prints and exits."""

"""The command line: translate, call a service, render."""

"""What must agree inside a mapping. Only the child process of `roles.lint` imports this."""

# The tests' mocks of the time provider: tests do not wait.

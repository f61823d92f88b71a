"""The value flow: which values reach which expression, through calls, returns, tests and subscripts."""

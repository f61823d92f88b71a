"""Words and rules of code intelligence: pure, standard library only, no input or output, no clock, no logging."""

(call) @reference.call
(type (_) @value) @reference.type

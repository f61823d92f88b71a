(type_annotation (_) @value) @reference.type
(type_arguments (_) @value) @reference.type
(as_expression (_) . (_) @value) @reference.type
(constraint (_) @value) @reference.type
(type_alias_declaration value: (_) @value @reference.type)

; decorators of parameters, which are no definitions
(required_parameter decorator: (decorator (_) @callee) @reference.call)
(optional_parameter decorator: (decorator (_) @callee) @reference.call)

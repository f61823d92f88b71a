(jsx_expression (_) @value) @reference.read
(jsx_opening_element name: (identifier) @value) @reference.read
(jsx_self_closing_element name: (identifier) @value) @reference.read

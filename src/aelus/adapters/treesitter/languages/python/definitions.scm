(function_definition name: (identifier) @name parameters: (parameters) @parameters return_type: (_)? @type body: (block) @body) @definition.function

(class_definition name: (identifier) @name superclasses: (argument_list)? @bases body: (block) @body) @definition.class

(lambda parameters: (_)? @parameters body: (_) @body) @definition.lambda

(list_comprehension) @scope
(set_comprehension) @scope
(dictionary_comprehension) @scope
(generator_expression) @scope
